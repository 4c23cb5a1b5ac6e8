import { expect, test } from 'vitest';
import { decodeArguments, encodeArguments } from '../../../src/7-prove/case-values.js';
import { compareOutcomes, findNoise, print } from '../../../src/7-prove/compare-outcomes.js';
import { representError, type Outcome } from '../../../src/7-prove/outcome.js';
import { represent } from '../../../src/7-prove/represent.js';
import { toEvidence } from '../../../src/7-prove/to-evidence.js';

const outcome = (value: unknown, rows: (string | null)[][] = []): Outcome => ({
  kind: 'value',
  shown: represent(value),
  tables: [{ name: 'public.t', columns: ['id', 'token'], rows }],
});
const none = { paths: new Set<string>(), columns: new Set<string>(), tables: new Set<string>() };

const unlike: readonly (readonly [string, unknown, unknown])[] = [
  ['number and text', 1, '1'],
  ['null and undefined', null, undefined],
  ['0 and -0', 0, -0],
  ['NaN and null', NaN, null],
  ['bigint and number', 1n, 1],
  ['Date and text', new Date(0), '1970-01-01T00:00:00.000Z'],
  ['undefined and a missing key', { a: undefined }, {}],
  ['null and a missing key', { a: null }, {}],
  ['two orders', [1, 2], [2, 1]],
  ['no rows and null', [], null],
  ['Map and object', new Map([['a', 1]]), { a: 1 }],
  ['bytes and text', Buffer.from('a'), 'a'],
  ['a class and an object', Object.assign(new (class Row {})(), { a: 1 }), { a: 1 }],
];

test.each(unlike)('%s differ', (_name, a, b) => {
  expect(compareOutcomes(outcome(a), outcome(b), none)).not.toBeNull();
  expect(compareOutcomes(outcome(a), outcome(a), none)).toBeNull();
});

test('the path of a difference is named', () => {
  const difference = compareOutcomes(outcome([{ a: { b: 1 } }]), outcome([{ a: { b: '1' } }]), none);
  expect(difference?.summary).toBe('the value differs at [0].a.b');
  expect(difference?.before).toBe('[{ a: { b: 1 } }]');
});

test('noise of the old side is masked, and only that', () => {
  const first = outcome({ id: 1, token: 'x' }, [['1', 'x']]);
  const noise = findNoise(first, outcome({ id: 1, token: 'y' }, [['1', 'y']]));
  expect([...noise.paths]).toEqual(['token']);
  expect([...noise.columns]).toEqual(['public.t.token']);
  expect(compareOutcomes(first, outcome({ id: 1, token: 'z' }, [['1', 'z']]), noise)).toBeNull();
  expect(compareOutcomes(first, outcome({ id: 2, token: 'z' }, [['1', 'z']]), noise)?.summary).toContain(
    'id',
  );
  expect(compareOutcomes(first, outcome({ id: 1, token: 'z' }, [['2', 'z']]), noise)?.summary).toBe(
    'rows of public.t differ',
  );
  expect(compareOutcomes(first, outcome({ id: 1, token: 'z' }, [['1', null]]), noise)).not.toBeNull();
});

test('lost, added and doubled rows are shown', () => {
  const difference = compareOutcomes(
    outcome(1, [
      ['1', 'a'],
      ['2', 'b'],
    ]),
    outcome(1, [
      ['1', 'a'],
      ['1', 'a'],
    ]),
    none,
  );
  expect(difference).toMatchObject({ before: '{ id: 2, token: b }', after: '{ id: 1, token: a }' });
});

test('a Drizzle error is compared by its cause, another by its message', () => {
  class DrizzleQueryError extends Error {}
  const wrap = (message: string, text: string): unknown =>
    representError(
      new DrizzleQueryError(text, { cause: Object.assign(new Error(message), { code: '23505', hint: 'h' }) }),
    );
  expect(wrap('m', 'select 1')).toEqual(wrap('m', 'select 2'));
  expect(wrap('m', 'select 1')).not.toEqual(wrap('n', 'select 1'));
  expect(print(representError(new TypeError('x')))).toBe('TypeError { message: "x" }');
  expect(print(representError('text'))).toBe('thrown("text")');
});

test('arguments survive as JSON', () => {
  const value = { a: [new Date(0), 5n, NaN, -0, undefined, null], b: { c: 'x' } };
  expect(decodeArguments(JSON.parse(JSON.stringify(encodeArguments(value))))).toEqual(value);
});

test('evidence never says proven while something is not compared', () => {
  const same = {
    status: 'same',
    cases: 4,
    outcomes: 3,
    difference: null,
    notes: ['x varies by itself'],
    reason: null,
    branches: null,
  } as const;
  expect(toEvidence(same, { locks: true, notifies: false })).toMatchObject({
    status: 'partial',
    cases: 4,
    notCompared: ['locks', 'branches not counted', 'x varies by itself'],
  });
  const branches = { all: 2, taken: 1, missing: ['line 3: IF true'] };
  const quiet = { ...same, notes: [] };
  expect(toEvidence({ ...quiet, branches }, { locks: false, notifies: false })).toMatchObject({
    status: 'partial',
    branchesHit: 1,
    branches: 2,
    notCompared: ['branch not taken: line 3: IF true'],
  });
  const all = { all: 2, taken: 2, missing: [] };
  expect(toEvidence({ ...quiet, branches: all }, { locks: false, notifies: false })).toMatchObject({
    status: 'proven',
    notCompared: [],
  });
  expect(toEvidence({ ...same, outcomes: 1 }, { locks: false, notifies: true }).notCompared).toContain(
    'all cases gave the same result',
  );
  expect(
    toEvidence({ ...same, status: 'not_run', reason: 'time limit' }, { locks: false, notifies: false }),
  ).toMatchObject({ status: 'not_run', reason: 'time limit', notCompared: [] });
});
