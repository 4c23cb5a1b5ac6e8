/** `check --fix` as a shell sees it: what is mended on the disk, what is left and why, and what stays as it was. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProjectFolder } from '../support/project-folder.js';
import { runCommand } from '../support/run-command.js';
import { smallFiles, smallProject } from '../support/small-project.js';

const database = `import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';

export const pool = new pg.Pool({ max: 5, connectionTimeoutMillis: 1000 });
pool.on('error', console.error).on('connect', (client) => client.on('error', console.error));
export const db = drizzle(pool);
`;
const leaky = `import { eq } from 'drizzle-orm';
import { db, pool } from './db.js';
import { accounts } from './schema.js';

const store = db;

export async function close(id: number,   holder: number | null): Promise<void> {
  await db.transaction(async (tx) => {
    await store.delete(accounts).where(eq(accounts.id, id));
    tx.update(accounts).set({ balance: 0 }).where(eq(accounts.id, holder as number));
    await pool.query('select 1');
  });
  const client = await pool.connect();
  const { rows } = await client.query('select 1');
  console.log(rows);
  client.release();
}
`;
const mended = `import { eq, isNull } from 'drizzle-orm';
import { db, pool } from './db.js';
import { accounts } from './schema.js';

const store = db;

export async function close(id: number,   holder: number | null): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.delete(accounts).where(eq(accounts.id, id));
    await tx.update(accounts).set({ balance: 0 }).where(holder === null ? isNull(accounts.id) : eq(accounts.id, holder));
    await pool.query('select 1');
  });
  const client = await pool.connect();
  try {
    const { rows } = await client.query('select 1');
    console.log(rows);
  } finally {
    client.release();
  }
}
`;

let project: ProjectFolder;
beforeAll(() => {
  const files = Object.fromEntries(
    Object.keys(smallFiles)
      .filter((name) => /^src\/(?!db|schema)/.test(name))
      .map((name) => [name, null]),
  );
  project = smallProject({ ...files, 'src/db.ts': database, 'src/leaky.ts': leaky });
}, 180_000);
afterAll(() => project.remove());

const check = (...args: readonly string[]) => runCommand(['check', ...args], { cwd: project.root });
const read = () => readFileSync(project.path('src/leaky.ts'), 'utf8');

describe('check --fix', () => {
  it('mends what it can, says what it leaves and shows what is still found', async () => {
    const run = await check('src', '--fix', '--format', 'json');
    expect(read()).toBe(mended);
    expect(run.stderr).toContain('src/leaky.ts line 11 is left: ');
    expect(run.stderr).toContain('1 file mended');
    const { findings } = JSON.parse(run.stdout) as { findings: { rule: string; line: number }[] };
    expect(findings.map(({ rule, line }) => `${rule} ${line}`)).toEqual(['tx-outer-db 11']);
    expect(run.code).toBe(1);
  }, 180_000);

  it('changes nothing the second time', async () => {
    await check('src', '--fix');
    expect(read()).toBe(mended);
  }, 180_000);

  it('keeps the byte order mark', async () => {
    const text = `\uFEFFimport { db } from './db.js';\nimport { accounts } from './schema.js';\n\nexport async function late(): Promise<number> {\n  const rows = db.select().from(accounts);\n  return 1;\n}\n`;
    writeFileSync(project.path('src/leaky.ts'), text);
    await check('src', '--fix');
    expect(read()).toBe(text.replace('= db', '= await db'));
  }, 180_000);
});
