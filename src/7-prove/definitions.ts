/**
 * The statements that make an empty copy of a live database's user objects, read from its catalogs in
 * one read-only round trip. Left out: grants, owners, comments, storage settings, rows, and indexes
 * that are not unique; what else is not copied stands in `omitted`.
 */
import type { Database } from '../io/database.js';
import {
  aggregatesQuery,
  omittedQuery,
  routinesQuery,
  rulesQuery,
  triggersQuery,
  viewsQuery,
} from './definitions-code.js';
import {
  domainChecksQuery,
  extensionsQuery,
  rolesQuery,
  schemasQuery,
  sequenceOwnersQuery,
  sequencesQuery,
  typesQuery,
} from './definitions-names.js';
import { castsQuery, operatorsQuery } from './definitions-operators.js';
import { policiesQuery, rowSecurityQuery } from './definitions-policies.js';
import {
  constraintsQuery,
  defaultsQuery,
  foreignKeysQuery,
  notNullsQuery,
  tablesQuery,
  uniqueIndexesQuery,
} from './definitions-tables.js';

export interface Definition {
  /** What it makes: `table app.customer`. */
  readonly object: string;
  readonly sql: string;
}

export interface Definitions {
  /** Names of the extensions that the database has, plpgsql aside. */
  readonly extensions: readonly string[];
  /**
   * In an order that works when bodies are not checked and what fails is tried again after the rest:
   * views, functions and checks may need each other in any order.
   */
  readonly statements: readonly Definition[];
  /** User objects of kinds that are not copied: `text search configuration app.plain`. */
  readonly omitted: readonly string[];
}

/** Throws `DatabaseFailure` when the server refuses; the transaction is then rolled back. */
export async function readDefinitions(db: Database): Promise<Definitions> {
  const major = Number.parseInt(db.serverVersion, 10);
  const sections = [
    rolesQuery,
    schemasQuery,
    extensionsQuery,
    typesQuery,
    sequencesQuery,
    tablesQuery,
    routinesQuery,
    operatorsQuery,
    castsQuery,
    aggregatesQuery,
    defaultsQuery,
    notNullsQuery,
    domainChecksQuery,
    constraintsQuery,
    viewsQuery,
    uniqueIndexesQuery,
    sequenceOwnersQuery,
    rulesQuery,
    triggersQuery(major),
    rowSecurityQuery,
    policiesQuery,
    foreignKeysQuery,
  ];
  const sets = await inOneRoundTrip(db, [...sections, omittedQuery, extensionNamesQuery]);
  const rows = sets.map((set) => set.rows as unknown as readonly Definition[]);
  return {
    statements: rows.slice(0, sections.length).flat(),
    omitted: (rows.at(-2) ?? []).map(({ object }) => object),
    extensions: (rows.at(-1) ?? []).map(({ object }) => object),
  };
}

const extensionNamesQuery = `SELECT extname::text AS object FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1`;

async function inOneRoundTrip(db: Database, queries: readonly string[]) {
  const before = [
    'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
    // Every name outside pg_catalog is printed with its schema then.
    `SET LOCAL search_path = ''`,
    `SET LOCAL statement_timeout = '120s'`,
    'SET LOCAL jit = off',
  ];
  try {
    const sets = await db.query([...before, ...queries, 'COMMIT'].join(';\n'));
    return sets.slice(before.length, -1);
  } catch (error) {
    await db.query('ROLLBACK').catch(() => {});
    throw error;
  }
}
