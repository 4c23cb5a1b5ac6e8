/** What a person may get wrong: each has a message that says what, where and what to do, and touches no file. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProjectFolder } from '../support/project-folder.js';
import { runCommand } from '../support/run-command.js';
import { smallFiles, smallProject } from '../support/small-project.js';

let project: ProjectFolder;
afterEach(() => project.remove());

interface BadInput {
  readonly name: string;
  readonly files?: Readonly<Record<string, string | null>>;
  /** In place of `--db schema.sql`. */
  readonly db?: string;
  /** In place of `src`. */
  readonly paths?: readonly string[];
  readonly said: readonly string[];
}

const cases: readonly BadInput[] = [
  {
    name: 'a tsconfig that does not load',
    files: { 'tsconfig.json': '{ "compilerOptions": { "strict": tru ' },
    said: ['tsconfig.json:1 does not load', 'npx tsc --showConfig'],
  },
  {
    name: 'a tsconfig that extends what is not there',
    files: { 'tsconfig.json': '{ "extends": "./nowhere.json" }' },
    said: ['tsconfig.json does not load', 'nowhere.json'],
  },
  {
    name: 'a file that does not parse',
    files: { 'src/torn.ts': `${smallFiles['src/service.ts']}export function torn(id: number {\n` },
    said: ['src/torn.ts:7:33 does not parse', 'Correct the file, or leave it out of the paths.'],
  },
  {
    name: 'a migrations folder whose third file fails',
    files: {
      'm/1.sql': 'CREATE TABLE a (id int);',
      'm/2.sql': 'CREATE TABLE b (id int);',
      'm/3.sql': 'CREATE TABLE c (id int);\nALTER TABLE nowhere ADD COLUMN x int;',
    },
    db: 'm',
    said: ['m/3.sql:2: PostgreSQL refuses the statement', '(42P01)', 'in the order in which they run?'],
  },
  {
    name: 'a routine name that the database does not have',
    paths: ['--only', 'rename', '--skip', 'public.nothing', 'src'],
    said: ['--only rename (there is rename_account)', '--skip public.nothing', 'name or schema.name'],
  },
  {
    name: 'a client that the file does not export',
    paths: ['--client', 'nope@src/db.ts', 'src'],
    said: ['exports no nope', 'It exports pool, db.'],
  },
  {
    name: 'a path that is not there',
    paths: ['srcs'],
    said: ['There is no file or folder srcs', 'Name the files or folders'],
  },
  {
    name: 'a server that is not there',
    db: 'postgres://u:se%3Acret@127.0.0.1:1/d',
    said: ['Nothing answers at 127.0.0.1:1/d', 'Check that the server runs'],
  },
  {
    name: 'a host that has no address',
    db: 'postgres://u:se%3Acret@nowhere.invalid/d',
    said: ['The host nowhere.invalid has no address', 'Check its spelling'],
  },
];

describe('what leaves with 2, a message and no file touched', () => {
  it.each(cases.map((one) => [one.name, one] as const))(
    '%s',
    async (_, { files = {}, db = 'schema.sql', paths = ['src'], said }) => {
      project = smallProject(files);
      const run = await runCommand(['--db', db, '--yes', '--no-prove', ...paths], { cwd: project.root });
      for (const part of said) expect(run.stderr).toContain(part);
      expect(run.code).toBe(2);
      expect(`${run.stdout}${run.stderr}`).not.toMatch(/se(:|%3A)cret|at \w+.*\.js:\d+/);
      expect(readFileSync(project.path('src/service.ts'), 'utf8')).toBe(smallFiles['src/service.ts']);
    },
    180_000,
  );

  it('a git tree with uncommitted changes, unless forced', async () => {
    project = smallProject({ '.gitignore': 'node_modules\n' });
    execFileSync('git', ['-C', project.root, 'init', '-q']);
    const args = ['--db', 'schema.sql', '--yes', '--no-prove', 'src'];
    const refused = await runCommand(args, { cwd: project.root });
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('uncommitted changes')]);
    expect(refused.stderr).toContain('src/service.ts');
    expect(readFileSync(project.path('src/service.ts'), 'utf8')).toBe(smallFiles['src/service.ts']);
    const forced = await runCommand([...args, '--force'], { cwd: project.root });
    expect(forced.code).toBe(0);
  }, 180_000);
});

describe('what is no obstacle but is said', () => {
  it.each([
    [
      'throws',
      `if (process.env.NEEDED === undefined) throw new Error('NEEDED is missing');`,
      'it threw: NEEDED',
    ],
    ['ends the process', `process.exit(3);`, 'it called process.exit(3)'],
  ])(
    'a schema module that %s is read from its source',
    async (_, line, said) => {
      const schema = smallFiles['src/schema.ts'];
      project = smallProject({ 'src/schema.ts': `${schema}\n${line}\n` });
      const args = ['--db', 'schema.sql', '--dry-run', '--no-prove', '--report', 'r.json', 'src'];
      const run = await runCommand(args, { cwd: project.root });
      const { notes } = JSON.parse(readFileSync(project.path('r.json'), 'utf8')) as { notes: string[] };
      expect(notes.join('\n')).toContain(said);
      expect([run.code, run.stdout]).toEqual([1, expect.stringContaining('1 rewritable')]);
    },
    180_000,
  );

  it('a project without a Drizzle client', async () => {
    project = smallProject({
      'src/db.ts': `import pg from 'pg';\nexport const pool = new pg.Pool({});\n`,
      'src/service.ts': `import { pool } from './db.js';
export async function rename(id: number) {
  await pool.query('SELECT rename_account($1, $2)', [id, 'x']);
}
`,
    });
    const run = await runCommand(['--db', 'schema.sql', '--dry-run', '--no-prove', 'src'], {
      cwd: project.root,
    });
    expect(run.stdout).toContain('kept: no-client');
    expect(run.stdout).toContain('as in `export const db = drizzle(pool)`');
    expect(run.stdout).toContain('What to do: Name one with --client name@path.');
    expect(run.code).toBe(1);
  }, 180_000);
});
