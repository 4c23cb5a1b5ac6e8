/** Definitions into an embedded PostgreSQL of their own, as a dump from which clones start quickly. */
import { DatabaseFailure, type Database } from '../io/database.js';
import { startEmbedded } from '../io/embedded-database.js';
import { isEmbeddable } from '../io/pglite-extensions.js';
import type { Definition, Definitions } from './definitions.js';

export interface LoadedClone {
  /** For `startEmbedded({ dataDir, extensions })`. */
  readonly dump: Uint8Array;
  readonly extensions: readonly string[];
  readonly serverVersion: string;
  /** What could not be made, in the server's words. Nothing else is missing but `Definitions.omitted`. */
  readonly failures: readonly { readonly object: string; readonly message: string }[];
}

/** A statement that fails is tried again as long as others succeed, then it is a failure; none is fatal. */
export async function loadClone(definitions: Definitions): Promise<LoadedClone> {
  const extensions = definitions.extensions.filter(isEmbeddable);
  const database = await startEmbedded({ extensions });
  try {
    const failures = await loadDefinitions(database, definitions.statements);
    return { dump: await database.dump(), extensions, serverVersion: database.serverVersion, failures };
  } finally {
    await database.terminate();
  }
}

/** The same in a database that is there. It changes the session's settings and puts them back. */
export async function loadDefinitions(
  database: Database,
  statements: readonly Definition[],
): Promise<LoadedClone['failures']> {
  await database.query('SET check_function_bodies = off');
  let open = statements;
  for (;;) {
    const failed = await runAll(database, open);
    if (failed.length === 0 || failed.length === open.length) {
      await database.query('DISCARD ALL');
      return failed.map(({ definition, message }) => ({ object: definition.object, message }));
    }
    open = failed.map(({ definition }) => definition);
  }
}

async function runAll(
  database: Database,
  definitions: readonly Definition[],
): Promise<{ definition: Definition; message: string }[]> {
  const failed: { definition: Definition; message: string }[] = [];
  for (const definition of definitions) {
    try {
      await database.query(definition.sql);
    } catch (error) {
      if (!(error instanceof DatabaseFailure)) throw error;
      failed.push({ definition, message: `${error.error.message} (${error.error.sqlstate})` });
    }
  }
  return failed;
}
