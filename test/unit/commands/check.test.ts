/** Rules and severities, comments, baselines and `--changed`, on a small project. */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ProjectFolder, projectFolder } from '../../support/project-folder.js';
import { runCheck } from '../../support/run-check.js';
import { smallFiles } from '../../support/small-project.js';

const store = `import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';

export const pool = new pg.Pool({ max: 5, connectionTimeoutMillis: 1000 });
pool.on('error', console.error).on('connect', (client) => client.on('error', console.error));
export const db = drizzle(pool);
`;
const leaky = `import { db } from './db.js';
import { accounts } from './schema.js';

export async function clear(): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute('select 1');
    await db.select().from(accounts);
  });
}
`;
const late = `import { db } from './db.js';
import { accounts } from './schema.js';

export async function late(): Promise<void> {
  db.select().from(accounts);
}
`;

let project: ProjectFolder;
beforeAll(() => {
  project = projectFolder({
    'package.json': smallFiles['package.json'],
    'tsconfig.json': smallFiles['tsconfig.json'],
    'schema.sql': smallFiles['schema.sql'],
    'src/schema.ts': smallFiles['src/schema.ts'],
    'src/db.ts': store,
  });
});
beforeEach(() => {
  project.write('src/leaky.ts', leaky);
  rmSync(project.path('src/late.ts'), { force: true });
});
afterAll(() => project.remove());

const check = (flags: Readonly<Record<string, unknown>> = {}, config?: object) =>
  runCheck(project.root, { paths: ['src'], ...flags }, config);
const timeout = 180_000;

describe('settings', () => {
  it(
    'change a severity, and a warning is still a finding',
    async () => {
      const run = await check({}, { rules: { 'tx-outer-db': 'warning' } });
      expect(run).toMatchObject({ code: 1, found: ['tx-outer-db warning src/leaky.ts:7'] });
    },
    timeout,
  );

  it(
    'switch a rule off',
    async () => {
      expect(await check({}, { rules: { 'tx-outer-db': 'off' } })).toMatchObject({ code: 0, found: [] });
    },
    timeout,
  );
});

describe('comments', () => {
  it(
    'need a reason, and one of no use is found',
    async () => {
      const commented = (comment: string) =>
        leaky.replace('    await db.select', `    ${comment}\n    await db.select`);
      project.write('src/leaky.ts', commented('// migrate-rpc-ignore tx-outer-db'));
      expect((await check()).found).toEqual([
        'ignore-comment error src/leaky.ts:7',
        'tx-outer-db error src/leaky.ts:8',
      ]);
      project.write(
        'src/leaky.ts',
        commented('// migrate-rpc-ignore tx-outer-db: read beside the transaction'),
      );
      expect(await check()).toMatchObject({ code: 0, found: [] });
      project.write(
        'src/leaky.ts',
        commented('// migrate-rpc-ignore tx-outer-db: mended').replace('await db.s', 'await tx.s'),
      );
      expect((await check()).found).toEqual(['ignore-comment error src/leaky.ts:7']);
    },
    timeout,
  );
});

describe('a baseline', () => {
  it(
    'knows what moved, fails on what is new and drops what was mended',
    async () => {
      await check({ baseline: 'known.json', updateBaseline: true });
      project.write('src/leaky.ts', `// moved\n\n${leaky}`);
      project.write('src/late.ts', late);
      expect((await check({ baseline: 'known.json' })).found).toEqual([
        'query-not-awaited error src/late.ts:5',
      ]);
      project.write('src/leaky.ts', leaky.replace('await db.s', 'await tx.s'));
      await check({ baseline: 'known.json', updateBaseline: true });
      const { findings } = JSON.parse(readFileSync(project.path('known.json'), 'utf8')) as {
        findings: { rule: string }[];
      };
      expect(findings.map(({ rule }) => rule)).toEqual(['query-not-awaited']);
    },
    timeout,
  );

  it(
    'keeps what it accepts from being mended, also after another rule changed the file',
    async () => {
      project.write('src/leaky.ts', late);
      await check({ baseline: 'known.json', updateBaseline: true });
      const both = `${leaky}${late.split('\n').slice(2).join('\n')}`;
      project.write('src/leaky.ts', both);
      await check({ baseline: 'known.json', fix: true });
      expect(readFileSync(project.path('src/leaky.ts'), 'utf8')).toBe(
        both.replace('await db.s', 'await tx.s'),
      );
    },
    timeout,
  );
});

describe('--fix', () => {
  it(
    'takes back what does not type-check, and mends the rest',
    async () => {
      const text = `import { db } from './db.js';
import { accounts } from './schema.js';

export async function both(): Promise<void> {
  const started: PromiseLike<unknown> = db.delete(accounts).where(undefined);
  db.select().from(accounts);
}
`;
      project.write('src/leaky.ts', text);
      const run = await check({ fix: true });
      expect(readFileSync(project.path('src/leaky.ts'), 'utf8')).toBe(text.replace('  db.s', '  await db.s'));
      expect(run.err).toMatch(/line 5 is left: await-query would bring TS\d+, /);
      expect(run.err).toContain('1 file mended');
    },
    timeout,
  );
});

describe('--changed', () => {
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd: project.root });

  it('looks at what differs and what depends on it, and at all where all depend on it', async () => {
    git('init', '-q');
    git('add', 'src', 'package.json', 'tsconfig.json', 'schema.sql');
    git('commit', '-q', '-m', 'x');
    project.write('src/late.ts', late);
    const own = ['query-not-awaited error src/late.ts:5'];
    const all = [...own, 'tx-outer-db error src/leaky.ts:7'];
    expect((await check({ changed: 'HEAD' })).found).toEqual(own);
    expect((await check()).found).toEqual(all);
    project.write('src/db.ts', `${store}export const more = 1;\n`);
    expect((await check({ changed: 'HEAD' })).found).toEqual(all);
    project.write('src/db.ts', store);
    project.write('schema.sql', `${smallFiles['schema.sql']}\n-- more`);
    expect((await check({ changed: 'HEAD' })).found).toEqual(own);
    expect((await check({ changed: 'HEAD', db: 'schema.sql' })).found).toEqual(all);
    project.write('tsconfig.json', `${smallFiles['tsconfig.json']}\n`);
    expect((await check({ changed: 'HEAD' })).found).toEqual(all);
  }, 300_000);
});

describe('rights', () => {
  it(
    'are said not to be judged where the login may do anything',
    async () => {
      expect((await check({ db: 'schema.sql' })).err).toMatch(/not judged, since \w+ may do anything/);
      expect((await check()).err).not.toContain('not judged');
    },
    timeout,
  );
});
