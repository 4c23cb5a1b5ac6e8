import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixturesFolder } from '../../support/rule-fixtures.js';
import { proveFixture } from '../../support/translate-fixture.js';

describe('the proof of a fragment that a query builder takes', () => {
  it.each([
    ['a selected field', 'selected-field'],
    ['a sort key', 'sort-key'],
    ['an expression of a column and a value', 'expression'],
    ['columns of two tables', 'joined-tables'],
    ['a value alone', 'insert-values'],
  ])(
    'runs old and new of %s',
    async (_what, name) => {
      const [evidence] = await proveFixture(join(fixturesFolder, 'rules/embedded-fragment', name));
      expect(evidence?.difference).toBeNull();
      expect(evidence?.status).toMatch(/^(?:proven|partial)$/);
      expect(evidence?.cases).toBeGreaterThan(1);
    },
    180_000,
  );
});
