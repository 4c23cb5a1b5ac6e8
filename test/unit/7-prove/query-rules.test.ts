import { expect, test } from 'vitest';
import type { Statement } from '../../../src/3-parse/statement.js';
import { breachOfQueries, queryRules } from '../../../src/7-prove/query-rules.js';

const select = (given: object): object => ({
  kind: 'select',
  sql: '',
  from: [{ kind: 'table', range: 1, table: 'jobs', oid: 7 }],
  orderBy: [],
  locking: [],
  ...given,
});
const body = (...statements: object[]): Statement =>
  ({ kind: 'select', sql: '', from: [], orderBy: [], locking: [], with: statements }) as unknown as Statement;
const loop = (direction: 'asc' | 'desc'): object => ({
  kind: 'for-query',
  statement: select({ orderBy: [{ expression: { kind: 'column' }, direction }] }),
});
const breach = (root: Statement, sql: string): string | null => breachOfQueries(queryRules(root), [{ sql }]);

test('a loop goes through its rows in its own direction', () => {
  const root = body(loop('desc'));
  expect(breach(root, 'select "id" from "jobs" order by "jobs"."id" desc')).toBeNull();
  expect(breach(root, 'select "id" from "jobs" order by (case when a then 1 end) desc limit 3')).toBeNull();
  expect(breach(root, 'select "id" from "jobs" order by "jobs"."id"')).toBe(
    'rows of jobs come in another order',
  );
  expect(breach(root, 'select "id" from "jobs"')).toBe('rows of jobs come in no order');
  // More keys than the body has are another way to say it, and nothing is said of them.
  expect(breach(root, 'select "id" from "jobs" order by "jobs"."id", "jobs"."due"')).toBeNull();
});

test('a query that locks in the body locks when it is sent', () => {
  const root = body(select({ locking: [{ strength: 'update', wait: 'skip locked' }] }));
  expect(breach(root, 'select "id" from "jobs" where "id" = $1 for update of "jobs" skip locked')).toBeNull();
  expect(breach(root, 'select "id" from "jobs" where "id" = $1 for update')).toBe(
    'jobs is read without for update skip locked',
  );
  expect(breach(root, 'select "id" from "jobs" where "id" = $1')).toBe(
    'jobs is read without for update skip locked',
  );
  expect(breach(root, 'update "jobs" set "id" = $1')).toBeNull();
});

test('nothing is said of a table that the body reads in several ways', () => {
  const root = body(select({ locking: [{ strength: 'update', wait: 'block' }] }), select({}), loop('asc'));
  expect(queryRules(root)).toEqual([]);
});

test('groups that the body sorts are sorted when they are sent', () => {
  const orderBy = [{ expression: { kind: 'column' }, direction: 'asc' }];
  const groups = select({ orderBy, groupBy: [{ kind: 'column' }], distinct: null }) as unknown as Statement;
  expect(breach(groups, 'select "day", count(*) from "jobs" group by "day" order by "day" desc')).toBeNull();
  expect(breach(groups, 'select "day", (select 1 order by 1) from "jobs" group by "day"')).toBe(
    'rows of jobs come in no order',
  );
  expect(breach(groups, 'select "day" from "jobs" where "a" is distinct from $1 group by "day"')).toBe(
    'rows of jobs come in no order',
  );
  expect(queryRules(select({ orderBy, groupBy: [], distinct: null }) as unknown as Statement)).toEqual([]);
});
