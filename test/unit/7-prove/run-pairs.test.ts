import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Clone, Pair, ProofCase, RunResult } from '../../../src/7-prove/pair.js';
import { openProofSession, type ProofSession } from '../../../src/7-prove/proof-session.js';
import { runPairsIn } from '../../../src/7-prove/run-pairs.js';
import { makeClone } from '../../support/proof-clone.js';

const schema = `
  CREATE TABLE items (id serial PRIMARY KEY, name text UNIQUE, amount numeric(12,2), status text NOT NULL DEFAULT 'new',
    token uuid DEFAULT gen_random_uuid(), seen timestamptz);
  CREATE TABLE notes (id int PRIMARY KEY, item int REFERENCES items DEFERRABLE INITIALLY DEFERRED);
  CREATE FUNCTION total() RETURNS numeric LANGUAGE sql AS 'SELECT sum(amount) FROM items';
  CREATE FUNCTION set_status(i int, s text) RETURNS void LANGUAGE sql AS 'UPDATE items SET status = s WHERE id = i';
  CREATE FUNCTION add_item(n text) RETURNS int LANGUAGE sql AS 'INSERT INTO items (name) VALUES (n) RETURNING id';
  CREATE FUNCTION fail(m text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION '%', m USING ERRCODE = 'P0404', DETAIL = 'd', HINT = 'h'; END $$;
`;

const root = fileURLToPath(new URL('../../../', import.meta.url));
const filename = `${root}test/unit/7-prove/generated.ts`;
const head = `
  import { eq, sql } from 'drizzle-orm';
  import { integer, numeric, pgTable, serial, text } from 'drizzle-orm/pg-core';
  const items = pgTable('items', { id: serial('id').primaryKey(), name: text('name'),
    amount: numeric('amount'), status: text('status').notNull() });
  const notes = pgTable('notes', { id: integer('id'), item: integer('item') });
`;
const side = (body: string): string => `${head}\nexport async function run(db: any, args: any) { ${body} }`;

const seed = [`INSERT INTO items (name, amount) VALUES ('a', 1.50), ('b', 2.25)`];
const cases: readonly ProofCase[] = [
  { name: 'hit', seed, args: { id: 1, status: 'done', name: 'c' } },
  { name: 'miss', seed, args: { id: 99, status: 'done', name: 'd' } },
];

const pair = (id: string, before: string, after: string, some = cases): Pair => ({
  id,
  before: side(before),
  after: side(after),
  filename,
  cases: some,
});

