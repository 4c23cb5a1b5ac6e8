/** The form of a loop as one statement: proven by itself, offered in the review, named in the report. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildReport } from '../src/9-report/build-report.js';
import { assembleParts } from '../src/pipeline/assemble-parts.js';
import { withForm } from '../src/pipeline/site-state.js';
import { fixturesFolder } from './support/rule-fixtures.js';
import { planFixture } from './support/translate-fixture.js';

describe('a loop that one statement does the same as', () => {
  it('is offered with its own proof, and --yes takes the loop', async () => {
    const { state, items, report } = await planFixture(folderOf('only-step'), 'run');
    const [proposal] = state.proven.proposals;
    if (proposal === undefined) throw new Error('nothing was rewritten');
    const [form, ...others] = proposal.alternatives ?? [];
    expect(others).toEqual([]);
    expect(form).toMatchObject({ name: 'one statement for the loop', difference: null });
    expect(form?.evidence).toMatchObject({ status: 'partial', notCompared: ['locks'], difference: null });
    expect(form?.evidence?.cases).toBeGreaterThan(5);
    expect(form?.evidence?.branchesHit).toBe(form?.evidence?.branches);

    expect(moduleOf([proposal])).toContain('for (const account of accountRows)');
    const taken = moduleOf([withForm(proposal, 0)]);
    expect(taken).not.toContain('for (');
    expect(taken).toContain('.update(accounts)');
    expect(taken).toContain('.from(acc)');
    expect(items[0]?.alternatives[0]?.proof).toEqual(form?.evidence);

    const [site] = buildReport(report).call_sites;
    expect(site?.diff).toContain('for (const account of accountRows)');
    expect(site?.other_forms).toMatchObject([
      { name: 'one statement for the loop', difference: null, proof: { status: 'partial' } },
    ]);
  }, 180_000);

  it('is not offered without a proof', async () => {
    const { state, report } = await planFixture(folderOf('only-step'), 'off');
    expect(state.proven.proposals.map(({ alternatives }) => alternatives)).toEqual([[]]);
    expect(buildReport(report).call_sites[0]?.other_forms).toBeUndefined();
  }, 180_000);
});

function folderOf(name: string): string {
  return join(fixturesFolder, 'rules', 'set-based-loop', name);
}

function moduleOf(proposals: Parameters<typeof assembleParts>[0]): string {
  return assembleParts(proposals).find(({ path }) => path.endsWith('settle-all.ts'))?.after ?? '';
}
