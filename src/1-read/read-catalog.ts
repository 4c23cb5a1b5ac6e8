/** The database's catalogs in one read-only round trip. Nothing outside pg_catalog is read, no routine runs. */
import { DatabaseFailure, type Database, type ResultSet } from '../io/database.js';
import { MigrateError } from '../errors.js';
import type { Builtin, Catalog, PgType, Relation, Routine } from './catalog.js';
import { relationsQuery } from './read-catalog-relations.js';
import { builtinsQuery, routinesQuery } from './read-catalog-routines.js';
import { typesQuery } from './read-catalog-types.js';

/**
 * Works on PostgreSQL 12 and newer, through a pooler in transaction mode, and with a login that may
 * only connect. Throws `MigrateError` (`catalog-unreadable`) when the server refuses.
 */
export async function readCatalog(db: Database): Promise<Catalog> {
  const major = Number.parseInt(db.serverVersion, 10);
  const statements = [
    'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
    sessionQuery,
    // Every name outside pg_catalog is printed with its schema then.
    `SET LOCAL search_path = ''`,
    `SET LOCAL statement_timeout = '120s'`,
    `SET LOCAL jit = off`,
    routinesQuery(major),
    relationsQuery(major),
    typesQuery(),
    builtinsQuery(),
    'COMMIT',
  ];
  const sets = await run(db, statements.join(';\n'));
  const session = only<Session>(sets[1]);
  const types = only<readonly PgType[]>(sets[7]);
  return {
    serverVersionNumber: session.serverVersionNumber,
    searchPath: session.searchPath,
    currentUser: session.currentUser,
    routines: only<readonly Routine[]>(sets[5]),
    relations: only<readonly Relation[]>(sets[6]),
    types: new Map(types.map((type) => [type.oid, type])),
    builtins: new Map(only<readonly NamedBuiltin[]>(sets[8]).map(({ name, ...builtin }) => [name, builtin])),
    extensions: session.extensions,
    closedSchemas: session.closedSchemas,
    notVisible: session.closedSchemas.map(
      (schema) =>
        `The login ${session.currentUser} has no USAGE on schema ${schema}: what is in it can be read about but not described.`,
    ),
  };
}

interface Session {
  readonly serverVersionNumber: number;
  readonly searchPath: readonly string[];
  readonly currentUser: string;
  readonly extensions: readonly string[];
  readonly closedSchemas: readonly string[];
}

interface NamedBuiltin extends Builtin {
  readonly name: string;
}

const sessionQuery = `SELECT pg_catalog.json_build_object(
  'serverVersionNumber', pg_catalog.current_setting('server_version_num')::pg_catalog.int4,
  'searchPath', pg_catalog.current_schemas(true),
  'currentUser', current_user,
  'extensions', ARRAY(SELECT extname FROM pg_catalog.pg_extension ORDER BY extname),
  'closedSchemas', ARRAY(
    SELECT nspname FROM pg_catalog.pg_namespace
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
      AND NOT pg_catalog.has_schema_privilege(oid, 'USAGE')
    ORDER BY nspname)) AS result`;

async function run(db: Database, text: string): Promise<readonly ResultSet[]> {
  try {
    return await db.query(text);
  } catch (error) {
    if (!(error instanceof DatabaseFailure)) throw error;
    await db.query('ROLLBACK');
    const { message, sqlstate } = error.error;
    throw new MigrateError('catalog-unreadable', `The catalogs of ${db.label} cannot be read`, {
      detail: `${message} (${sqlstate})`,
      hint: 'A login needs nothing but CONNECT; a busy server may need a second try.',
    });
  }
}

/**
 * Each query gives one row whose one column, `result`, is JSON in the shape of the catalog's own types.
 * OIDs are cast to int8 in the queries: JSON writes an oid as text.
 */
function only<T>(set: ResultSet | undefined): T {
  return set?.rows[0]?.result as T;
}
