/**
 * A throw-away database on a server of the user's own. Only databases named `migrate_rpc_<random>` are made
 * and dropped there; roles, settings and other databases stay as they are.
 */
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { MigrateError } from '../errors.js';
import type { Database } from './database.js';
import { connectLive } from './live-database.js';
import { labelOfUrl, readPostgresUrl } from './postgres-url.js';
import { dropLeftovers, familyComment } from './scratch-leftovers.js';
import { scratchDatabase } from './scratch-database.js';
import { quoteIdentifier } from '../sql/identifier.js';

export interface ScratchServer {
  readonly url: string;
  /** `host:port`, without user and password. */
  readonly label: string;
  readonly serverVersion: string;
  /** The database that copies are made from; nobody may be connected to it meanwhile. */
  readonly template: string;
  readonly notes: readonly string[];
  /** Work in the template; the connection is closed afterwards. */
  withTemplate<T>(work: (database: Database) => Promise<T>): Promise<T>;
  /** Ends what runs on the copies, also a body that does not end, and drops them. */
  dropCopies(): Promise<void>;
  /** Drops the template and its copies. Gives the names of databases that could not be dropped. */
  close(): Promise<readonly string[]>;
}

/**
 * Makes the template, with the encoding, collation and settings of `db`. Throws `MigrateError` when the login
 * may not create databases, or when `url` is the very database that the run reads.
 */
export async function openScratchServer(url: string, db: Database): Promise<ScratchServer> {
  const id = randomBytes(6).toString('hex');
  const template = `migrate_rpc_${id}`;
  const connect = (): Promise<{ client: pg.Client; version: string }> =>
    connectLive(url, { application_name: `migrate-rpc scratch ${id}` });
  const first = await connect();
  let { client } = first;
  const label = labelOfUrl(url).replace(/\/[^/]*$/, '');
  const run = async (sql: string): Promise<void> => {
    await client.query(sql);
  };
  try {
    await refuseSame(client, db, label);
    await refuseWithoutRight(client, label);
    const leftovers = await dropLeftovers(client);
    const notes = [...leftovers, ...(await createLike(client, template, db))];
    await run(`COMMENT ON DATABASE ${template} IS '${familyComment}${new Date().toISOString()}'`);
    await copySettings(client, template, db);

    return {
      url: withCredentials(url),
      label,
      serverVersion: first.version,
      template,
      notes,
      async withTemplate(work) {
        const database = await scratchDatabase(url, template, label);
        try {
          return await work(database);
        } finally {
          await database.close();
        }
      },
      // What is left because the connection was lost goes with the template.
      dropCopies: async () => {
        await dropFamily(client, template, 'copies').catch(() => []);
      },
      async close() {
        try {
          return await dropFamily(client, template, 'all');
        } catch {
          // The connection was lost: the server may be there again.
          const again = await connect().catch(() => null);
          if (again === null) return [template];
          client.end().catch(() => {});
          client = again.client;
          return await dropFamily(client, template, 'all').catch(() => [template]);
        } finally {
          await client.end().catch(() => {});
        }
      },
    };
  } catch (error) {
    await dropFamily(client, template, 'all').catch(() => []);
    await client.end().catch(() => {});
    throw asRefusal(error, label);
  }
}

