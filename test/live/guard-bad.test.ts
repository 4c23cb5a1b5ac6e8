/**
 * What the rules of check say happens, seen on a real server: the code of a bad example fails, hangs, leaks or lies,
 * and that of a good one beside it does not. What needs a pooler runs where PgBouncer is installed.
 */
import { and, eq, isNull, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { drizzle as drizzleJs } from 'drizzle-orm/postgres-js';
import { integer, jsonb, pgTable, serial, text, timestamp } from 'drizzle-orm/pg-core';
import pg from 'pg';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startPgbouncer } from '../support/pgbouncer.js';
import { createDatabase, startPostgres, type TestPostgres } from '../support/postgres.js';

const users = pgTable('users', {
  id: integer('id').primaryKey(),
  name: text('name'),
  settings: jsonb('settings').$type<{ theme: string }>(),
  seenAt: timestamp('seen_at', { withTimezone: true }),
});
const payments = pgTable('payments', { id: serial('id').primaryKey(), amount: integer('amount').notNull() });
const definitions = `
  CREATE TABLE users (id integer PRIMARY KEY, name text, settings jsonb, seen_at timestamptz);
  CREATE TABLE payments (id serial PRIMARY KEY, amount integer NOT NULL);
`;

const server = await startPostgres();
const ready = 'skipped' in server ? null : server;
const url = ready === null ? '' : await createDatabase(ready.url, [definitions]);
const pooler = ready === null ? null : await startPgbouncer(url);
if (ready !== null && pooler === null)
  console.warn('no PgBouncer: what the rules say of poolers is not looked at');

const pools: pg.Pool[] = [];
const makePool = (max: number): pg.Pool => {
  const pool = new pg.Pool({ connectionString: url, max, connectionTimeoutMillis: 1000 });
  pools.push(pool);
  return pool;
};
/** The SQLSTATE or code of what the work throws, its cause included; else its message; null when it succeeds. */
async function failure(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    const inner = (error as { cause?: unknown }).cause ?? error;
    const { code, message } = inner as { code?: string; message: string };
    return code ?? message;
  }
}

