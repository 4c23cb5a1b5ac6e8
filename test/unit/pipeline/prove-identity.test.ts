import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fixturesFolder } from '../../support/rule-fixtures.js';
import { planFixture } from '../../support/translate-fixture.js';

/** One of each thing that is read of the caller; the run's own proof makes the settings of its old side. */
const proven = [
  'identity-uid/select',
  'identity-uid/insert-default',
  'identity-called/function',
  'identity-claims/path',
  'identity-claims/whole',
  'identity-setting/required',
  'identity-role/current-user',
  'identity-rpc/rows',
];

test.each(proven)('%s is proven', { timeout: 240_000 }, async (id) => {
  const { state } = await planFixture(join(fixturesFolder, 'rules', id), 'run');
  const [proposal] = state.proven.proposals;
  expect(proposal?.evidence).toMatchObject({ difference: null, reason: null });
  expect(['proven', 'partial']).toContain(proposal?.evidence.status);
  expect(proposal?.draft.hazards.map(({ rule }) => rule)).toContain('identity');
});
