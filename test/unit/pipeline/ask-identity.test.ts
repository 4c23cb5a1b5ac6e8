import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { IdentityQuestion } from '../../../src/pipeline/ask-identity.js';
import { fixturesFolder } from '../../support/rule-fixtures.js';
import { planFixture } from '../../support/translate-fixture.js';

const folder = join(fixturesFolder, 'refusals', 'identity', 'no-context');

test('what is typed fills the argument', { timeout: 120_000 }, async () => {
  const asked: IdentityQuestion[] = [];
  const { report } = await planFixture(folder, 'off', {
    askIdentity(question) {
      asked.push(question);
      return Promise.resolve(` '11111111-1111-4111-8111-111111111111' `);
    },
  });
  expect(asked).toEqual([{ key: 'auth.uid()', places: ['input.ts:5'] }]);
  expect(report.callSites[0]).toMatchObject({ status: 'rewritable' });
  expect(report.callSites[0]?.diff).toContain(`eq(notes.authorId, '11111111-1111-4111-8111-111111111111')`);
});

test(
  'an empty answer leaves the call, and the report shows what it would become',
  { timeout: 120_000 },
  async () => {
    const { report } = await planFixture(folder, 'off', { askIdentity: () => Promise.resolve('') });
    const [site] = report.callSites;
    expect(site).toMatchObject({ status: 'kept', reason: { id: 'identity' } });
    expect(site?.reason?.detail).toContain(`context: { "auth.uid()": { expression: '…' } }`);
    expect(site?.diff).toContain('+    .where(and(eq(notes.id, id), eq(notes.authorId, sql`${userId}`)))');
  },
);