/** The proof's thread has no environment from which it could take them. */
function withCredentials(url: string): string {
  const { user, password } = readPostgresUrl(url);
  const { PGUSER, PGPASSWORD } = process.env;
  const whole = new URL(url.replace(/^([a-z]+:\/\/[^/?#]*@)\//i, '$1localhost/'));
  if (user === null && PGUSER !== undefined) whole.searchParams.set('user', PGUSER);
  if (password === null && PGPASSWORD !== undefined) whole.searchParams.set('password', PGPASSWORD);
  return whole.href;
}

const identityQuery = `SELECT current_database() AS name, (pg_control_system()).system_identifier::text AS server`;
/** For servers that keep pg_control_system to superusers. */
const startQuery = `SELECT current_database() AS name, pg_postmaster_start_time()::text AS server`;

async function refuseSame(client: pg.Client, db: Database, label: string): Promise<void> {
  if (db.kind !== 'live') return;
  for (const query of [identityQuery, startQuery]) {
    const own = await client.query<{ name: string; server: string }>(query).catch(() => null);
    const sets = await db.query(`BEGIN READ ONLY; ${query}; COMMIT`).catch(async () => {
      await db.query('ROLLBACK').catch(() => {});
      return null;
    });
    const [mine, theirs] = [own?.rows[0], sets?.[1]?.rows[0]];
    if (mine === undefined || theirs === undefined) continue;
    if (mine.name !== theirs['name'] || mine.server !== theirs['server']) return;
    throw new MigrateError('scratch-is-db', '--scratch names the database of --db', {
      detail: `Both are ${mine.name} at ${label}.`,
      hint: 'Name another database of the server, or better another server: what is proven is executed there.',
    });
  }
}

async function refuseWithoutRight(client: pg.Client, label: string): Promise<void> {
  const { rows } = await client.query<{ may: boolean; name: string }>(
    'SELECT rolcreatedb OR rolsuper AS may, rolname AS name FROM pg_roles WHERE rolname = current_user',
  );
  if (rows[0]?.may === true) return;
  const name = rows[0]?.name ?? 'this login';
  throw new MigrateError('scratch-no-createdb', `${name} may not create databases at ${label}`, {
    hint: `Let a superuser run ALTER ROLE ${quoteIdentifier(name)} CREATEDB, or leave --scratch out.`,
  });
}

interface Locale {
  readonly encoding: string;
  readonly collate: string;
  readonly ctype: string;
}

const localeQuery = `SELECT pg_encoding_to_char(encoding) AS encoding, datcollate AS collate, datctype AS ctype
FROM pg_database WHERE datname = current_database()`;

/** Order and case of texts are part of what is compared; a server without the locale gets its own, said. */
async function createLike(client: pg.Client, name: string, db: Database): Promise<readonly string[]> {
  const [, set] = await db.query(`BEGIN READ ONLY; ${localeQuery}; COMMIT`);
  const { encoding, collate, ctype } = set?.rows[0] as unknown as Locale;
  const create = `CREATE DATABASE ${name} TEMPLATE template0 ENCODING '${encoding}'`;
  try {
    await client.query(`${create} LC_COLLATE ${quoted(collate)} LC_CTYPE ${quoted(ctype)}`);
    return [];
  } catch (error) {
    if (!['22023', '42809', '0A000', '42704'].includes(sqlstateOf(error))) throw error;
    await client.query(create);
    return [
      `The scratch server lacks the collation ${collate} of the database; texts may sort differently there`,
    ];
  }
}

/** ALTER DATABASE … SET of the original, without those of single roles. */
async function copySettings(client: pg.Client, name: string, db: Database): Promise<void> {
  const [, set] = await db.query(`BEGIN READ ONLY;
    SELECT unnest(s.setconfig) AS setting FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
    WHERE d.datname = current_database() AND s.setrole = 0; COMMIT`);
  for (const { setting } of set?.rows ?? []) {
    const [key = '', ...value] = String(setting).split('=');
    const list = key === 'search_path' ? value.join('=') : quoted(value.join('='));
    // A setting that this server does not know is that of an extension.
    await client.query(`ALTER DATABASE ${name} SET ${key} TO ${list}`).catch(() => {});
  }
}

/** Ends the sessions of the databases and drops them; the template last, whose comment proves the others ours. */
async function dropFamily(
  client: pg.Client,
  template: string,
  which: 'copies' | 'all',
): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT datname AS name FROM pg_database WHERE starts_with(datname, '${template}_')
       ${which === 'all' ? `OR datname = '${template}'` : ''} ORDER BY length(datname) DESC, 1`,
  );
  const left: string[] = [];
  for (const { name } of rows) {
    try {
      await client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}' AND pid <> pg_backend_pid()`,
      );
      await dropOne(client, name);
    } catch (error) {
      if (sqlstateOf(error) === '') throw error;
      left.push(name);
    }
  }
  return left;
}

/** A session that was told to end takes a moment to do so (55006); the server itself waits some seconds. */
async function dropOne(client: pg.Client, name: string): Promise<void> {
  try {
    await client.query(`DROP DATABASE IF EXISTS ${name}`);
  } catch (error) {
    if (sqlstateOf(error) !== '55006') throw error;
    await client.query(`DROP DATABASE IF EXISTS ${name}`);
  }
}

function asRefusal(error: unknown, label: string): unknown {
  if (error instanceof MigrateError || sqlstateOf(error) === '') return error;
  return new MigrateError('scratch-failed', `No scratch database can be made at ${label}`, {
    detail: `${error instanceof Error ? error.message : String(error)} (${sqlstateOf(error)})`,
    hint: 'The login of --scratch has to be able to create and drop databases there.',
  });
}

export function sqlstateOf(error: unknown): string {
  return typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    /^[0-9A-Z]{5}$/.test(String(error.code))
    ? String(error.code)
    : '';
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
