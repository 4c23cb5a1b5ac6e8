import { expect, test } from 'vitest';
import type { Pair } from '../../../src/7-prove/pair.js';
import { openSearch } from '../../../src/7-prove/search-cases.js';
import { shrinkCase } from '../../../src/7-prove/shrink-case.js';

const pair = (seed: number): Pair => ({
  id: 'p',
  before: '',
  after: '',
  filename: '/x.ts',
  cases: [{ name: 'row 1', seed: [], rows: [{ label: 'r', inserts: ['a', 'b'] }], args: { a1: 1 } }],
  search: { seed, cases: 30, seconds: 60, arguments: { a1: [1, 2, 3, null] } },
});

function drawn(seed: number): readonly (string | null)[] {
  const search = openSearch(pair(seed));
  return Array.from({ length: 31 }, () => {
    const next = search.next();
    return next === null ? null : JSON.stringify(next);
  });
}

test('the same seed gives the same cases, another one others, and the budget ends it', () => {
  expect(drawn(1)).toEqual(drawn(1));
  expect(drawn(1)).not.toEqual(drawn(2));
  expect(drawn(1).at(-1)).toBeNull();
  expect(drawn(1).at(-2)).not.toBeNull();
});

test('rows that the difference does not need go, and arguments become plain', async () => {
  const rows = [0, 1, 2, 3, 4].map((position) => ({ table: 't', position }));
  const needed = ['OFFSET 1', 'OFFSET 4'];
  const small = await shrinkCase({ name: 'c', seed: [], args: { a: 99, b: 'long text' } }, rows, (trial) => {
    const gone = (trial.removed ?? []).join('\n');
    const { b } = trial.args as { b: string };
    return Promise.resolve(needed.every((text) => !gone.includes(text)) && b.length > 0);
  });
  expect(
    ['OFFSET 0', 'OFFSET 2', 'OFFSET 3'].every((text) => (small.removed ?? []).join().includes(text)),
  ).toBe(true);
  expect(needed.some((text) => (small.removed ?? []).join().includes(text))).toBe(false);
  expect(small.args).toEqual({ a: 0, b: 'a' });
});
