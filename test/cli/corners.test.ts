/** One run of the compiled command over a project of unusual files and calls, and a second that changes nothing. */
import { mkdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/9-report/report-schema.js';
import type { ProjectFolder } from '../support/project-folder.js';
import { runCommand, type CommandRun } from '../support/run-command.js';
import { smallFiles, smallProject } from '../support/small-project.js';

const head = `import { sql } from 'drizzle-orm';\nimport { db, pool } from './db.js';\n\n`;
const files: Readonly<Record<string, string>> = {
  'schema.sql': `
    SET check_function_bodies = off;
    CREATE TABLE accounts (id integer PRIMARY KEY, owner text NOT NULL, balance integer NOT NULL DEFAULT 0);
    CREATE TABLE "Übersicht" (id integer PRIMARY KEY, "größe" text);
    CREATE FUNCTION rename_account(p_id integer, p_owner text) RETURNS void LANGUAGE sql AS $$
      UPDATE accounts SET owner = p_owner WHERE id = p_id $$;
    CREATE FUNCTION owners() RETURNS SETOF text LANGUAGE sql AS $$ SELECT owner FROM accounts ORDER BY id $$;
    CREATE FUNCTION "Größe ""neu"" setzen"(p_id integer, p_text text) RETURNS void LANGUAGE sql AS $$
      UPDATE "Übersicht" SET "größe" = p_text WHERE id = p_id $$;
    CREATE FUNCTION lying(p_id integer) RETURNS void STABLE LANGUAGE sql AS $$
      DELETE FROM accounts WHERE id = p_id $$;
    CREATE FUNCTION locking(p_id integer) RETURNS SETOF text STABLE LANGUAGE plpgsql AS $$
      BEGIN RETURN QUERY SELECT owner FROM accounts WHERE id = p_id FOR UPDATE; END $$;
    CREATE FUNCTION broken(p_id integer) RETURNS void LANGUAGE sql AS $$ UPDAT accounts SET owner = '' $$;`,
  'tsconfig.json': smallFiles['tsconfig.json'].replace('"strict":true', '"strict":true,"allowJs":true'),
  'src/schema.ts': `${smallFiles['src/schema.ts']}
export const overview = pgTable('Übersicht', { id: integer('id').primaryKey(), size: text('größe') });
`,
  'src/windows.ts':
    "\uFEFFimport { sql } from 'drizzle-orm';\r\nimport { db } from './db.js';\r\n\r\n// keep me\r\n" +
    "export async function w(id: number) {\r\n\tawait db.execute(sql`SELECT rename_account(${id}, ${'x'})`);\r\n}\r\n",
  'src/plain.js': `import { sql } from 'drizzle-orm';
import { db } from './db.js';

export async function j(id) {
  await db.execute(sql\`SELECT rename_account(\${id}, \${'x'})\`);
}
`,
  'src/common.cjs': `'use strict';
const { sql } = require('drizzle-orm');
const { db } = require('./client.cjs');

exports.c = async (id) => {
  await db.execute(sql\`SELECT rename_account(\${id}, \${'x'})\`);
};
`,
  'src/client.cjs': `const { drizzle } = require('drizzle-orm/node-postgres');
const db = drizzle('postgres://localhost/none');
module.exports = { db };
`,
  'src/page.tsx': `${head}export async function page(id: number) {
  await db.execute(sql\`SELECT rename_account(\${id}, \${'x'})\`);
}
`,
  'src/names.ts': `${head}export async function größe(id: number, texte: string) {
  await db.execute(sql\`SELECT "Größe ""neu"" setzen"(\${id}, \${texte})\`);
}
`,
  'src/shared.ts': `${head}export async function owners() {
  const { rows } = await db.execute(sql\`SELECT * FROM owners()\`);
  return rows;
}

export async function rename(id: number) {
  await db.execute(sql\`SELECT rename_account(\${id}, \${'x'})\`);
}
`,
  'src/hands-on.ts': `export { owners } from './shared.js';\n`,
  'src/caller.ts': `import { owners } from './hands-on.js';

export async function all(): Promise<number[]> {
  const rows = await owners();
  return rows.map((row) => row.anything as number);
}
`,
  'src/pooled.ts': `${head}export async function pooled(id: number) {
  await pool.query('SELECT rename_account($1, $2)', [id, 'x']);
}
`,
  'src/refused.ts': `${head}export async function refused(id: number) {
  await db.execute(sql\`SELECT lying(\${id})\`);
  await db.execute(sql\`SELECT * FROM locking(\${id})\`);
  await db.execute(sql\`SELECT broken(\${id})\`);
  await db.execute(sql\`SELECT renam_acount(\${id})\`);
  await db.execute(sql\`SELECT rename_account(\${id})\`);
  await db.execute(sql\`SELECT rename_account(\${id}, \${'x'}\`);
}
`,
  'test/pooled.test.ts': `import { pooled } from '../src/pooled.js';\nvoid pooled;\n`,
  'src/mocks.spec.ts': `vi.mock('./db.js', () => ({ db: { execute: vi.fn() } }));\n`,
  'test/apart.test.ts': `import { accounts } from '../src/schema.js';\nvoid accounts;\n`,
};

let project: ProjectFolder;
let first: CommandRun;
let second: CommandRun;
let report: Report;
let afterFirst: Readonly<Record<string, string>>;
const inside = 'my projekt é';
const text = (name: string): string => readFileSync(project.path(join(inside, name)), 'utf8');
const names = Object.keys({ ...smallFiles, ...files });
const args = (reportFile: string): readonly string[] => [
  ...[
    '--db',
    `${inside}/schema.sql`,
    '--yes',
    '--no-prove',
    '--client',
    'db@linked/src/db.ts',
    '--report',
    reportFile,
    'linked/src',
  ],
];

beforeAll(async () => {
  project = smallProject(files);
  mkdirSync(project.path(inside));
  for (const entry of ['src', 'test', 'package.json', 'tsconfig.json', 'schema.sql', 'node_modules']) {
    renameSync(project.path(entry), project.path(join(inside, entry)));
  }
  symlinkSync(inside, project.path('linked'));
  first = await runCommand(args('first.json'), { cwd: project.root });
  report = JSON.parse(readFileSync(project.path('first.json'), 'utf8')) as Report;
  afterFirst = Object.fromEntries(names.map((name) => [name, text(name)]));
  second = await runCommand(args('second.json'), { cwd: project.root });
}, 400_000);
afterAll(() => project.remove());

/** Status and reason of the calls of a file, in their order. */
const statuses = (file: string): readonly string[] =>
  report.call_sites
    .filter((site) => site.file === `linked/src/${file}`)
    .map(({ status, reason }) => (reason === null ? status : `${status} ${reason}`));

describe('a project with a space, an accent and a link in its path', () => {
  it('is rewritten, and every call is counted once', () => {
    expect([first.code, first.stderr.includes('bug:')]).toEqual([1, false]);
    const { summary } = report;
    expect(summary.call_sites).toBe(15);
    expect(summary.rewritten + summary.kept + summary.unresolved).toBe(15);
    expect(text('src/service.ts')).toContain('db.update(accounts).set({ owner })');
  });

  it('keeps byte order mark, CRLF, tabs and comments', () => {
    expect(text('src/windows.ts')).toBe(
      "\uFEFFimport { eq } from 'drizzle-orm';\r\nimport { db } from './db.js';\r\nimport { accounts } from './schema.js';\r\n\r\n// keep me\r\n" +
        "export async function w(id: number) {\r\n\tawait db.update(accounts).set({ owner: 'x' }).where(eq(accounts.id, id));\r\n}\r\n",
    );
  });

  it('writes JavaScript into a .js file and leaves .tsx in its form', () => {
    expect(statuses('plain.js')).toEqual(['rewritten']);
    expect(text('src/plain.js')).toMatch(/import \{ accounts \} from '\.\/schema\.js';/);
    expect(text('src/plain.js')).not.toContain('sql<');
    expect(statuses('page.tsx')).toEqual(['rewritten']);
  });

  it('makes no CommonJS file require an ES module', () => {
    expect(statuses('common.cjs')).toEqual(['kept type-error: TS1479']);
    expect(text('src/common.cjs')).toBe(files['src/common.cjs']);
  });

  it('knows names with quotes, spaces and letters beyond ASCII', () => {
    expect(statuses('names.ts')).toEqual(['rewritten']);
    expect(text('src/names.ts')).toContain('db.update(overview).set({ size: texte })');
  });

  it('keeps the one call whose new type would break a caller two files away', () => {
    expect(statuses('shared.ts')).toEqual(['kept type-error: TS2339', 'rewritten']);
    const kept = report.call_sites.find(({ file, status }) => /shared/.test(file) && status === 'kept');
    expect(kept?.explanation?.detail).toContain('line 5 of src/caller.ts');
  });

  it('names the error that a pool.query call gave in another form', () => {
    expect(statuses('pooled.ts')).toEqual(['rewritten']);
    const hazards = report.routines.find(({ name }) => name === 'rename_account')?.hazards ?? [];
    expect(hazards.find(({ rule }) => rule === 'error-shape')?.message).toContain('error.cause.code');
  });

  it('refuses by name what fails today or cannot be read', () => {
    expect(statuses('refused.ts')).toEqual([
      'kept unsupported: DELETE in a function marked STABLE',
      'kept unsupported: SELECT with a lock in a function marked STABLE',
      'kept body-parse-error',
      'unresolved routine-not-found',
      'unresolved routine-not-found',
      'unresolved call-parse-error',
    ]);
    expect(text('src/refused.ts')).toBe(files['src/refused.ts']);
  });

  it('lists the tests that use a rewritten file or stand in for the client, and no others', () => {
    expect(report.tests_to_look_at).toEqual(['linked/src/mocks.spec.ts', 'linked/test/pooled.test.ts']);
  });

  it('is not changed by a second run', () => {
    expect(second.code).toBe(1);
    expect(Object.fromEntries(names.map((name) => [name, text(name)]))).toEqual(afterFirst);
    expect(second.stdout).toContain('Nothing was written.');
  });
});
