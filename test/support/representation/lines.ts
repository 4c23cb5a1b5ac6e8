/**
 * Both lines of Drizzle on the three drivers, and the drivers alone, all on one PGlite. postgres.js gets a
 * client a line, because Drizzle changes the parsers of the client that it is given.
 */
import { citext } from '@electric-sql/pglite/contrib/citext';
import { PGlite } from '@electric-sql/pglite';
import * as drizzle0 from 'drizzle-orm';
import * as nodePostgres0 from 'drizzle-orm/node-postgres';
import * as pgCore0 from 'drizzle-orm/pg-core';
import * as pglite0 from 'drizzle-orm/pglite';
import * as postgresJs0 from 'drizzle-orm/postgres-js';
import * as drizzle1 from 'drizzle-orm-1';
import * as nodePostgres1 from 'drizzle-orm-1/node-postgres';
import * as pgCore1 from 'drizzle-orm-1/pg-core';
import * as pglite1 from 'drizzle-orm-1/pglite';
import * as postgresJs1 from 'drizzle-orm-1/postgres-js';
import postgres from 'postgres';
import type { Driver } from '../../../src/1-read/user-project.js';
import { readCatalog } from '../../../src/1-read/read-catalog.js';
import type { Catalog } from '../../../src/1-read/catalog.js';
import { exchangeStream } from '../../../src/io/pglite-stream.js';
import { connectClient, makeClient, simpleQuery } from '../../../src/io/wire-client.js';
import type { PgCore } from './columns.js';

export type Line = '0.45' | '1.0';
export type Rows = readonly Readonly<Record<string, unknown>>[];

export interface Connection {
  readonly line: Line;
  readonly driver: Driver;
  /** postgres.js: `fetch_types` is off · PGlite: it has read the types that were made after it started. */
  readonly setting: 'as it comes' | 'other';
  readonly db: nodePostgres0.NodePgDatabase;
  readonly core: typeof drizzle0;
  readonly pgCore: PgCore;
}

/** The lines differ in type only: each is used as 0.45 is. */
interface LineModules extends Pick<Connection, 'line' | 'core' | 'pgCore'> {
  readonly node: DriverModule;
  readonly js: DriverModule;
  readonly lite: DriverModule;
}

interface DriverModule {
  drizzle(config: { readonly client: unknown }): Connection['db'];
}

export interface Lines {
  readonly catalog: Catalog;
  readonly connections: readonly Connection[];
  /** PGlite has read all types from now on: the connections that it counts for. */
  readTypes(): Promise<readonly Connection[]>;
  /** A driver without Drizzle: the rows of a statement without parameters. */
  readonly outside: Readonly<Record<Driver, (text: string) => Promise<Rows>>>;
  run(text: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts one PGlite, runs `definitions` on it and connects everything. */
export async function openLines(definitions: string): Promise<Lines> {
  const server = await PGlite.create({ extensions: { citext } });
  await server.exec(definitions);
  const stream = () =>
    exchangeStream(async (chunk, push) => {
      // postgres.js loses a message that it makes while its own write is still on the stack.
      await Promise.resolve();
      await server.execProtocolRawStream(chunk, { onRawData: push });
    });
  const client = makeClient({ stream, user: 'postgres', database: 'postgres', ssl: false });
  const serverVersion = await connectClient(client);
  const openPostgres = (settings: { readonly fetch_types: boolean }) =>
    postgres({
      // The option takes a function; its type does not say so.
      ...({ socket: stream } as object),
      ...{ user: 'postgres', database: 'postgres', max: 1, ssl: false, prepare: false, idle_timeout: 0 },
      ...settings,
    });
  const alone = openPostgres({ fetch_types: true });
  const lines = [
    { line: '0.45', core: drizzle0, pgCore: pgCore0, node: nodePostgres0, js: postgresJs0, lite: pglite0 },
    { line: '1.0', core: drizzle1, pgCore: pgCore1, node: nodePostgres1, js: postgresJs1, lite: pglite1 },
  ] as unknown as readonly LineModules[];
  const connections = lines.flatMap(({ line, core, pgCore, node, js, lite }) => {
    const open = [
      { driver: 'node-postgres', setting: 'as it comes', db: node.drizzle({ client }) },
      {
        driver: 'postgres-js',
        setting: 'as it comes',
        db: js.drizzle({ client: openPostgres({ fetch_types: true }) }),
      },
      {
        driver: 'postgres-js',
        setting: 'other',
        db: js.drizzle({ client: openPostgres({ fetch_types: false }) }),
      },
      { driver: 'pglite', setting: 'as it comes', db: lite.drizzle({ client: server }) },
    ] as const;
    return open.map((opened): Connection => ({ ...opened, line, core, pgCore }));
  });
  return {
    catalog: await readCatalog({
      kind: 'embedded',
      label: 'types',
      serverVersion,
      notes: [],
      query: (text) => simpleQuery(client, text),
      describe: async () => [],
      close: async () => {},
    }),
    connections,
    readTypes: async () => {
      await server.refreshArrayTypes();
      return connections
        .filter(({ driver }) => driver === 'pglite')
        .map((connection) => ({ ...connection, setting: 'other' }));
    },
    outside: {
      'node-postgres': async (text) => (await client.query<Record<string, unknown>>(text)).rows,
      'postgres-js': async (text) => [...(await alone.unsafe(text))],
      pglite: async (text) => (await server.query<Record<string, unknown>>(text)).rows,
    },
    run: async (text) => void (await server.exec(text)),
    close: () => server.close(),
  };
}

/** What `db.execute` gives, on every driver as rows. */
export async function executed(connection: Connection, statement: drizzle0.SQL): Promise<Rows> {
  const result: unknown = await connection.db.execute(statement);
  return Array.isArray(result) ? [...(result as Rows)] : (result as { rows: Rows }).rows;
}
