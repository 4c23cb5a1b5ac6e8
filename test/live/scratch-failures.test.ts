import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Pair } from '../../src/7-prove/pair.js';
import type { MigrateError } from '../../src/errors.js';
import type { Database } from '../../src/io/database.js';
import { openLive } from '../../src/io/live-database.js';
import { openScratchServer } from '../../src/io/scratch-server.js';
import { createDatabase, startPostgres, type TestPostgres } from '../support/postgres.js';
import { copyProject, projectSql, root } from '../support/project-copy.js';
import { openScratchBench } from '../support/scratch-clone.js';

const server = await startPostgres();

const schema = `
  CREATE FUNCTION for_ever() RETURNS void LANGUAGE plpgsql AS 'BEGIN LOOP END LOOP; END';
  CREATE FUNCTION slow() RETURNS int LANGUAGE sql AS 'SELECT 1 FROM pg_sleep(600)';
  CREATE FUNCTION quick() RETURNS int LANGUAGE sql AS 'SELECT 7';
`;

function pairOf(call: string): Pair {
  const side = `import { sql } from 'drizzle-orm';
    export async function run(db: any) { return (await db.execute(sql\`SELECT ${call} AS n\`)).rows; }`;
  const cases = [{ name: 'only', seed: [], args: {} }];
  return { id: 'p', before: side, after: side, filename: `${root}/test/live/x.ts`, cases };
}

