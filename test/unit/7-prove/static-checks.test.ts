import { expect, test } from 'vitest';
import type { Select } from '../../../src/3-parse/statement.js';
import { bodyFacts } from '../../../src/7-prove/body-facts.js';
import { outerClientInTransaction, staticChecks } from '../../../src/7-prove/static-checks.js';

const select = (part: Partial<Select>): Select => ({
  kind: 'select',
  sql: '',
  line: 1,
  columns: null,
  with: [],
  recursive: false,
  distinct: null,
  targets: [],
  from: [],
  where: null,
  groupBy: [],
  groupingSets: null,
  having: null,
  windows: [],
  orderBy: [],
  limit: null,
  withTies: false,
  offset: null,
  locking: [],
  setOperation: null,
  values: null,
  ...part,
});
const skip = select({ locking: [{ strength: 'update', of: [], wait: 'skip locked' }] });
const column = { kind: 'column', range: 1, column: 'id', notNull: true, excluded: false, type: 23 } as const;
const ordered = select({
  orderBy: [{ expression: column, direction: 'asc', nulls: 'last', explicitNulls: false }],
});

test.each([
  ['select "id" from "jobs" limit 1 for update skip locked', null],
  [
    'update "jobs" set "s" = $1 where "id" in (select "id" from "jobs" for update of "jobs" skip locked) returning "id"',
    null,
  ],
  ['select "id" from "jobs" for update', 'the lock clauses differ'],
  ['select "id" from "jobs" for no key update skip locked', 'the lock clauses differ'],
  ['select "id" from "jobs"', 'the lock clauses differ'],
  [`select "id" from "jobs" where "x" = ' for update skip locked'`, 'the lock clauses differ'],
])('SKIP LOCKED against %s', (sql, summary) => {
  expect(staticChecks(skip, [sql])?.summary ?? null).toBe(summary);
});

test('a lost ORDER BY is seen, a lock that nobody asked for too', () => {
  expect(staticChecks(ordered, ['select "id" from "jobs" order by "id"'])).toBeNull();
  expect(staticChecks(ordered, ['select "id" from "jobs"'])?.summary).toBe('ORDER BY is lost');
  expect(staticChecks(select({}), ['select "id" from "jobs" for share'])?.summary).toBe(
    'the lock clauses differ',
  );
});

test.each([
  ['await db.transaction(async (tx) => { await tx.update(a); });\nawait db.select();', 'db', null],
  [
    'await db.transaction(async (tx) => { await db.update(a); });',
    'db',
    'the outer client is used inside a transaction',
  ],
  [
    'await executeTransaction((tx) => f(tx, this.db.$count(a)))',
    'this.db',
    'the outer client is used inside a transaction',
  ],
  ['await tx.transaction(async (tx) => { await tx.update(a); })', 'tx', null],
])('%s', (code, executor, summary) => {
  expect(outerClientInTransaction(code, executor)?.summary ?? null).toBe(summary);
});

test('facts of a statement: tables, literals, columns of parameters, locks', () => {
  const statement = select({
    from: [
      {
        kind: 'table',
        range: 1,
        schema: 'public',
        table: 'jobs',
        oid: 77,
        relationKind: 'table',
        alias: 'jobs',
        aliased: false,
      },
    ],
    where: {
      kind: 'and',
      type: 16,
      operands: [
        {
          kind: 'operator',
          operator: '=',
          type: 16,
          left: column,
          right: {
            kind: 'cast',
            typeName: 'int',
            type: 23,
            operand: { kind: 'parameter', position: 2, name: 'p_id', type: 23, inferred: 23, path: [] },
          },
        },
        {
          kind: 'in-list',
          type: 16,
          negated: false,
          operand: { ...column, column: 'status' },
          items: [{ kind: 'literal', literal: 'string', text: 'open', type: 25 }],
        },
      ],
    },
  });
  const facts = bodyFacts(statement);
  expect(facts).toMatchObject({ relations: [77], locks: false, notifies: false });
  expect([...facts.parameterColumns]).toEqual([[2, ['77.id']]]);
  expect([...facts.columnLiterals]).toEqual([['77.status', ['open']]]);
  expect(bodyFacts(skip).locks).toBe(true);
});
