/** `check --fix` with the codemods of pools, transactions by text and jsonb values: one run over one project. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ProjectFolder } from '../../support/project-folder.js';
import { runCheck } from '../../support/run-check.js';
import { smallProject } from '../../support/small-project.js';

const before = {
  'src/db.ts': `import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';

export const pool = new pg.Pool({ max: 5 });
export const db = drizzle(pool);
`,
  'src/pay.ts': `import { pool } from './db.js';

export async function pay(id: number): Promise<void> {
  await pool.query('BEGIN');
  await pool.query('update accounts set balance = 0 where id = $1', [id]);
  await pool.query('COMMIT');
}
`,
  'src/notes.ts': `import { integer, jsonb, pgTable } from 'drizzle-orm/pg-core';
import { db } from './db.js';

export const notes = pgTable('notes', { id: integer('id').primaryKey(), body: jsonb('body') });

export async function note(id: number,   body: object): Promise<void> {
  await db.insert(notes).values({ id, body: JSON.stringify(body) });
}
`,
};
const after = {
  'src/db.ts': `import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';

export const pool = new pg.Pool({ max: 5, connectionTimeoutMillis: 5_000 });
pool.on('error', (error) => console.error('An idle database client failed', error));
pool.on('connect', (client) => {
  client.on('error', (error) => console.error('A database client failed', error));
});
export const db = drizzle(pool);
`,
  'src/pay.ts': `import { pool } from './db.js';

export async function pay(id: number): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('update accounts set balance = 0 where id = $1', [id]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`,
  'src/notes.ts': before['src/notes.ts']
    .replace('JSON.stringify(body)', 'body')
    .replace('body: body', 'body'),
};

let project: ProjectFolder;
beforeAll(() => {
  project = smallProject({ ...before, 'src/service.ts': null });
});
afterAll(() => project.remove());

const texts = () =>
  Object.fromEntries(Object.keys(before).map((name) => [name, readFileSync(project.path(name), 'utf8')]));

it('mends all three, and nothing the second time', async () => {
  const first = await runCheck(project.root, { paths: ['src'], fix: true });
  expect(texts()).toEqual(after);
  expect(first).toMatchObject({
    code: 0,
    found: [],
    err: expect.stringContaining('3 files mended') as string,
  });
  const second = await runCheck(project.root, { paths: ['src'], fix: true });
  expect(second).toMatchObject({ code: 0, found: [] });
  expect(second.err).not.toContain('mended');
  expect(texts()).toEqual(after);
}, 180_000);