describe.skipIf('skipped' in server)('a scratch server', () => {
  const { url, stop } = server as TestPostgres;
  let db: Database;

  beforeAll(async () => {
    db = await openLive(await createDatabase(url));
  });
  afterAll(async () => {
    await db.close();
    await stop();
  });

  it('is rid of a body that does not end, and goes on', async () => {
    const bench = await openScratchBench(url, schema);
    try {
      const answer = await bench.session.ask({ kind: 'pair', pair: pairOf('for_ever()') }, 4000);
      expect(answer).toEqual({ kind: 'none', reason: 'time limit (the old side in case "only")' });
      expect(await running(url)).toEqual([]);
      const next = await bench.session.ask({ kind: 'pair', pair: pairOf('quick()') }, 30_000);
      expect(next).toMatchObject({ kind: 'result', result: { status: 'same', cases: 1 } });
    } finally {
      await bench.close();
    }
    expect(await scratchDatabases(url)).toEqual([]);
  });

  it('that dies in the middle is the reason why the rest did not run', async () => {
    const second = (await startPostgres()) as TestPostgres;
    const bench = await openScratchBench(second.url, schema);
    try {
      const waiting = bench.session.ask({ kind: 'pair', pair: pairOf('slow()') }, 60_000);
      while ((await running(second.url)).length === 0) await sleep(20);
      await second.stop();
      expect(await waiting).toMatchObject({
        kind: 'none',
        reason: expect.stringMatching(/closed the connection|terminated/i) as string,
      });
      const next = await bench.session.ask({ kind: 'pair', pair: pairOf('quick()') }, 30_000);
      expect(next).toMatchObject({
        kind: 'none',
        reason: expect.stringContaining('does not start') as string,
      });
    } finally {
      await bench.close();
    }
  });

  it('is refused where it is the database that is read', async () => {
    const own = await createDatabase(url);
    const live = await openLive(own);
    const other = new URL(own);
    other.hostname = 'localhost';
    const error = await refusal(openScratchServer(other.href, live));
    await live.close();
    expect(error).toMatchObject({ code: 'scratch-is-db', exitCode: 2 });
    expect(error.title).toBe('--scratch names the database of --db');
  });

  it('is refused where the login may not create databases', async () => {
    await send(url, `CREATE ROLE plain LOGIN PASSWORD 'secret'`);
    const plain = new URL(url);
    [plain.username, plain.password] = ['plain', 'secret'];
    const error = await refusal(openScratchServer(plain.href, db));
    expect(error.code).toBe('scratch-no-createdb');
    expect(`${error.title} ${error.hint ?? ''}`).toContain('ALTER ROLE "plain" CREATEDB');
    expect(`${error.title} ${error.hint ?? ''} ${error.detail ?? ''}`).not.toContain('secret');
  });

  it('needs a login that may create databases and nothing else', async () => {
    await send(url, `CREATE ROLE maker LOGIN CREATEDB PASSWORD 'maker'`);
    const maker = new URL(url);
    [maker.username, maker.password] = ['maker', 'maker'];
    const bench = await openScratchBench(url, schema, 'node-postgres', maker.href);
    try {
      const answer = await bench.session.ask({ kind: 'pair', pair: pairOf('quick()') }, 30_000);
      expect(answer).toMatchObject({ kind: 'result', result: { status: 'same' } });
      const endless = await bench.session.ask({ kind: 'pair', pair: pairOf('for_ever()') }, 4000);
      expect(endless).toMatchObject({ kind: 'none' });
      expect(await running(url)).toEqual([]);
    } finally {
      await bench.close();
    }
    expect(await scratchDatabases(url)).toEqual([]);
  });

  it('loses what a killed run has left, and nothing else', async () => {
    const old = new Date(Date.now() - 3_600_000).toISOString();
    const families: [string, string | null][] = [
      ['migrate_rpc_00000000000a', `migrate-rpc scratch copy, made ${old}`],
      ['migrate_rpc_00000000000a_x_1', null],
      ['migrate_rpc_00000000000b', null],
      ['migrate_rpc_00000000000c', `migrate-rpc scratch copy, made ${new Date().toISOString()}`],
      ['migrate_rpc_00000000000d', `migrate-rpc scratch copy, made ${old}`],
      ['migrate_rpc_mine', `migrate-rpc scratch copy, made ${old}`],
    ];
    for (const [name, comment] of families) {
      await send(url, `CREATE DATABASE ${name}`);
      if (comment !== null) await send(url, `COMMENT ON DATABASE ${name} IS '${comment}'`);
    }
    const used = new URL(url);
    used.pathname = '/migrate_rpc_00000000000d';
    const user = new pg.Client({ connectionString: used.href });
    await user.connect();
    const opened = await openScratchServer(url, db);
    await opened.close();
    await user.end();
    expect(await scratchDatabases(url)).toEqual(families.slice(2).map(([name]) => name));
    expect(opened.notes).toEqual([
      'Removed the scratch database migrate_rpc_00000000000a, which a killed run had left',
    ]);
    for (const [name] of families.slice(2)) await send(url, `DROP DATABASE ${name}`);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('is left clean after %s', async (signal, exitCode) => {
    await using project = await copyProject('collections');
    const target = await createDatabase(url, await projectSql('collections'));
    const child = spawn(
      process.execPath,
      [join(root, 'bin', 'migrate-rpc.js'), '--db', target, '--scratch', url, '--dry-run', 'src'],
      { cwd: project.folder, stdio: 'ignore' },
    );
    const ended = new Promise((resolve) => child.once('exit', resolve));
    // A copy, not only the template: a session is at work.
    while ((await scratchDatabases(url)).length < 2 && child.exitCode === null) await sleep(20);
    child.kill(signal);
    expect(await ended).toBe(exitCode);
    expect(await scratchDatabases(url)).toEqual([]);
  });
});

async function refusal(work: Promise<unknown>): Promise<MigrateError> {
  return work.then(
    () => {
      throw new Error('nothing was refused');
    },
    (error: unknown) => error as MigrateError,
  );
}

async function running(url: string): Promise<readonly string[]> {
  return send(
    url,
    `SELECT query AS name FROM pg_stat_activity WHERE datname LIKE 'migrate\\_rpc%' AND state = 'active' AND query ~ 'for_ever|slow'`,
  );
}

async function scratchDatabases(url: string): Promise<readonly string[]> {
  return send(url, `SELECT datname AS name FROM pg_database WHERE datname LIKE 'migrate\\_rpc%' ORDER BY 1`);
}

async function send(url: string, sql: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<{ name: string }>(sql)).rows.map(({ name }) => name);
  } finally {
    await client.end();
  }
}
