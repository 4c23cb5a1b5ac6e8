/** Which statements the embedded server cannot run or has no use for, and why. */
import type { FileStatement } from '../sql/split-statements.js';
import { isEmbeddable } from './pglite-extensions.js';

/** What is left out and why, in words for a note; null when the statement is to be run. */
export function skipReason(statement: FileStatement): string | null {
  const { kind, extension, language, objectType } = statement;
  if (statement.ownerOnly) return 'OWNER TO: everything belongs to one login here';
  if (extension !== null && !isEmbeddable(extension)) {
    return `extension ${extension}: the embedded PostgreSQL does not have it`;
  }
  if (kind === 'CreateFunctionStmt' && language !== null && !languages.has(language)) {
    return `a routine in ${language}: the embedded PostgreSQL does not have the language`;
  }
  const words = skippedKinds[kind];
  if (words !== undefined) return words;
  const target = objectType === null ? undefined : skippedObjects[objectType];
  return target === undefined ? null : `a statement about ${target}`;
}

const languages = new Set(['sql', 'plpgsql', 'internal']);

const skippedKinds: Readonly<Record<string, string>> = {
  CreatePublicationStmt: 'CREATE PUBLICATION: nothing is replicated from here',
  AlterPublicationStmt: 'ALTER PUBLICATION: nothing is replicated from here',
  CreateSubscriptionStmt: 'CREATE SUBSCRIPTION: nothing is replicated to here',
  AlterSubscriptionStmt: 'ALTER SUBSCRIPTION: nothing is replicated to here',
  DropSubscriptionStmt: 'DROP SUBSCRIPTION: nothing is replicated to here',
  CreatedbStmt: 'CREATE DATABASE: there is one database here',
  DropdbStmt: 'DROP DATABASE: there is one database here',
  AlterDatabaseStmt: 'ALTER DATABASE: there is one database here',
  AlterDatabaseSetStmt: 'ALTER DATABASE … SET: the setting is given to each session instead',
  AlterDatabaseRefreshCollStmt: 'ALTER DATABASE: there is one database here',
  AlterSystemStmt: 'ALTER SYSTEM: settings of the server stay as they are here',
  CreateTableSpaceStmt: 'CREATE TABLESPACE: there are no tablespaces here',
  DropTableSpaceStmt: 'DROP TABLESPACE: there are no tablespaces here',
  SecLabelStmt: 'SECURITY LABEL: there is no label provider here',
  LoadStmt: 'LOAD: no library can be loaded here',
};

const skippedObjects: Readonly<Record<string, string>> = {
  OBJECT_DATABASE: 'a database',
  OBJECT_PUBLICATION: 'a publication',
  OBJECT_SUBSCRIPTION: 'a subscription',
  OBJECT_TABLESPACE: 'a tablespace',
  OBJECT_FDW: 'a foreign-data wrapper',
  OBJECT_FOREIGN_SERVER: 'a foreign server',
};

/** The extension whose schema the server's message says is missing; null when it says something else. */
export function missingExtension(message: string): string | null {
  const found = /^(?:schema "(\w+)"|(?:relation|type) "(\w+)\.[^"]*") does not exist$/.exec(message);
  const extension = schemasOfExtensions[found?.[1] ?? found?.[2] ?? ''];
  return extension === undefined || isEmbeddable(extension) ? null : extension;
}

/** Extensions by the schema that they make. */
export const schemasOfExtensions: Readonly<Record<string, string>> = {
  cron: 'pg_cron',
  net: 'pg_net',
  pgmq: 'pgmq',
  vault: 'supabase_vault',
  pgsodium: 'pgsodium',
  graphql: 'pg_graphql',
  partman: 'pg_partman',
};
