import { beforeAll, describe, expect, test } from 'vitest';
import type { Routine } from '../../../src/1-read/catalog.js';
import { utilityAsQuery } from '../../../src/3-parse/utility-as-query.js';
import { loadSqlParser } from '../../../src/sql/load-sql-parser.js';

const routine = { volatility: 'volatile', configuration: ['work_mem=1MB'] } as unknown as Routine;

describe('a utility statement as a query', () => {
  beforeAll(() => loadSqlParser());

  test.each([
    ["SET LOCAL timezone TO 'UTC'", "select set_config('timezone', 'UTC', true)"],
    ["SET LOCAL TIME ZONE 'UTC'", "select set_config('timezone', 'UTC', true)"],
    ['SET LOCAL statement_timeout = 500', "select set_config('statement_timeout', '500', true)"],
    ['SET LOCAL seq_page_cost = 1.5', "select set_config('seq_page_cost', '1.5', true)"],
    ["SET LOCAL app.name = 'it''s'", "select set_config('app.name', 'it''s', true)"],
    ['SET LOCAL enable_seqscan = off', "select set_config('enable_seqscan', 'off', true)"],
    ['NOTIFY orders', "select pg_notify('orders', '')"],
    ["NOTIFY orders, 'new'", "select pg_notify('orders', 'new')"],
  ])('%s', (sql, query) => {
    expect(utilityAsQuery(sql, routine)).toBe(query);
  });

  test.each([
    ['of the session', "SET timezone TO 'UTC'"],
    ['of the role', 'SET LOCAL ROLE clerk'],
    ['of what names mean', "SET LOCAL search_path TO 'app'"],
    ['of the transaction', 'SET TRANSACTION READ ONLY'],
    ['of several values', 'SET LOCAL datestyle TO iso, dmy'],
    ['taken back', 'SET LOCAL timezone TO DEFAULT'],
    ["that the routine's own clause takes back", "SET LOCAL work_mem = '2MB'"],
    ['that is none', 'LISTEN orders'],
    ['of a plain statement', 'UPDATE t SET a = 1'],
  ])('none for a setting %s', (_what, sql) => {
    expect(utilityAsQuery(sql, routine)).toBeNull();
  });

  test('none in a routine that is not volatile, which PostgreSQL refuses', () => {
    expect(utilityAsQuery('NOTIFY orders', { ...routine, volatility: 'stable' })).toBeNull();
  });
});
