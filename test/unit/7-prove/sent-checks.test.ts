import { expect, test } from 'vitest';
import type { Body } from '../../../src/3-parse/body.js';
import { breachOf, expectedEffects } from '../../../src/7-prove/sent-checks.js';

const loop = (orderBy: readonly unknown[], steps: readonly unknown[] = []): Body =>
  ({
    kind: 'plpgsql',
    variables: [],
    block: {
      kind: 'block',
      statements: [
        {
          kind: 'for-query',
          target: [],
          statement: {
            kind: 'select',
            sql: '',
            from: [{ kind: 'table', range: 1, table: 'jobs', oid: 7 }],
            orderBy,
            locking: [],
          },
          body: steps,
        },
      ],
    },
  }) as unknown as Body;
const key = { expression: { kind: 'column', range: 1, column: 'id' }, direction: 'asc' };
const sent = (sql: string) => [{ sql, inTransaction: false }];

test('the rows that a loop goes through come in its order', () => {
  const expected = expectedEffects(loop([key]));
  expect(breachOf(expected, sent('select "id" from "jobs" order by "jobs"."id"'))).toBeNull();
  expect(breachOf(expected, sent('select "id" from "jobs"'))).toBe('rows of jobs come in no order');
  expect(breachOf(expected, sent('select "id" from "other"'))).toBeNull();
  expect(breachOf(expected, sent('insert into "log" select "id" from "jobs"'))).toBeNull();
});

test('nothing is said of a loop without order, nor where a routine that is called may read the same table', () => {
  expect(breachOf(expectedEffects(loop([])), sent('select "id" from "jobs"'))).toBeNull();
  const calling = expectedEffects(loop([key], [{ kind: 'call', routine: 12, arguments: [] }]));
  expect(breachOf(calling, sent('select "id" from "jobs"'))).toBeNull();
});
