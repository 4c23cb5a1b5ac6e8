/** What is chosen on the command line or in the project's own client reaches the result. */
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Report } from '../../src/9-report/report-schema.js';
import type { ProjectFolder } from '../support/project-folder.js';
import { runCommand, type CommandRun } from '../support/run-command.js';
import { smallFiles, smallProject } from '../support/small-project.js';

let project: ProjectFolder;
let run: CommandRun;
let report: Report;
beforeAll(async () => {
  project = smallProject({
    'schema.sql': `
      CREATE TABLE accounts (id integer PRIMARY KEY, owner_name text NOT NULL);
      CREATE FUNCTION rename_account(p_id integer, p_owner text) RETURNS void LANGUAGE sql AS $$
        UPDATE accounts SET owner_name = p_owner WHERE id = p_id $$;
      CREATE FUNCTION swap(p_id integer) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
        UPDATE accounts SET owner_name = 'x' WHERE id = p_id;
        DELETE FROM accounts WHERE id <> p_id; END $$;
      CREATE FUNCTION drop_account(p_id integer) RETURNS void LANGUAGE sql AS $$
        DELETE FROM accounts WHERE id = p_id $$;`,
    'src/schema.ts': `import { integer, pgTable, text } from 'drizzle-orm/pg-core';
export const accounts = pgTable('accounts', { id: integer().primaryKey(), ownerName: text().notNull() });
`,
    'src/db.ts': smallFiles['src/db.ts'].replace('drizzle(pool)', `drizzle(pool, { casing: 'snake_case' })`),
    'src/more.ts': `import { sql } from 'drizzle-orm';
import { db } from './db.js';

export async function more(id: number): Promise<void> {
  await db.execute(sql\`SELECT swap(\${id})\`);
  await db.execute(sql\`SELECT drop_account(\${id})\`);
}
`,
  });
  const choices = ['--only', 'rename_account,public.swap', '--out', 'src/generated', '--placement', 'module'];
  run = await runCommand(
    ['--db', 'schema.sql', '--yes', '--skeletons', ...choices, '--report', 'r.json', 'src'],
    { cwd: project.root },
  );
  report = JSON.parse(readFileSync(project.path('r.json'), 'utf8')) as Report;
}, 200_000);
afterAll(() => project.remove());

it('proves with the casing of the client', () => {
  const routine = report.routines.find(({ name }) => name === 'rename_account');
  expect(routine?.proof).toMatchObject({ status: 'partial' });
  expect(readFileSync(project.path('src/service.ts'), 'utf8')).toContain('ownerName: owner');
});

it('puts generated modules into the folder of --out', () => {
  expect(existsSync(project.path('src/generated/swap.ts'))).toBe(true);
  expect(existsSync(project.path('src/routines'))).toBe(false);
  expect(readFileSync(project.path('src/more.ts'), 'utf8')).toContain(`from './generated/index.js'`);
});

it('leaves out what --only does not name, and says how many', () => {
  expect(run.code).toBe(0);
  expect(readFileSync(project.path('src/more.ts'), 'utf8')).toContain('SELECT drop_account(');
  expect(report.notes).toContain('Not counted, for --only or --skip leaves them out: 1 call.');
});
