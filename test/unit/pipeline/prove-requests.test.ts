import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fixturesFolder } from '../../support/rule-fixtures.js';
import { proveFixture } from '../../support/translate-fixture.js';

/** One of each kind of result; the run's own proof has as its old side the statement that PostgREST sends. */
const proven = ['rpc-answer/rows', 'rpc-answer/void', 'rpc-answer/several-steps', 'rpc-single/single'];

test.each(proven)('%s is proven', { timeout: 180_000 }, async (id) => {
  for (const evidence of await proveFixture(join(fixturesFolder, 'rules', id))) {
    expect(evidence.difference).toBeNull();
    expect(['proven', 'partial']).toContain(evidence.status);
  }
});