describe.each(['node-postgres', 'postgres-js'] as const)('on %s', (driver) => {
  let clone: Clone;
  let session: ProofSession;
  beforeAll(async () => {
    clone = await makeClone(schema);
    session = openProofSession(clone, { packageFile: `${root}package.json`, driver });
  }, 60_000);
  afterAll(() => session.close());

  const rows = driver === 'node-postgres' ? '.rows' : '';
  async function run(before: string, after: string, some = cases): Promise<RunResult> {
    const result = (await runPairsIn(session, [pair('p', before, after, some)], { deadlineMs: 20_000 })).get(
      'p',
    );
    if (result === undefined) throw new Error('no result');
    return result;
  }

  const setStatus = 'await db.execute(sql`SELECT set_status(${args.id}, ${args.status})`)';

  test('an update is the same', async () => {
    const result = await run(
      setStatus,
      'await db.update(items).set({ status: args.status }).where(eq(items.id, args.id))',
    );
    expect(result).toMatchObject({ status: 'same', cases: 2, outcomes: 2, difference: null });
  });

  test('a transaction mode that PostgreSQL does not have is an error', async () => {
    const within = (level: string): string =>
      `await db.transaction((tx) => tx.update(items).set({ status: args.status }).where(eq(items.id, args.id)), ${level})`;
    expect(
      await run(setStatus, within(`{ isolationLevel: 'repeatable read', accessMode: 'read write' }`)),
    ).toMatchObject({ status: 'same' });
    const refused = await run(setStatus, within(`{ isolationLevel: 'repeatable' }`));
    expect(refused.difference?.summary).toBe('old gives a value, new fails');
  });

  test('the error of a read that fails reaches the caller in the same form, whatever it says', async () => {
    const broken = {
      sql: 'ALTER TABLE public.items RENAME TO "mrpc away"',
      mended: 'ALTER TABLE public."mrpc away" RENAME TO items',
    };
    const away = cases.map((one) => ({ ...one, broken }));
    const caught = (read: string): string =>
      `try { return { data: await ${read}, error: null }; } catch { return { data: null, error: true }; }`;
    const old = 'db.execute(sql`SELECT total()`).then(() => 1)';
    const read = 'db.select({ id: items.id }).from(items).then(() => 1)';
    expect(await run(caught(old), caught(read), away)).toMatchObject({ status: 'same', outcomes: 1 });
    expect(await run(`return ${old}`, `return ${read}`, away)).toMatchObject({ status: 'same' });
    const thrown = await run(caught(old), `return { data: await ${read}, error: null }`, away);
    expect(thrown.difference?.summary).toBe('old gives a value, new fails');
    expect(thrown.difference?.input).toContain('RENAME TO "mrpc away";');
    const swallowed = await run(`return ${old}`, caught(read), away);
    expect(swallowed.difference?.summary).toBe('old fails, new gives a value');
  });

  test('a lost WHERE is a difference in rows, with the rows', async () => {
    const result = await run(setStatus, 'await db.update(items).set({ status: args.status })');
    expect(result.status).toBe('differs');
    expect(result.difference?.summary).toBe('rows of public.items differ');
    expect(result.difference?.before).toContain('name: b, amount: 2.25, status: new');
    expect(result.difference?.input).toContain('"id":');
    expect(result.difference?.input.match(/^INSERT/gm)?.length).toBeLessThanOrEqual(1);
  });

  test('a number for a numeric is a difference in value', async () => {
    const old = `return (await db.execute(sql\`SELECT total() AS t\`))${rows}[0].t`;
    expect(await run(old, `return '3.75'`)).toMatchObject({ status: 'same' });
    const result = await run(old, 'return 3.75');
    // The rows are made few until nothing is left to sum.
    expect(result.difference).toMatchObject({ summary: 'the value differs', after: '3.75' });
    expect(result.difference?.input).not.toContain('INSERT');
  });

  test('undefined keys, null and Dates are told apart', async () => {
    expect((await run('return { a: null }', 'return { a: undefined }')).status).toBe('differs');
    expect((await run('return { a: undefined }', 'return {}')).status).toBe('differs');
    expect((await run(`return new Date(0)`, `return new Date(0).toISOString()`)).status).toBe('differs');
    expect((await run('return -0', 'return 0')).status).toBe('differs');
    expect((await run('return 1n', 'return 1')).status).toBe('differs');
    const order = await run('return { a: 1, b: 2 }', 'return { b: 2, a: 1 }');
    expect(order).toMatchObject({ status: 'same', notes: ['the order of keys differs'] });
  });

  test('uuids vary by themselves and are masked; sequences start alike', async () => {
    const result = await run(
      `return (await db.execute(sql\`SELECT add_item(\${args.name}) AS id\`))${rows}[0].id`,
      'const [row] = await db.insert(items).values({ name: args.name }).returning({ id: items.id }); return row.id',
    );
    // Drizzle's insert names every column of its schema and leaves the rest to the defaults.
    expect(result.difference).toBeNull();
    expect(result.notes).toEqual(['public.items.token varies by itself']);
  });

  test('errors are compared on the error and its cause', async () => {
    const old = 'await db.execute(sql`SELECT fail(${args.status})`)';
    expect(await run(old, 'await db.execute(sql`SELECT fail(${args.status}) AS x`)')).toMatchObject({
      status: 'same',
    });
    const other = await run(old, `await db.execute(sql\`SELECT fail('other')\`)`);
    expect(other.difference?.summary).toBe('the error differs at cause.message');
    expect(other.difference?.before).toContain('DrizzleQueryError { cause: ');
    expect((await run(old, 'return null')).difference?.summary).toBe('old fails, new gives a value');
    expect((await run(old, `throw new Error('done')`)).status).toBe('differs');
  });

  test('where a bound value is none of its type, another error may come first, but no value in its place', async () => {
    const refused: readonly ProofCase[] = [{ name: 'no json', seed: [], args: { payload: '}', m: 'wrong' } }];
    const old = 'await db.execute(sql`SELECT fail(${args.m}), ${args.payload}::json`)';
    const raised = 'await db.execute(sql`SELECT fail(${args.m})`)';
    const result = await run(old, raised, refused);
    expect(result).toMatchObject({ status: 'same', difference: null });
    expect(result.notes).toContain('which of two errors comes first');
    expect((await run(old, 'return 1', refused)).difference?.summary).toBe('old fails, new gives a value');
    expect((await run(raised, old, refused)).difference?.summary).toContain('the error differs at cause');
  });

  test('a failed statement of its own leaves the connection usable, as outside a transaction', async () => {
    const body = `
      await db.insert(items).values({ id: 1, name: 'x', status: 's' }).catch(() => undefined);
      await db.insert(items).values({ name: args.name, status: 'after' });`;
    const result = await run(body, `await db.insert(items).values({ name: args.name, status: 'after' })`, [
      {
        name: 'taken',
        seed: [`INSERT INTO items (id, name) VALUES (1, 'one'); SELECT setval('items_id_seq', 10)`],
        args: { name: 'n' },
      },
    ]);
    expect(result.difference).toBeNull();
    expect(result.status).toBe('same');
  });

  test('a transaction that throws is undone; one that ends is kept; a savepoint in it too', async () => {
    const inTransaction = (last: string): string => `
      await db.transaction(async (tx: any) => {
        await tx.update(items).set({ status: 'one' });
        await tx.transaction(async (sp: any) => { await sp.update(items).set({ status: 'two' }); throw new Error('x'); }).catch(() => undefined);
        ${last}
      }).catch(() => undefined)`;
    expect((await run(inTransaction(`throw new Error('y')`), 'return undefined')).difference).toBeNull();
    expect(
      (await run(inTransaction(''), `await db.update(items).set({ status: 'one' })`)).difference,
    ).toBeNull();
  });

  test('isolation level and access mode pass; a read only transaction refuses to write', async () => {
    const options = `{ isolationLevel: 'repeatable read', accessMode: 'read only' }`;
    const read = `return db.transaction((tx: any) => tx.select().from(items), ${options})`;
    expect((await run(read, 'return db.select().from(items)')).difference).toBeNull();
    const write = `await db.transaction((tx: any) => tx.update(items).set({ status: 'w' }), ${options})`;
    const result = await run(`await db.update(items).set({ status: 'w' })`, write);
    expect(result.difference?.summary).toBe('old gives a value, new fails');
    expect(result.difference?.after).toContain('25006');
    expect((await run(setStatus, setStatus)).status).toBe('same');
  });

  test('the outer client inside its own transaction is refused, also when the error is swallowed', async () => {
    const wrong = `await db.transaction(async () => {
      try { await db.update(items).set({ status: args.status }).where(eq(items.id, args.id)); } catch {} })`;
    const result = await run(setStatus, wrong);
    expect(result.difference?.after).toContain('db.update is used while a transaction of db is open');
  });

  test('a deferred constraint that fails is an error', async () => {
    const result = await run(
      'return null',
      'await db.insert(notes).values({ id: 1, item: 12345 }); return null',
    );
    expect(result.difference?.after).toContain('23503');
  });

  test('modules that do not load, and seeds that fail, are named', async () => {
    expect((await run('return 1', 'return (')).reason).toContain('the new side does not load');
    const failing: ProofCase = { name: 'x', seed: ['INSERT INTO nowhere VALUES (1)'], args: {} };
    expect((await run('return 1', 'return 1', [failing])).notes[0]).toContain('42P01');
  });

  test('rows are tried in several spellings', async () => {
    const some: ProofCase = {
      name: 'rows',
      seed: [],
      rows: [
        {
          label: 'items row 1',
          inserts: [
            'INSERT INTO items (status) VALUES (NULL)',
            `INSERT INTO items (id, name, status) VALUES (7, 'q', 's')`,
          ],
        },
        { label: 'items row 2', inserts: ['INSERT INTO items (status) VALUES (NULL)'] },
      ],
      args: {},
    };
    const result = await run('return db.$count(items)', 'return 1', [some]);
    expect(result).toMatchObject({
      status: 'same',
      notes: [expect.stringContaining('no row could be made for items row 2')],
    });
  });

  test('what does not end is ended, and the next pair runs', async () => {
    const endless = 'await db.execute(sql`SELECT count(*) FROM generate_series(1, 100000000000)`)';
    const results = await runPairsIn(
      session,
      [
        pair('endless', 'return 1', endless),
        pair('loop', 'return 1', 'for (;;);'),
        pair('fine', 'return 1', 'return 1'),
      ],
      { deadlineMs: 2_500 },
    );
    expect(results.get('endless')?.reason).toBe('time limit (the new side in case "hit")');
    expect(results.get('loop')?.reason).toBe('time limit (the new side in case "hit")');
    expect(results.get('fine')?.status).toBe('same');
    expect([...results.keys()]).toEqual(['endless', 'loop', 'fine']);
  }, 60_000);

  test('a module that exits or opens a connection harms nothing', async () => {
    expect((await run('return 1', 'process.exit(3)')).reason).toContain('the thread ended');
    const connect = `const net = await import('node:net');
      return new Promise((resolve) => net.connect(5432, '127.0.0.1').on('error', (e: Error) => resolve(e.message)))`;
    expect((await run(connect, `return 'the proof opens no connection'`)).difference).toBeNull();
  }, 60_000);
});
