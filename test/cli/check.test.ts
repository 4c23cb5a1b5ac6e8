/** `check` as a shell sees it: what is found, in which form, and with which exit code. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProjectFolder } from '../support/project-folder.js';
import { runCommand } from '../support/run-command.js';
import { smallFiles, smallProject } from '../support/small-project.js';

const leaky = `import { eq } from 'drizzle-orm';
import { db } from './db.js';
import { accounts } from './schema.js';

export async function close(id: number): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.update(accounts).set({ balance: 0 }).where(eq(accounts.id, id));
    await db.delete(accounts).where(eq(accounts.id, id));
  });
}
`;
const guarded = `import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';

export const pool = new pg.Pool({ max: 5, connectionTimeoutMillis: 1000 });
pool.on('error', console.error).on('connect', (client) => client.on('error', console.error));
export const db = drizzle(pool);
`;

let project: ProjectFolder;
beforeAll(() => {
  const files = Object.fromEntries(
    Object.keys(smallFiles)
      .filter((name) => /^src\/(?!db|schema)/.test(name))
      .map((name) => [name, null]),
  );
  project = smallProject({ ...files, 'src/db.ts': guarded, 'src/leaky.ts': leaky });
}, 180_000);
afterAll(() => project.remove());

const check = (...args: readonly string[]) => runCommand(['check', ...args], { cwd: project.root });
const path = (name: string) => project.path(name);

interface Answer {
  readonly version: number;
  readonly findings: readonly { rule: string; file: string; line: number; column: number }[];
}

describe('check', () => {
  it('finds, shows the code and ends with 1', async () => {
    const run = await check('src');
    expect(run.stderr).toBe('');
    expect(run.code).toBe(1);
    expect(run.stdout).toContain('src/leaky.ts');
    expect(run.stdout).toContain('> 8 |     await db.delete(accounts)');
    expect(run.stdout).toContain('1 finding in 1 file');
  }, 180_000);

  it('gives json on stdout alone, twice the same from the cache', async () => {
    const [first, second] = [await check('src', '--format', 'json'), await check('src', '--format', 'json')];
    const answer = JSON.parse(first.stdout) as Answer;
    expect(answer.findings.map(({ rule, file, line, column }) => [rule, file, line, column])).toEqual([
      ['tx-outer-db', 'src/leaky.ts', 8, 11],
    ]);
    expect(second.stdout).toBe(first.stdout);
  }, 180_000);

  it('sees a change behind an import although the file itself is known', async () => {
    writeFileSync(
      path('src/late.ts'),
      `import { step } from './step.js';\nimport { db } from './db.js';\n\nexport const run = () => db.transaction(async (tx) => step(tx));\n`,
    );
    const harmless = `import { db } from './db.js';\n\nexport const step = (tx: Pick<typeof db, 'execute'>) => tx.execute('select 1');\n`;
    writeFileSync(path('src/step.ts'), harmless);
    expect((await check('src/late.ts')).code).toBe(0);
    writeFileSync(path('src/step.ts'), harmless.replace('=> tx.execute', '=> db.execute'));
    const run = await check('src/late.ts');
    expect(run.stdout).toContain('`step` uses `db`');
    expect(run.code).toBe(1);
    writeFileSync(path('src/step.ts'), harmless);
  }, 180_000);

  it('accepts what the baseline holds, and no more', async () => {
    expect((await check('src', '--baseline', 'known.json')).code).toBe(2);
    expect((await check('src', '--baseline', 'known.json', '--update-baseline')).code).toBe(0);
    const accepted = await check('src', '--baseline', 'known.json');
    expect([accepted.code, accepted.stdout]).toEqual([
      0,
      expect.stringContaining('1 accepted by known.json'),
    ]);
    writeFileSync(path('src/leaky.ts'), `\n\n${leaky}\nexport const all = () => db.delete(accounts);\n`);
    const moved = await check('src', '--baseline', 'known.json', '--format', 'json');
    expect((JSON.parse(moved.stdout) as Answer).findings.map(({ rule }) => rule)).toEqual([
      'where-undefined',
    ]);
    writeFileSync(path('src/leaky.ts'), leaky.replace('await db.delete', 'await tx.delete'));
    const mended = await check('src', '--baseline', 'known.json');
    expect([mended.code, mended.stdout]).toEqual([0, expect.stringContaining('1 mended')]);
    await check('src', '--baseline', 'known.json', '--update-baseline');
    expect(JSON.parse(readFileSync(path('known.json'), 'utf8'))).toEqual({ version: 1, findings: [] });
    writeFileSync(path('src/leaky.ts'), leaky);
  }, 180_000);

  it('accepts a finding with a reason', async () => {
    const reason = '    // migrate-rpc-ignore tx-outer-db: a test of the pool\n    await db.delete';
    writeFileSync(path('src/leaky.ts'), leaky.replace('    await db.delete', reason));
    expect((await check('src')).code).toBe(0);
    writeFileSync(path('src/leaky.ts'), leaky);
  }, 180_000);

  it('takes severities from the configuration', async () => {
    writeFileSync(
      path('migrate-rpc.config.mjs'),
      `export default { check: { paths: ['src'], rules: { 'tx-outer-db': 'off' } } };\n`,
    );
    expect((await check()).code).toBe(0);
    writeFileSync(
      path('migrate-rpc.config.mjs'),
      `export default { check: { rules: { 'no-such-rule': 'off', 'eq-null': 'loud' } } };\n`,
    );
    const wrong = await check('src');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('check.rules.eq-null');
    rmSync(path('migrate-rpc.config.mjs'));
  }, 180_000);

  it('looks only at what changed since a commit, and at what depends on it', async () => {
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd: project.root });
    if (!existsSync(path('.git'))) git('init', '-q');
    git('add', 'src', 'package.json', 'tsconfig.json');
    git('commit', '-q', '-m', 'x');
    expect((await check('src', '--changed', 'HEAD')).code).toBe(0);
    writeFileSync(path('src/schema.ts'), `${smallFiles['src/schema.ts']}export const more = 1;\n`);
    expect((await check('src', '--changed', 'HEAD')).code).toBe(1);
    const unknown = await check('src', '--changed', 'no-such-ref');
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('no-such-ref')]);
  }, 180_000);

  it.each([
    [['src', '--format', 'xml'], 'must be one of'],
    [['nowhere'], 'nowhere'],
    [[], 'name at least one file or folder'],
    [['src', '--update-baseline'], 'needs --baseline'],
    [['src', '--db', 'x'], 'There is no file or folder x'],
    [['src', '--role', 'app'], '--role: needs --db'],
    [
      ['src', '--fix', '--baseline', 'b.json', '--update-baseline'],
      '--fix: does not go with --update-baseline',
    ],
  ])(
    'ends with 2 for %j',
    async (args, said) => {
      const run = await check(...args);
      expect([run.code, run.stderr]).toEqual([2, expect.stringContaining(said)]);
    },
    180_000,
  );
});
