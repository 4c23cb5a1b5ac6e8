import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fixturesFolder, ruleFixtures } from '../../support/rule-fixtures.js';
import { isRequestFixture } from '../../support/request-fixture.js';
import { proveFixture } from '../../support/translate-fixture.js';

/** The run's own proof, whose old side is the statement that PostgREST sends. */
const fixtures = ruleFixtures().filter(({ input }) => isRequestFixture(input));

test.each(fixtures.map(({ id }) => id))('%s is proven', { timeout: 180_000 }, async (id) => {
  for (const evidence of await proveFixture(join(fixturesFolder, 'rules', id))) {
    expect(evidence.difference).toBeNull();
    expect(['proven', 'partial']).toContain(evidence.status);
  }
});
