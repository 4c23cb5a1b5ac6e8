import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { MigrateError } from '../../src/errors.js';
import { DatabaseFailure } from '../../src/io/database.js';
import { openLive } from '../../src/io/live-database.js';
import { startPgbouncer } from '../support/pgbouncer.js';
import { createDatabase, startPostgres, type TestPostgres } from '../support/postgres.js';

const server = await startPostgres();
const live = describe.skipIf('skipped' in server);
const { url: adminUrl, stop } = server as TestPostgres;
const secret = 'p@ss/w%rd';

live('a live database', () => {
  let url = '';

  beforeAll(async () => {
    url = await createDatabase(adminUrl, [
      'CREATE TABLE account (id int PRIMARY KEY, owed numeric(12,2))',
      `DROP ROLE IF EXISTS ada; CREATE ROLE ada LOGIN PASSWORD '${secret}'`,
      `DROP ROLE IF EXISTS crowd; CREATE ROLE crowd LOGIN PASSWORD 'x' CONNECTION LIMIT 0`,
    ]);
  });
  afterAll(() => stop());

  const changed = (change: (url: URL) => void): string => {
    const copy = new URL(url);
    change(copy);
    return copy.href;
  };

  test('queries, describes, closes twice and opens again by itself', async () => {
    const database = await openLive(url);
    expect(database.label).toBe(`127.0.0.1:${new URL(url).port}${new URL(url).pathname}`);
    expect(database.serverVersion).toMatch(/^\d+/);
    const both = await Promise.all([
      database.query('SELECT 1 AS a; SELECT 2 AS b'),
      database.query('SELECT 3 AS c'),
    ]);
    expect(both.map((sets) => sets.map(({ rows }) => rows))).toEqual([
      [[{ a: 1 }], [{ b: 2 }]],
      [[{ c: 3 }]],
    ]);
    const [good, bad, last] = await database.describe([
      { text: 'SELECT owed FROM account WHERE id = $1' },
      { text: 'SELECT é, nope FROM account' },
      { text: 'DELETE FROM account' },
    ]);
    expect(good).toMatchObject({
      ok: true,
      parameters: [23],
      columns: [{ name: 'owed', type: 1700, column: 2 }],
    });
    expect(bad).toMatchObject({ ok: false, failure: { sqlstate: '42703', position: 8 } });
    expect(last).toEqual({ ok: true, parameters: [], columns: [] });
    expect(await database.query('SELECT name FROM pg_prepared_statements')).toMatchObject([{ rows: [] }]);
    await database.close();
    await database.close();
    expect((await database.query('SELECT 4 AS d'))[0]?.rows).toEqual([{ d: 4 }]);
    await database.close();
  });

  test('a refused statement is a DatabaseFailure and leaves the connection usable', async () => {
    const database = await openLive(url);
    await expect(database.query('SELECT nope')).rejects.toBeInstanceOf(DatabaseFailure);
    expect(await database.query('SELECT 1 AS a')).toHaveLength(1);
    await database.close();
  });

  test('a lost connection is said, and the next call connects again', async () => {
    const database = await openLive(url);
    const lost = await refusal(() => database.query('SELECT pg_terminate_backend(pg_backend_pid())'));
    expect(lost.code).toBe('connection-lost');
    expect(await database.query('SELECT 1 AS a')).toHaveLength(1);
    const admin = await openLive(url);
    const [set] = await database.query('SELECT pg_backend_pid() AS pid');
    await admin.query(`SELECT pg_terminate_backend(${Number(set?.rows[0]?.pid)})`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await database.query('SELECT 1 AS a')).toHaveLength(1);
    await Promise.all([database.close(), admin.close()]);
  });

  test('each cause of no connection has its own code, and no message holds the password', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const silentPort = (silent.address() as { port: number }).port;
    const withUser = (user: string, password: string): string =>
      changed((copy) => Object.assign(copy, { username: user, password: encodeURIComponent(password) }));
    const cases: [string, string][] = [
      [withUser('ada', `${secret}x`), 'authentication-failed'],
      [withUser('nobody_here', secret), 'authentication-failed'],
      [changed((copy) => Object.assign(copy, { password: '' })), 'password-missing'],
      [withUser('crowd', 'x'), 'too-many-connections'],
      [changed((copy) => (copy.pathname = '/missing_database')), 'database-missing'],
      [changed((copy) => (copy.port = '1')), 'connection-refused'],
      [changed((copy) => (copy.hostname = 'no-such-host.invalid')), 'host-not-found'],
      [changed((copy) => (copy.search = '?sslmode=require')), 'tls-refused'],
      [changed((copy) => (copy.search = '?sslrootcert=/no/such/file')), 'certificate-unreadable'],
      [
        changed((copy) => ((copy.port = String(silentPort)), (copy.search = '?connect_timeout=1'))),
        'connection-timeout',
      ],
    ];
    for (const [bad, code] of cases) {
      const failure = await refusal(() => openLive(bad));
      expect([failure.code, failure.exitCode], failure.detail ?? '').toEqual([code, 2]);
      expect(failure.hint).toBeTruthy();
      const words = `${failure.title} ${failure.detail} ${failure.hint} ${String(failure.cause)}`;
      expect(words).not.toContain(secret);
      expect(words).not.toContain(encodeURIComponent(secret));
    }
    silent.close();
  }, 20_000);

  test('a password with special characters works, and no warning is printed for any sslmode', async () => {
    const warn = vi.spyOn(process, 'emitWarning');
    const ada = changed((copy) =>
      Object.assign(copy, { username: 'ada', password: encodeURIComponent(secret) }),
    );
    for (const mode of ['prefer', 'allow', 'disable']) {
      const database = await openLive(`${ada}?sslmode=${mode}`);
      expect((await database.query('SELECT current_user::text AS me'))[0]?.rows).toEqual([{ me: 'ada' }]);
      await database.close();
    }
    expect(warn).not.toHaveBeenCalled();
  });

  test('works through PgBouncer in transaction mode', async (context) => {
    const pooler = await startPgbouncer(url);
    if (!pooler) return context.skip('PgBouncer is not installed');
    try {
      const database = await openLive(pooler.url);
      const answers = await database.describe(
        Array.from({ length: 50 }, (_, n) => ({
          text: n % 7 === 3 ? 'SELECT nope' : `SELECT $1::int AS c${n}`,
        })),
      );
      expect(
        answers.map((answer) => (answer.ok ? answer.columns[0]?.name : answer.failure.sqlstate)),
      ).toEqual(Array.from({ length: 50 }, (_, n) => (n % 7 === 3 ? '42703' : `c${n}`)));
      expect(await database.query('BEGIN READ ONLY; SELECT 1 AS a; COMMIT')).toHaveLength(3);
      await database.close();
      const unknown = await refusal(() => openLive(pooler.url.replace(/\/t_\w+/, '/other')));
      expect(unknown.code).toBe('pooler-unknown-database');
      const parameter = await refusal(() => openLive(`${pooler.url}?options=-c%20search_path%3Dapi`));
      expect(parameter.code).toBe('pooler-startup-parameter');
    } finally {
      await pooler.stop();
    }
  }, 20_000);
});

async function refusal(run: () => Promise<unknown>): Promise<MigrateError> {
  const error = await run().then(
    () => new Error('nothing was refused'),
    (caught: unknown) => caught,
  );
  if (error instanceof MigrateError) return error;
  throw error;
}