describe.skipIf(ready === null)('the bad examples', () => {
  const pool = makePool(4);
  const db = drizzle(pool);
  const js = postgres(url, { max: 2, prepare: false, onnotice: () => undefined });
  const dbJs = drizzleJs(js);
  const count = () => db.$count(payments);

  beforeAll(async () => {
    await pool.query('SELECT 1');
  });
  beforeEach(async () => {
    await pool.query(`TRUNCATE users, payments; INSERT INTO users VALUES (1, 'ada'), (2, NULL)`);
  });
  afterAll(async () => {
    await Promise.all([js.end(), ...pools.map((one) => one.end())]);
    await pooler?.stop();
    await (ready as TestPostgres).stop();
  });

  it('tx-outer-db: a pool of one hangs until its timeout', async () => {
    const one = drizzle(makePool(1));
    const outer = () =>
      one.transaction(async () => {
        await one.insert(payments).values({ amount: 1 });
      });
    expect(await failure(outer)).toMatch(/timeout exceeded when trying to connect/);
    expect(
      await failure(() => one.transaction(async (tx) => tx.insert(payments).values({ amount: 1 }))),
    ).toBeNull();
    expect(await count()).toBe(1);
  });

  it('swallow-in-tx: the next statement fails with 25P02', async () => {
    const swallow = () =>
      db.transaction(async (tx) => {
        await tx.execute(sql`SELECT 1 / 0`).catch(() => undefined);
        await tx.insert(payments).values({ amount: 1 });
      });
    expect(await failure(swallow)).toBe('25P02');
    await db.transaction(async (tx) => {
      await tx.transaction((point) => point.execute(sql`SELECT 1 / 0`)).catch(() => undefined);
      await tx.insert(payments).values({ amount: 1 });
    });
    expect(await count()).toBe(1);
  });

  it('client-not-released: the pool has none left', async () => {
    const one = makePool(1);
    const leak = async () => {
      const client = await one.connect();
      try {
        await client.query('SELECT 1 / 0');
        client.release();
      } catch {
        return client;
      }
      return null;
    };
    const leaked = await leak();
    expect(await failure(() => one.query('SELECT 1'))).toMatch(/timeout exceeded/);
    leaked?.release();
    expect(await failure(() => one.query('SELECT 1'))).toBeNull();
  });

  it('tx-raw: what should be rolled back is committed', async () => {
    const two = makePool(2);
    await two.query('BEGIN');
    // Another request takes the connection that has begun.
    const other = await two.connect();
    await two.query('INSERT INTO payments (amount) VALUES (1)');
    await two.query('ROLLBACK');
    await other.query('ROLLBACK');
    other.release();
    expect(await count()).toBe(1);
  });

  it('query-not-awaited: it is never sent', async () => {
    await db.transaction(async (tx) => {
      tx.insert(payments).values({ amount: 1 });
    });
    expect(await count()).toBe(0);
  });

  it('call-argument: undefined, lists, quotes, and what postgres.js does not encode', async () => {
    const missing = undefined as unknown as number;
    expect(await failure(() => db.execute(sql`SELECT round(${missing}, 1)`))).toBe('42601');
    expect(await failure(() => db.execute(sql`SELECT 1 = ANY(${[1, 2]})`))).toBe('42809');
    expect(await failure(() => db.execute(sql`SELECT interval '${1} days'`))).toBe('08P01');
    const at = new Date(0);
    expect(await failure(() => dbJs.execute(sql`SELECT ${at}::timestamptz`))).toBe('ERR_INVALID_ARG_TYPE');
    expect(await failure(() => dbJs.execute(sql`SELECT ${{ a: 1 }}::jsonb`))).toBe('ERR_INVALID_ARG_TYPE');
    const right = await db.execute(
      sql`SELECT extract(epoch FROM ${at}::timestamptz)::int AS n, ${{ a: 1 }}::jsonb AS o`,
    );
    expect(right.rows).toEqual([{ n: 0, o: { a: 1 } }]);
  });

  it('result-shape: neither driver gives the shape of the other', async () => {
    const fromPg = (await db.execute(sql`SELECT 1 AS n`)) as unknown as Iterable<unknown>;
    expect(() => {
      const [row] = fromPg;
      return row;
    }).toThrow(TypeError);
    const fromJs = (await dbJs.execute(sql`SELECT 1 AS n`)) as unknown as { rows?: unknown; data?: unknown };
    expect([fromJs.rows, fromJs.data]).toEqual([undefined, undefined]);
  });

  it('error-code: the SQLSTATE is on the cause', async () => {
    const again = db.insert(users).values({ id: 1 });
    const error = await again.then(
      () => null,
      (thrown: unknown) => thrown as { code?: string; cause: { code: string } },
    );
    expect([error?.code, error?.cause.code]).toEqual([undefined, '23505']);
  });

  it('where-undefined: every row is deleted', async () => {
    const id = undefined as number | undefined;
    await db.delete(users).where(id === undefined ? undefined : eq(users.id, id));
    expect(await db.$count(users)).toBe(0);
  });

  it('where-undefined: and() keeps what is certain', async () => {
    await db.delete(users).where(and(eq(users.id, 1), undefined));
    expect(await db.$count(users)).toBe(1);
  });

  it('date-undefined: the column cannot encode it', async () => {
    const at = undefined as unknown as string;
    expect(await failure(() => db.insert(users).values({ id: 3, seenAt: new Date(at) }))).toBe(
      'Invalid time value',
    );
  });

  it('eq-null: no row is found', async () => {
    const name = null as unknown as string;
    expect(await db.select().from(users).where(eq(users.name, name))).toEqual([]);
    expect(await db.select().from(users).where(isNull(users.name))).toHaveLength(1);
  });

  it('jsonb-stringify: postgres.js stores a string', async () => {
    const value = { theme: 'dark' };
    const own = postgres(url, { max: 1, prepare: false });
    try {
      await own`UPDATE users SET settings = ${JSON.stringify(value)}::jsonb WHERE id = 1`;
      await own`UPDATE users SET settings = ${JSON.stringify(value)}::text::jsonb WHERE id = 2`;
    } finally {
      await own.end();
    }
    await db.insert(users).values({ id: 3, settings: JSON.stringify(value) as never });
    await db.insert(users).values({ id: 4, settings: value });
    const { rows } = await pool.query('SELECT jsonb_typeof(settings) AS kind FROM users ORDER BY id');
    expect(rows.map(({ kind }: { kind: string }) => kind)).toEqual(['string', 'object', 'string', 'object']);
  });

  it('retry-non-idempotent: what was committed is done again', async () => {
    const pay = async () => {
      const [row] = (await db.execute(
        sql`INSERT INTO payments (amount) VALUES (5) RETURNING id`,
      )) as unknown as readonly unknown[];
      return row;
    };
    for (let attempt = 0; attempt < 3; attempt += 1) if ((await failure(pay)) === null) break;
    expect(await count()).toBe(3);
  });

  describe.skipIf(pooler === null)('through a transaction-mode pooler', () => {
    const client = async (): Promise<pg.Client> => {
      const made = new pg.Client({ connectionString: pooler?.url });
      await made.connect();
      return made;
    };

    it('session-state: another client inherits it', async () => {
      const [first, second] = [await client(), await client()];
      await first.query(`SELECT set_config('app.tenant', 'first', false)`);
      const { rows } = await second.query(`SELECT current_setting('app.tenant', true) AS tenant`);
      expect(rows).toEqual([{ tenant: 'first' }]);
      await second.query(`SELECT set_config('app.tenant', '', false)`);
      await second.query(`BEGIN; SELECT set_config('app.tenant', 'second', true); COMMIT`);
      expect((await first.query(`SELECT current_setting('app.tenant', true) AS tenant`)).rows).toEqual([
        { tenant: '' },
      ]);
      await Promise.all([first.end(), second.end()]);
    });

    it('named-prepare: the name is taken, or unknown', async () => {
      const [first, second] = [await client(), await client()];
      await first.query({ name: 'find', text: 'SELECT $1::int', values: [1] });
      expect(
        await failure(() => second.query({ name: 'find', text: 'SELECT $1::int', values: [1] })),
      ).toMatch(/^(?:42P05|26000)$/);
      expect(await failure(() => second.query('SELECT $1::int', [1]))).toBeNull();
      await Promise.all([first.end(), second.end()]);
    });
  });
});
