/** The copy of the database that old and new run on: the embedded server itself, or its definitions in one. */
import type { Catalog } from '../1-read/catalog.js';
import { readDefinitions } from '../7-prove/definitions.js';
import { loadClone } from '../7-prove/load-clone.js';
import type { Clone } from '../7-prove/pair.js';
import type { Database } from '../io/database.js';
import { isEmbedded } from '../io/embedded-database.js';
import { quoteIdentifier } from '../sql/identifier.js';

export interface OpenedClone {
  readonly clone: Clone;
  /** Sentences on what could not be copied. */
  readonly notes: readonly string[];
}

export async function openClone(db: Database, catalog: Catalog): Promise<OpenedClone> {
  const searchPath = catalog.searchPath
    .filter((schema) => schema !== 'pg_catalog')
    .map(quoteIdentifier)
    .join(', ');
  if (isEmbedded(db)) {
    return { clone: { dump: await db.dump(), extensions: db.extensions, searchPath }, notes: [] };
  }
  const definitions = await readDefinitions(db);
  const { dump, extensions, failures } = await loadClone(definitions);
  const notes = [
    ...definitions.omitted.map((what) => `Not copied for the proof: ${what}`),
    ...failures.map(({ object, message }) => `Not copied for the proof: ${object} (${message})`),
  ];
  return { clone: { dump, extensions, searchPath }, notes };
}
