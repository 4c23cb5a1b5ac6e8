/** Calls inside larger statements are proven as others are: branches counted, inputs searched for. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fixturesFolder } from '../../support/rule-fixtures.js';
import { proveFixture } from '../../support/translate-fixture.js';

const statuses = [
  ['embedded/select-list', 'proven', []],
  ['embedded/exists-in-where', 'proven', []],
  ['embedded/numbered', 'proven', []],
  ['embedded/lateral', 'proven', []],
  ['embedded-fragment/selected-field', 'proven', []],
  ['embedded-fragment/where-condition', 'proven', []],
  ['embedded-fragment/sort-key', 'proven', []],
  // The routine is STRICT, so that its COALESCE never meets the NULL that it is there for.
  ['embedded/strict', 'partial', ['branch not taken: line 2: COALESCE gives another']],
] as const;

test.each(statuses)('%s is %s', { timeout: 300_000 }, async (id, status, notCompared) => {
  const all = await proveFixture(join(fixturesFolder, 'rules', id));
  expect(all.length).toBeGreaterThan(0);
  for (const evidence of all) {
    expect(evidence).toMatchObject({ status, notCompared, difference: null });
    expect(evidence.branches).toBeGreaterThan(1);
  }
});
