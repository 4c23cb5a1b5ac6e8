import { expect, test } from 'vitest';
import { prettierDefaults } from '../../../src/6-rewrite/file-style.js';
import { applyEdits } from '../../../src/6-rewrite/apply-edits.js';
import { joinArms, type PlannedArm } from '../../../src/6-rewrite/join-arms.js';
import type { SitePlan } from '../../../src/6-rewrite/site-plan.js';

const text = `const { data } = await supabase.rpc(up ? 'open' : 'close', { id });\n`;
const span = { start: text.indexOf('supabase'), end: text.indexOf(';') };

function planOf(index: number, put: string, others: SitePlan['edits'] = []): SitePlan {
  const arm: PlannedArm = {
    span,
    index,
    conditions: ['up'],
    kept: [`supabase.rpc('open', { id })`, `supabase.rpc('close', { id })`],
    enclosed: true,
    indent: '  ',
  };
  const edits = [...others, { ...span, text: put }];
  return { siteId: String(index), file: '/a.ts', edits, imports: [], modules: [], mayBecomeUnused: [], arm };
}

const joined = (...plans: readonly SitePlan[]): string =>
  applyEdits(text, joinArms(plans, text, prettierDefaults));

test('what is planned for each name is a branch', () => {
  expect(joined(planOf(1, 'close(id)'), planOf(0, 'open(id)'))).toBe(
    'const { data } = await (up ? open(id) : close(id));\n',
  );
});

test('a name without a plan keeps its call', () => {
  expect(joined(planOf(0, 'open(id)'))).toBe(
    `const { data } = await (up ? open(id) : supabase.rpc('close', { id }));\n`,
  );
  expect(joined(planOf(1, 'attempt(() => routines.closeOrder(db, { id }))'))).toBe(
    `const { data } = await (up
  ? supabase.rpc('open', { id })
  : attempt(() => routines.closeOrder(db, { id })));\n`,
  );
});

test('other edits of a site stay as they are', () => {
  const other = { start: 0, end: 5, text: 'let' };
  expect(joined(planOf(0, 'open(id)', [other]), planOf(1, 'close(id)'))).toBe(
    'let { data } = await (up ? open(id) : close(id));\n',
  );
});
