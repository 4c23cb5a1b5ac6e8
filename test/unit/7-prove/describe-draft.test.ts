import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildStatements, describeDraft } from '../../../src/7-prove/describe-draft.js';
import { openProofSession, type ProofSession } from '../../../src/7-prove/proof-session.js';
import type { Database } from '../../../src/io/database.js';
import { startEmbedded, type EmbeddedDatabase } from '../../../src/io/embedded-database.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const filename = `${root}test/unit/7-prove/generated.ts`;
const source = `
  import { eq, sql } from 'drizzle-orm';
  import { integer, numeric, pgTable } from 'drizzle-orm/pg-core';
  const items = pgTable('items', { id: integer('id'), amount: numeric('amount') });
  export const statements = (db, args) => [
    db.update(items).set({ amount: args.amount }).where(eq(items.id, args.id)),
    db.select({ id: items.id, amount: items.amount }).from(items).where(eq(items.id, args.id)).limit(1),
    sql\`select \${args.amount}::numeric as amount\`,
  ];`;
let db: EmbeddedDatabase;
let session: ProofSession;

beforeAll(async () => {
  db = await startEmbedded({ extensions: [] });
  await db.query('CREATE TABLE items (id int, amount numeric)');
  const clone = { dump: await db.dump(), extensions: [] };
  session = openProofSession(clone, { packageFile: `${root}package.json`, driver: 'node-postgres' });
}, 60_000);
afterAll(async () => {
  await session.close();
  await db.close();
});

const args = { id: 1, amount: '2.5' };
const anything = { parameters: [], columns: null };

test('statements are built by Drizzle and described by PostgreSQL', async () => {
  const built = await buildStatements(session, { source, filename, args });
  if (typeof built === 'string') throw new Error(built);
  expect(built.map(({ sql }) => sql)).toEqual([
    'update "items" set "amount" = $1 where "items"."id" = $2',
    'select "id", "amount" from "items" where "items"."id" = $1 limit $2',
    'select $1::numeric as amount',
  ]);
  expect(built[0]?.params).toEqual(['2.5', 1]);

  const fits = await describeDraft(db, null, built, [
    { parameters: [[1700], [23]], columns: null },
    {
      parameters: [[23]],
      columns: [
        { name: 'id', type: 23 },
        { name: 'amount', type: 1700 },
      ],
    },
  ]);
  expect(fits).toMatchObject({ difference: null, notes: [] });

  const parameter = await describeDraft(db, null, built, [{ parameters: [null, [20]], columns: null }]);
  expect(parameter.difference).toMatchObject({
    level: 'describe',
    summary: 'parameter $2 has another type',
    before: 'type 20',
    after: 'type 23',
  });
  const column = await describeDraft(db, null, built, [
    anything,
    anything,
    { parameters: [], columns: [{ name: 'amount', type: 701 }] },
  ]);
  expect(column.difference?.summary).toBe('the columns have other types');
});

test('a statement that PostgreSQL refuses is a difference; a missing right is asked on the clone', async () => {
  const statements = [{ sql: 'select nothing from items', params: [] }];
  const refused = await describeDraft(db, null, statements, []);
  expect(refused.difference?.after).toContain('42703');

  const blind: Database = {
    ...db,
    describe: (requests) =>
      Promise.resolve(
        requests.map(() => ({
          ok: false,
          failure: { sqlstate: '42501', message: 'denied', detail: null, hint: null, position: null },
        })),
      ),
  };
  const asked = await describeDraft(blind, db, [{ sql: 'select id from items', params: [] }], []);
  expect(asked).toMatchObject({
    difference: null,
    notes: ['described on the clone: the login lacks a right'],
  });
});

test('a module that cannot be built says why', async () => {
  expect(await buildStatements(session, { source: 'export const x = 1;', filename, args })).toContain(
    'exports no',
  );
  expect(
    await buildStatements(session, {
      source: `export const statements = () => { throw new Error('no') };`,
      filename,
      args,
    }),
  ).toBe('no');
});
