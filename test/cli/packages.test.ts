/** Several packages in one run: each is judged by its own tsconfig, and they share what is generated. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProjectFolder } from '../support/project-folder.js';
import { runCommand, type CommandRun } from '../support/run-command.js';
import { smallFiles, smallProject, smallSql } from '../support/small-project.js';

const options = { strict: true, target: 'es2022', noEmit: true, skipLibCheck: true };
const nodeStyle = { ...options, module: 'nodenext', moduleResolution: 'nodenext' };
const tsconfig = (compilerOptions: object): string => JSON.stringify({ compilerOptions });
const manifest = (name: string, type?: string): string =>
  JSON.stringify({ name, ...(type ? { type } : {}), dependencies: { 'drizzle-orm': '*' } });

let project: ProjectFolder;
let run: CommandRun;
const text = (name: string): string => readFileSync(project.path(name), 'utf8');

beforeAll(async () => {
  project = smallProject({
    'package.json': JSON.stringify({ name: 'root', private: true, workspaces: ['packages/*'] }),
    'tsconfig.json': null,
    'src/service.ts': null,
    'src/db.ts': null,
    'src/schema.ts': null,
    'schema.sql': `${smallSql}
      CREATE FUNCTION move(p_id integer, p_by integer) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE accounts SET balance = balance + p_by WHERE id = p_id;
        UPDATE accounts SET balance = balance - p_by WHERE id <> p_id;
      END $$;
      CREATE FUNCTION sweep(p_id integer) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE accounts SET balance = 0 WHERE id = p_id;
        DELETE FROM accounts WHERE id = p_id;
      END $$;`,
    'packages/shared/package.json': manifest('shared', 'module'),
    'packages/shared/tsconfig.json': tsconfig(nodeStyle),
    'packages/shared/src/db.ts': smallFiles['src/db.ts'],
    'packages/shared/src/schema.ts': smallFiles['src/schema.ts'],
    'packages/a/package.json': manifest('a', 'module'),
    'packages/a/tsconfig.json': tsconfig({ ...nodeStyle, noUnusedLocals: true }),
    'packages/a/src/a.ts': `import { sql } from 'drizzle-orm';
import { db } from '../../shared/src/db.js';

export async function move(id: number | null): Promise<void> {
  await db.execute(sql\`SELECT move(\${id}, \${1})\`);
}
`,
    'packages/b/package.json': manifest('b'),
    'packages/b/tsconfig.json': tsconfig({ ...options, module: 'esnext', moduleResolution: 'bundler' }),
    'packages/b/src/b.ts': `import { sql } from 'drizzle-orm'
import { db } from '../../shared/src/db'

export async function rename(id: number): Promise<void> {
  await db.execute(sql\`SELECT rename_account(\${id}, \${'x'})\`)
}
export async function both(id: number): Promise<void> {
  await db.execute(sql\`SELECT move(\${id}, \${1})\`)
  await db.execute(sql\`SELECT sweep(\${id})\`)
}
`,
    'lone/script.ts': `import { sql } from 'drizzle-orm';
import { db } from '../packages/shared/src/db.js';

await db.execute(sql\`SELECT rename_account(\${1}, \${'x'})\`);
`,
  });
  const flags = ['--yes', '--skeletons', '--no-prove', '--placement', 'module'];
  run = await runCommand(['--db', 'schema.sql', ...flags, 'packages', 'lone'], { cwd: project.root });
}, 400_000);
afterAll(() => project.remove());

describe('a run over several packages', () => {
  it('rewrites the calls of all, also of a file outside of any package', () => {
    expect([run.code, run.stderr.includes('bug:')]).toEqual([0, false]);
    expect(run.stdout).toContain('5 calls of 3 routines in 3 files: 5 rewritten');
    expect(text('lone/script.ts')).toContain(`from '../packages/shared/src/schema.js';`);
  });

  it('names modules by the rules of the file that imports them', () => {
    expect(text('packages/a/src/a.ts')).toContain(`from '../../shared/src/routines/index.js';`);
    expect(text('packages/b/src/b.ts')).toMatch(/from '\.\.\/\.\.\/shared\/src\/routines'\n/);
    expect(text('packages/b/src/b.ts')).toContain(`from '../../shared/src/schema'\n`);
    expect(text('packages/shared/src/routines/index.ts')).toBe(
      `export { move } from './move.js';\nexport { sweep } from './sweep.js';\n`,
    );
    expect(text('packages/shared/src/routines/sweep.ts')).toContain(`from '../schema.js';`);
  });

  it('gives a shared module one form that fits the callers of all packages', () => {
    expect(text('packages/shared/src/routines/move.ts')).toContain('id: number | null');
  });
});
