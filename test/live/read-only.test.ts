import { parse, loadModule } from 'libpg-query';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, startPostgres, type TestPostgres } from '../support/postgres.js';
import { copyProject, projectSql } from '../support/project-copy.js';
import { runCommand } from '../support/run-command.js';
import { logStatements, type SentStatement } from '../support/wire-log.js';

const server = await startPostgres();

describe.skipIf('skipped' in server)('what --db receives', () => {
  const postgres = server as TestPostgres;
  let url: string;

  beforeAll(() => loadModule());
  beforeEach(async () => {
    url = await createDatabase(postgres.url, [
      ...(await projectSql('collections')),
      `INSERT INTO records (account_number, debtor_name) VALUES ('A-1', 'Ann'), ('A-2', 'Bob');
       INSERT INTO jobs (queue) VALUES ('letters');`,
    ]);
  });
  afterAll(() => postgres.stop());

  it.each([['--dry-run'], ['--yes']])('is read only: %s', async (mode) => {
    const project = await copyProject('collections');
    try {
      const offences = await offencesDuring(url, async (relayed) => {
        const run = await runCommand(['--db', relayed, mode, 'src'], { cwd: project.folder });
        expect([0, 1], run.stderr).toContain(run.code);
      });
      expect(offences).toEqual([]);
    } finally {
      await project.remove();
    }
  });

  it('is read only where the proof runs on a scratch server, with copied rows', async () => {
    await using project = await copyProject('collections');
    const offences = await offencesDuring(url, async (relayed) => {
      const flags = ['--scratch', postgres.url, '--sample', '2', '--dry-run'];
      const only = ['--only', 'apply_payment,total_outstanding'];
      const run = await runCommand(['--db', relayed, ...flags, ...only, 'src'], { cwd: project.folder });
      expect([0, 1], run.stderr).toContain(run.code);
      expect(run.stdout).toMatch(/apply_payment/);
    });
    expect(offences).toEqual([]);
  });

  it.each([
    ['an update', `UPDATE records SET status = 'seen' WHERE id = 1`],
    ['a write inside a function', `SELECT update_status(1, 'seen')`],
    ['a write inside a common table', `WITH gone AS (DELETE FROM jobs RETURNING id) SELECT id FROM gone`],
    ['a new object', `CREATE TABLE migrate_rpc_state (id integer)`],
    ['a number taken from a sequence', `SELECT nextval('records_id_seq')`],
  ])('is found to be more than reads when one write is planted: %s', async (_, statement) => {
    const offences = await offencesDuring(url, (relayed) =>
      send(relayed, (client) => client.query(statement)),
    );
    expect(offences).toEqual([
      expect.stringContaining('outside a read-only transaction'),
      'the database changed',
    ]);
  });

  it.each([
    ['state of the session', 'SET statement_timeout = 1000', 'outside a read-only transaction'],
    ['a lock', 'BEGIN READ ONLY; SELECT * FROM records FOR SHARE; COMMIT', 'is no plain read'],
    ['a second transaction', 'BEGIN READ ONLY; COMMIT; SELECT 1', 'outside a read-only transaction'],
    ['session state in a transaction', 'BEGIN READ ONLY; SET work_mem = 64; COMMIT', 'is no plain read'],
  ])('is found to be more than reads without a change: %s', async (_, statement, offence) => {
    const offences = await offencesDuring(url, (relayed) =>
      // What the server refuses was still sent.
      send(relayed, (client) => client.query(statement).catch(() => undefined)),
    );
    expect(offences).toEqual([expect.stringContaining(offence)]);
  });

  it('is found to be more than reads when a statement is prepared by name or executed', async () => {
    const offences = await offencesDuring(url, (relayed) =>
      send(relayed, (client) => client.query({ name: 'kept', text: 'SELECT $1::int', values: [1] })),
    );
    expect(offences).toEqual([
      expect.stringContaining('prepared as kept'),
      expect.stringContaining('executed by the extended protocol'),
    ]);
  });
});

/** What is wrong with what was sent to the database meanwhile, and whether anything in it changed. */
async function offencesDuring(url: string, work: (relayed: string) => Promise<unknown>): Promise<string[]> {
  const before = await fingerprint(url);
  const log = await logStatements(url);
  try {
    await work(log.url);
  } finally {
    await log.stop();
  }
  expect(log.sent, 'the relay saw no statement').not.toEqual([]);
  const offences = (await Promise.all(log.sent.map(offencesOf))).flat();
  return (await fingerprint(url)) === before ? offences : [...offences, 'the database changed'];
}

/** A simple query has to be one read-only transaction; a prepared text may be described, never run. */
async function offencesOf({ kind, name, text }: SentStatement): Promise<string[]> {
  if (kind === 'parse') return name === '' ? [] : [`prepared as ${name}: ${text}`];
  if (kind !== 'query') return [`${kind}: executed by the extended protocol`];
  const { stmts = [] } = await parse(text);
  const statements = stmts.map(({ stmt }) => stmt as unknown as Tree);
  const isShow = statements.every((statement) => statement?.VariableShowStmt !== undefined);
  if (isShow) return [];
  const [first, ...rest] = statements;
  const last = rest.pop();
  if (!beginsReadOnly(first) || !ends(last) || rest.some(isTransaction)) {
    return [`outside a read-only transaction: ${text}`];
  }
  return rest
    .filter((statement) => !isPlainRead(statement))
    .map((statement) => `is no plain read: ${kindOf(statement)}`);
}

type Tree = Readonly<Record<string, Record<string, unknown>>> | undefined;

const kindOf = (statement: Tree) => Object.keys(statement ?? {}).join();
const isTransaction = (statement: Tree) => statement !== undefined && 'TransactionStmt' in statement;

function beginsReadOnly(statement: Tree): boolean {
  const begin = statement?.TransactionStmt;
  return /BEGIN|START/.test(String(begin?.kind)) && JSON.stringify(begin).includes('transaction_read_only');
}

function ends(statement: Tree): boolean {
  return /COMMIT|ROLLBACK/.test(String(statement?.TransactionStmt?.kind));
}

function isPlainRead(statement: Tree): boolean {
  if (statement?.VariableSetStmt) return statement.VariableSetStmt.is_local === true;
  return (
    statement?.SelectStmt !== undefined &&
    !/"(lockingClause|intoClause|InsertStmt|UpdateStmt|DeleteStmt|MergeStmt)"/.test(JSON.stringify(statement))
  );
}

/** One text over all rows, sequences and objects of the database, and the databases and roles beside it. */
async function fingerprint(url: string): Promise<string> {
  return send(url, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
    );
    const parts = [
      ...tables.map(({ name }) => `SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM ${name} AS t`),
      `SELECT string_agg(s::text, '|' ORDER BY s::text) FROM pg_sequences AS s`,
      ...['pg_class', 'pg_proc', 'pg_type', 'pg_namespace', 'pg_trigger', 'pg_roles', 'pg_settings'].map(
        objects,
      ),
      `SELECT string_agg(datname, '|' ORDER BY datname) FROM pg_database WHERE datname LIKE 'migrate\\_rpc%'`,
    ];
    const seen: unknown[] = [];
    for (const part of parts) seen.push((await client.query({ text: part, rowMode: 'array' })).rows);
    return [...tables.map(({ name }) => name), ...seen.map((rows) => JSON.stringify(rows))].join('\n');
  });
}

function objects(catalog: string): string {
  const key = catalog === 'pg_settings' ? `name || coalesce(reset_val, '')` : 'oid::text';
  return `SELECT md5(string_agg(${key}, '|' ORDER BY ${key})) FROM ${catalog}`;
}

async function send<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
