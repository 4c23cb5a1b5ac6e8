import { afterAll, beforeAll, expect, test } from 'vitest';
import { DatabaseFailure } from '../../../src/io/database.js';
import { startEmbedded, type EmbeddedDatabase } from '../../../src/io/embedded-database.js';

let database: EmbeddedDatabase;

beforeAll(async () => {
  database = await startEmbedded({ extensions: ['citext', 'uuid-ossp', 'no_such_extension'] });
}, 60_000);
afterAll(() => database.terminate());

test('gives one result set a statement, decoded as pg decodes', async () => {
  const [first, second] = await database.query(
    `SELECT 9007199254740993::int8 AS big; SELECT 1.50::numeric AS n`,
  );
  expect(first?.rows).toEqual([{ big: '9007199254740993' }]);
  expect(second).toEqual({ command: 'SELECT', rows: [{ n: '1.50' }] });
  expect(database.serverVersion).toMatch(/^\d\d\./);
});

test('throws what the server refuses with its fields, and works on', async () => {
  const failure = await database.query('SELECT nope').catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(DatabaseFailure);
  expect((failure as DatabaseFailure).error).toMatchObject({ sqlstate: '42703', position: 8 });
  expect((await database.query('SELECT 1 AS a'))[0]?.rows).toEqual([{ a: 1 }]);
});

test('describes many statements in order, a failing one between good ones', async () => {
  await database.query('CREATE TABLE account (id int PRIMARY KEY, owed numeric(12,2))');
  const answers = await database.describe([
    { text: 'SELECT id, owed FROM account WHERE id = $1' },
    { text: 'SELECT nope FROM account' },
    { text: 'UPDATE account SET owed = $1 WHERE id = $2' },
    { text: 'SELECT $1 AS x', parameterTypes: [1082] },
  ]);
  expect(answers[0]).toMatchObject({ ok: true, parameters: [23] });
  expect(answers[0]?.ok && answers[0].columns.map(({ name, type, column }) => [name, type, column])).toEqual([
    ['id', 23, 1],
    ['owed', 1700, 2],
  ]);
  expect(answers[1]).toMatchObject({ ok: false, failure: { sqlstate: '42703' } });
  expect(answers[2]).toEqual({ ok: true, parameters: [1700, 23], columns: [] });
  expect(answers[3]).toMatchObject({ ok: true, parameters: [1082], columns: [{ type: 1082 }] });
});

test('carries the extensions it was created with', async () => {
  await database.query('CREATE EXTENSION citext; CREATE EXTENSION "uuid-ossp"');
  expect((await database.query(`SELECT 'A'::citext = 'a' AS same`))[0]?.rows).toEqual([{ same: true }]);
});

test('starts again from its dump, and an endless query ends with its thread', async () => {
  await database.query('INSERT INTO account VALUES (7, 1.10)');
  const copy = await startEmbedded({ dataDir: await database.dump(), extensions: database.extensions });
  expect((await copy.query('SELECT owed FROM account'))[0]?.rows).toEqual([{ owed: '1.10' }]);
  const endless = copy.query('SELECT count(*) FROM generate_series(1, 1e15::int8)').then(
    () => 'ended',
    () => 'rejected',
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  await copy.terminate();
  expect(await endless).toBe('rejected');
  await expect(copy.query('SELECT 1')).rejects.toThrow();
}, 60_000);
