/**
 * The user's own drizzle-orm and driver on the clone, and their modules from memory. Runs in the
 * proof's thread; nothing is written, and no connection leaves it.
 */
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { createJiti } from 'jiti';
import { exchangeStream } from '../io/pglite-stream.js';
import type { ProofProject } from './pair.js';
import type { ProtocolServer } from './transaction-server.js';

/** As much of Drizzle's database object as the harness itself touches. */
export interface UserDatabase {
  readonly $client: unknown;
  readonly dialect: { sqlToQuery(sql: unknown): { sql: string; params: unknown[] } };
  transaction(callback: (tx: unknown) => Promise<unknown>, config?: unknown): Promise<unknown>;
}

export interface UserConnection {
  readonly db: UserDatabase;
  /** Resolves when the driver has sent and received all that it was given. */
  drain(): Promise<void>;
}

export interface UserRuntime extends UserConnection {
  /** One more database object of the same Drizzle and driver, connected to `server`. */
  connect(server: ProtocolServer): Promise<UserConnection>;
  /** The exports of a module that exists in memory only; its relative imports start at `filename`. */
  evaluate(source: string, filename: string): Promise<Readonly<Record<string, unknown>>>;
}

/** Loads drizzle-orm and the driver from the user's node_modules and connects them to `server`. */
export async function startUserRuntime(project: ProofProject, server: ProtocolServer): Promise<UserRuntime> {
  forbidConnections();
  const jiti = createJiti(project.packageFile, {
    fsCache: false,
    interopDefault: true,
    tsconfigPaths: true,
    virtualModules: { 'server-only': {}, 'client-only': {} },
  });
  const evaluate: UserRuntime['evaluate'] = async (source, filename) =>
    (await jiti.evalModule(source, { filename, ext: '.ts', async: true, forceTranspile: true })) as Record<
      string,
      unknown
    >;
  const harness = await evaluate(
    entries[project.driver],
    project.packageFile.replace(/[^/\\]*$/, 'entry.ts'),
  );
  const open = harness['connect'] as (
    stream: () => Duplex,
    config: { casing?: string },
  ) => Promise<{ db: UserDatabase; drain: () => Promise<unknown> }>;
  const connect: UserRuntime['connect'] = async (target) => {
    const { db, drain } = await open(
      () => streamTo(target),
      project.casing === undefined ? {} : { casing: project.casing },
    );
    // A transaction that a side left failed refuses the statement; it has arrived all the same.
    return { db, drain: () => drain().then(noop, noop) };
  };
  return { ...(await connect(server)), connect, evaluate };
}

function streamTo(server: ProtocolServer): Duplex {
  return exchangeStream(async (chunk, push) => {
    // postgres.js loses a message that it makes while its own write is still on the stack.
    await Promise.resolve();
    await server.execProtocolRawStream(chunk, { onRawData: push });
  });
}

const entries = {
  'node-postgres': `
    import { drizzle } from 'drizzle-orm/node-postgres';
    import pg from 'pg';
    export async function connect(stream, config) {
      const client = new pg.Client({ stream, user: 'postgres', database: 'postgres', ssl: false });
      client.on('error', () => {});
      await client.connect();
      return { db: drizzle(client, config), drain: () => client.query('select 1') };
    }`,
  'postgres-js': `
    import { drizzle } from 'drizzle-orm/postgres-js';
    import postgres from 'postgres';
    export async function connect(socket, config) {
      const client = postgres({
        socket, user: 'postgres', database: 'postgres', max: 1,
        ssl: false, prepare: false, fetch_types: false, idle_timeout: 0, onnotice: () => {},
      });
      await client.unsafe('select 1');
      return { db: drizzle(client, config), drain: () => client.unsafe('select 1') };
    }`,
  pglite: `
    export async function connect() {
      throw new Error('the PGlite driver is not run by the proof');
    }`,
} as const;

const noop = (): void => undefined;

/** A client file that is imported on the way may open a pool; it must not reach any server. */
function forbidConnections(): void {
  net.Socket.prototype.connect = function refuse(this: net.Socket): net.Socket {
    queueMicrotask(() => this.destroy(new Error('the proof opens no connection')));
    return this;
  };
}
