/** Hand edits of a whole plan: what is shown, what is taken, and the proof of what was written. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReviewItem } from '../../../src/8-review/review-item.js';
import { silentProgress } from '../../../src/io/progress.js';
import { resolveSource } from '../../../src/io/resolve-source.js';
import { buildOptions } from '../../../src/options.js';
import { editableText, editSite, planRun, applyPlan, type Plan } from '../../../src/pipeline.js';
import type { ProjectFolder } from '../../support/project-folder.js';
import { smallFiles, smallProject, smallSql } from '../../support/small-project.js';

const sql = `${smallSql}
CREATE FUNCTION pay(p_id integer, p_amount integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  v_left integer;
BEGIN
  SELECT balance - p_amount INTO v_left FROM accounts WHERE id = p_id FOR UPDATE;
  IF v_left < 0 THEN RAISE EXCEPTION 'not enough'; END IF;
  UPDATE accounts SET balance = v_left WHERE id = p_id;
  RETURN v_left;
END $$;
CREATE FUNCTION shout(p_owner text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT upper(p_owner) $$;
`;

const service = `import { sql } from 'drizzle-orm';
import { db } from './db.js';

export async function renameAccount(id: number, owner: string): Promise<void> {
  await db.execute(sql\`SELECT rename_account(\${id}, \${owner})\`);
}

export async function payOne(id: number): Promise<void> {
  await db.execute(sql\`SELECT pay(\${id}, 1)\`);
}

export async function payTwo(id: number): Promise<void> {
  await db.execute(sql\`SELECT pay(\${id}, 2)\`);
}

export async function loud(owner: string) {
  return db.execute(sql\`SELECT id, shout(owner) AS name FROM accounts WHERE owner = \${owner} ORDER BY id\`);
}
`;

const ports = { progress: silentProgress };

describe('an edit', { timeout: 300_000 }, () => {
  let project: ProjectFolder;
  let plan: Plan;

  beforeAll(async () => {
    project = smallProject({
      'schema.sql': sql,
      'src/service.ts': service,
      'src/db.ts': smallFiles['src/db.ts'],
    });
    const cwd = project.root;
    const options = buildOptions(
      [{ label: String, values: { db: 'schema.sql', dryRun: true, paths: ['src'] } }],
      { cwd, interactive: true, source: (db) => resolveSource(db, {}, cwd) },
    );
    plan = await planRun(options, ports);
  }, 300_000);
  afterAll(() => project.remove());

  const itemOf = (line: number, from: Plan = plan): ReviewItem => {
    const item = from.items.find((one) => one.line === line);
    if (item === undefined) throw new Error(`no item in line ${String(line)}`);
    return item;
  };
  const at = (line: number) => ({ siteId: itemOf(line).siteId, alternative: null });
  const textOf = async (line: number): Promise<string> => {
    const shown = await editableText(plan, at(line));
    if ('problem' in shown) throw new Error(shown.problem.join('\n'));
    return shown.text;
  };
  const edited = async (line: number, text: string): Promise<Plan> => {
    const next = await editSite(plan, at(line), text, ports);
    if ('problem' in next) throw new Error(next.problem.join('\n'));
    return next;
  };
  const problemOf = async (line: number, text: string): Promise<string> => {
    const next = await editSite(plan, at(line), text, ports);
    return 'problem' in next ? next.problem.join('\n') : 'taken';
  };

  it('starts from the expression with its imports', async () => {
    expect(await textOf(5)).toBe(
      `import { eq } from 'drizzle-orm';
import { accounts } from './schema.js';

db.update(accounts).set({ owner }).where(eq(accounts.id, id));
`,
    );
  });

  it('that does the same is proven as the text that was written', async () => {
    const text = (await textOf(5))
      .replace('eq }', 'and, eq, gte }')
      .replace('eq(accounts.id, id)', 'and(eq(accounts.id, id), gte(accounts.id, id))');
    const next = await edited(5, text);
    const item = itemOf(5, next);
    expect(item.edited).toBe(true);
    expect(item.proof).toMatchObject({ status: itemOf(5).proof.status, difference: null });
    expect(item.diff).toContain('+    .where(and(eq(accounts.id, id), gte(accounts.id, id)));');
    expect(item.diff).toContain("+import { and, eq, gte, sql } from 'drizzle-orm';");
    expect(next.report.callSites.find(({ line }) => line === 5)?.editedByHand?.status).toBe(
      item.proof.status,
    );
    expect(itemOf(9, next).edited).toBe(false);
  });

  it('that does another thing differs, with a counter-example', async () => {
    const next = await edited(
      5,
      (await textOf(5)).replace('eq }', 'gte }').replace('eq(accounts.id, id)', 'gte(accounts.id, id)'),
    );
    const { proof } = itemOf(5, next);
    expect(proof.status).toBe('differs');
    expect(proof.difference?.summary).toContain('rows of public.accounts differ');
    expect(proof.difference?.input).toContain('INSERT INTO');
    expect(next.report.callSites.find(({ line }) => line === 5)).toMatchObject({
      status: 'kept',
      reason: { id: 'proof-differs' },
    });
  });

  it.each([
    ['a syntax error', (text: string) => text.replace('.where(', '.where(('), /^line 4: /],
    [
      'a type error',
      (text: string) => text.replace('{ owner }', '{ owner: 1 }'),
      /^src\/service\.ts:\d+ TS2322 /,
    ],
    ['a column that is not there', (text: string) => text.replace('accounts.id', 'accounts.key'), /TS2339/],
    [
      'a name that nothing brings',
      (text: string) => text.replace('{ owner }', '{ owner: later }'),
      /`later` is no import/,
    ],
    ['another statement', (text: string) => `${text}if (id) {}\n`, /has to end with the expression/],
    ['nothing', () => '', /has to end with the expression/],
  ])('with %s is told and not taken', async (_name, change, problem) => {
    expect(await problemOf(5, change(await textOf(5)))).toMatch(problem);
  });

  it('of a function is one for all that call it', async () => {
    const text = await textOf(9);
    expect(text).toContain('export async function pay(');
    const same = await edited(9, text.replace(/\) \{\n/, ') {\n  // Locks the row first.\n'));
    for (const line of [9, 13]) {
      expect(itemOf(line, same)).toMatchObject({ edited: true, proof: { difference: null } });
      expect(itemOf(line, same).proof.status).toBe('partial');
      expect(itemOf(line, same).diff).toContain('+  // Locks the row first.');
    }
    const unlocked = await edited(9, text.replace(/\s*\.for\('update'\)/, ''));
    for (const line of [9, 13]) expect(itemOf(line, unlocked).proof.status).toBe('differs');
  });

  it('of a function leaves its signature', async () => {
    expect(await problemOf(9, (await textOf(9)).replace('amount: number', 'amount: string'))).toMatch(
      /have to stay/,
    );
  });

  it('of a call inside a larger statement is refused', async () => {
    expect(await editableText(plan, at(17))).toEqual({
      problem: [expect.stringContaining('larger statement') as string],
    });
  });

  it('is what is written', async () => {
    const text = (await textOf(5)).replace('{ owner }', '{ owner: owner }');
    const next = await edited(5, text);
    const report = await applyPlan(next, new Map([[at(5).siteId, 'apply']]));
    expect(report.callSites.find(({ line }) => line === 5)).toMatchObject({
      status: 'rewritten',
      editedByHand: {},
    });
    expect(readFileSync(project.path('src/service.ts'), 'utf8')).toContain('.set({ owner: owner })');
  });
});
