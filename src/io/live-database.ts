/**
 * A PostgreSQL server reached by URL, directly or through a pooler in transaction mode. It never sets
 * session state, and connects anew on the next call after close() or a loss.
 */
import { readFileSync } from 'node:fs';
import type pg from 'pg';
import { DatabaseFailure, type Database, type DescribeAnswer, type ResultSet } from './database.js';
import { MigrateError } from '../errors.js';
import { connectionFailure, isConnectionState, type ConnectionTarget } from './connection-failure.js';
import { labelOfUrl, readPostgresUrl, type PostgresUrl, type SslMode } from './postgres-url.js';
import { connectClient, describeStatements, makeClient, simpleQuery } from './wire-client.js';

/** The oldest server whose catalogs are read. */
const oldestVersion = 12;
const defaultTimeoutSeconds = 15;

/** Connects once, to fail early. Throws `MigrateError` with the cause's own code and hint. */
export async function openLive(url: string): Promise<Database> {
  const parts = readPostgresUrl(url);
  const target = targetOf(url, parts);
  const first = await connect(parts, target);
  let open: Promise<pg.Client> | null = Promise.resolve(first.client);
  let turn: Promise<unknown> = Promise.resolve();

  const forget = (client: pg.Client): void => {
    void open?.then((current) => current === client && (open = null));
  };
  first.client.on('end', () => forget(first.client));

  const current = (): Promise<pg.Client> => {
    open ??= connect(parts, target).then(
      ({ client }) => {
        client.on('end', () => forget(client));
        return client;
      },
      (error: unknown) => {
        open = null;
        throw error;
      },
    );
    return open;
  };

  /** One call after the other: answers of two calls would else share a pooled connection's transaction. */
  const inTurn = <T>(work: (client: pg.Client) => Promise<T>): Promise<T> => {
    const result = turn.then(async () => {
      const client = await current();
      try {
        return await work(client);
      } catch (error) {
        if (error instanceof DatabaseFailure && !isConnectionState(error.error.sqlstate)) throw error;
        open = null;
        client.end().catch(() => {});
        throw connectionFailure(asCause(error), target, 'query');
      }
    });
    turn = result.catch(() => {});
    return result;
  };

  return {
    kind: 'live',
    label: target.label,
    serverVersion: first.version,
    notes: [],
    query: (text): Promise<readonly ResultSet[]> => inTurn((client) => simpleQuery(client, text)),
    describe: (requests): Promise<readonly DescribeAnswer[]> =>
      inTurn((client) => describeStatements(client, requests)),
    async close() {
      await turn;
      const closing = open;
      open = null;
      const client = await closing?.catch(() => null);
      await client?.end().catch(() => {});
    },
  };
}

/**
 * One connection of the caller's own, who ends it; `overrides` win over what the URL says. Throws
 * `MigrateError` with the cause's own code and hint.
 */
export async function connectLive(
  url: string,
  overrides: pg.ClientConfig = {},
): Promise<{ client: pg.Client; version: string }> {
  const parts = readPostgresUrl(url);
  return connect(parts, targetOf(url, parts), overrides);
}

function targetOf(url: string, parts: PostgresUrl): ConnectionTarget {
  return {
    label: labelOfUrl(url),
    host: parts.host,
    user: parts.user,
    database: parts.database,
    password: parts.password ?? process.env.PGPASSWORD ?? null,
  };
}

async function connect(
  parts: PostgresUrl,
  target: ConnectionTarget,
  overrides: pg.ClientConfig = {},
): Promise<{ client: pg.Client; version: string }> {
  const attempts = tlsAttempts(parts);
  for (const [index, ssl] of attempts.entries()) {
    const client = makeClient({ ...clientConfig(parts, target, ssl), ...overrides });
    client.on('error', () => {});
    try {
      const version = await connectClient(client);
      if (Number.parseInt(version, 10) >= oldestVersion) return { client, version };
      await client.end();
      throw new MigrateError('server-too-old', `PostgreSQL ${version} at ${target.label} is too old`, {
        hint: `Version ${oldestVersion} and newer can be read.`,
      });
    } catch (error) {
      if (error instanceof MigrateError) throw error;
      const failure = connectionFailure(error, target, 'connect');
      const last = index === attempts.length - 1;
      if (
        last ||
        !(failure.code === 'tls-refused' || failure.code === 'tls-required' || hbaRejects(failure))
      ) {
        throw failure;
      }
    }
  }
  throw new Error('no way to connect was tried');
}

/** pg_hba.conf may admit the plain connection only. */
function hbaRejects(failure: MigrateError): boolean {
  return failure.code === 'not-admitted' && /SSL encryption|SSL on/.test(failure.detail ?? '');
}

function clientConfig(
  parts: PostgresUrl,
  target: ConnectionTarget,
  ssl: pg.ClientConfig['ssl'],
): pg.ClientConfig {
  return {
    host: parts.host,
    port: parts.port,
    ...(parts.user === null ? {} : { user: parts.user }),
    ...(parts.database === null ? {} : { database: parts.database }),
    ...(parts.options === null ? {} : { options: parts.options }),
    password: target.password ?? '',
    ssl: ssl ?? false,
    application_name: 'migrate-rpc',
    connectionTimeoutMillis: (parts.connectTimeoutSeconds ?? defaultTimeoutSeconds) * 1000,
    keepAlive: true,
  };
}

/** What libpq does for each sslmode, in the order in which it tries. */
function tlsAttempts(parts: PostgresUrl): pg.ClientConfig['ssl'][] {
  const files = {
    ...(parts.sslRootCert === null ? {} : { ca: readCertificate(parts.sslRootCert) }),
    ...(parts.sslCert === null ? {} : { cert: readCertificate(parts.sslCert) }),
    ...(parts.sslKey === null ? {} : { key: readCertificate(parts.sslKey) }),
  };
  const unverified = { ...files, rejectUnauthorized: false };
  const authority = { ...files, rejectUnauthorized: true, checkServerIdentity: () => undefined };
  const byMode: Record<SslMode, pg.ClientConfig['ssl'][]> = {
    disable: [false],
    allow: [false, unverified],
    prefer: [unverified, false],
    require: [parts.sslRootCert === null ? unverified : authority],
    'no-verify': [unverified],
    'verify-ca': [authority],
    'verify-full': [{ ...files, rejectUnauthorized: true }],
  };
  return byMode[parts.sslMode];
}

function readCertificate(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new MigrateError('certificate-unreadable', `The file ${path} of the database URL cannot be read`, {
      detail: error instanceof Error ? error.message : String(error),
      hint: 'Check sslrootcert, sslcert and sslkey in the URL.',
    });
  }
}

function asCause(error: unknown): unknown {
  if (!(error instanceof DatabaseFailure)) return error;
  return Object.assign(new Error(error.error.message), { code: error.error.sqlstate });
}
