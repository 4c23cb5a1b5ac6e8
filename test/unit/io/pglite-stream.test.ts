import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pgliteStream } from '../../../src/io/pglite-stream.js';

let pglite: PGlite;

beforeAll(async () => {
  pglite = await PGlite.create();
}, 60_000);
afterAll(() => pglite.close());

const text = `SELECT 9007199254740993::int8 AS big, 1.50::numeric AS n, '2024-02-03 04:05:06+00'::timestamptz AS at`;

test('pg decodes as it does from a server, and ending a client leaves the database open', async () => {
  for (let turn = 0; turn < 2; turn += 1) {
    const client = new pg.Client({
      stream: () => pgliteStream(pglite),
      user: 'postgres',
      database: 'postgres',
    });
    await client.connect();
    const { rows } = await client.query<Record<string, unknown>>(`${text}, $1::int AS turn`, [turn]);
    expect(rows).toEqual([
      { big: '9007199254740993', n: '1.50', at: new Date('2024-02-03T04:05:06Z'), turn },
    ]);
    const failure = await client.query('SELECT nope').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(pg.DatabaseError);
    await client.end();
  }
});

test('postgres.js decodes as it does from a server', async () => {
  // The option exists but its type does not.
  const options = { socket: () => pgliteStream(pglite), prepare: false, fetch_types: false, max: 1 };
  const sql = postgres(
    'postgres://postgres@localhost/postgres',
    options as postgres.Options<Record<string, never>>,
  );
  const [row] = await sql.unsafe(text);
  expect(row).toEqual({ big: '9007199254740993', n: '1.50', at: new Date('2024-02-03T04:05:06Z') });
  await expect(sql.unsafe('SELECT nope')).rejects.toMatchObject({ code: '42703' });
  await sql.end();
});

test('a large answer arrives whole and in order', async () => {
  const client = new pg.Client({
    stream: () => pgliteStream(pglite),
    user: 'postgres',
    database: 'postgres',
  });
  await client.connect();
  const { rows } = await client.query<{ n: number; t: string }>(
    `SELECT n, repeat('x', 1000) AS t FROM generate_series(1, 5000) n`,
  );
  expect(rows.length).toBe(5000);
  expect(rows.every(({ n, t }, index) => n === index + 1 && t.length === 1000)).toBe(true);
  await client.end();
});
