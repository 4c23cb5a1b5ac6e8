/**
 * The copy of the database that old and new run on: on the scratch server where one is named, else the
 * embedded server itself or the definitions of the database in one.
 */
import type { Catalog } from '../1-read/catalog.js';
import { readDefinitions, type Definitions } from '../7-prove/definitions.js';
import { loadClone, type LoadedClone } from '../7-prove/load-clone.js';
import { loadScratch } from '../7-prove/load-scratch.js';
import type { Clone } from '../7-prove/pair.js';
import type { Database } from '../io/database.js';
import { isEmbedded } from '../io/embedded-database.js';
import { openScratchServer } from '../io/scratch-server.js';
import type { Options } from '../options.js';
import { quoteIdentifier } from '../sql/identifier.js';
import type { OnInterrupt } from '../pipeline.js';

export interface OpenedClone {
  readonly clone: Clone;
  /** `server_version` of what the proof runs on; null where it is the database's own. */
  readonly serverVersion: string | null;
  /** Sentences on what could not be copied. */
  readonly notes: readonly string[];
  /** Objects of the database that the copy lacks: `table app.event`, `extension dblink`. */
  readonly lacking: LoadedClone['failures'];
  /** Ends what a thread that was stopped has left running. */
  endSessions(): Promise<void>;
  /** Removes the copy. Sentences on what could not be removed. */
  close(): Promise<readonly string[]>;
}

export interface CloneInput {
  readonly db: Database;
  readonly catalog: Catalog;
  readonly options: Options;
  readonly onInterrupt: OnInterrupt;
}

export async function openClone(input: CloneInput): Promise<OpenedClone> {
  const { db, catalog, options } = input;
  const searchPath = catalog.searchPath
    .filter((schema) => schema !== 'pg_catalog')
    .map(quoteIdentifier)
    .join(', ');
  if (options.scratch !== null) return openOnScratch(options.scratch.url, searchPath, input);
  const nothing = { endSessions: () => Promise.resolve(), close: () => Promise.resolve([]) };
  if (isEmbedded(db)) {
    const clone: Clone = { dump: await db.dump(), extensions: db.extensions, searchPath };
    return { clone, serverVersion: null, notes: [], lacking: [], ...nothing };
  }
  const definitions = await readDefinitions(db);
  const { dump, extensions, serverVersion, failures } = await loadClone(definitions);
  const { notes, lacking } = leftOut(definitions, failures);
  return { clone: { dump, extensions, searchPath }, serverVersion, notes, lacking, ...nothing };
}

async function openOnScratch(
  url: string,
  searchPath: string,
  { db, onInterrupt }: CloneInput,
): Promise<OpenedClone> {
  const definitions = await readDefinitions(db);
  const server = await openScratchServer(url, db);
  const forget = onInterrupt(async () => {
    await server.close();
  });
  const close = async (): Promise<readonly string[]> => {
    const left = await server.close();
    forget();
    return left.map((name) => `The scratch database ${name} could not be dropped at ${server.label}`);
  };
  try {
    const loaded = await server.withTemplate((database) => loadScratch(database, definitions));
    const { notes, lacking } = leftOut(definitions, loaded.failures);
    return {
      clone: { kind: 'scratch', url: server.url, template: server.template, searchPath },
      serverVersion: server.serverVersion,
      notes: [
        `Proven on ${server.label} (PostgreSQL ${server.serverVersion})`,
        ...server.notes,
        ...loaded.notes,
        ...notes,
      ],
      lacking,
      endSessions: server.dropCopies,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function leftOut(
  { omitted }: Definitions,
  failures: LoadedClone['failures'],
): Pick<OpenedClone, 'notes' | 'lacking'> {
  return {
    notes: [
      ...omitted.map((what) => `Not copied for the proof: ${what}`),
      ...failures.map(({ object, message }) => `Not copied for the proof: ${object} (${message})`),
    ],
    lacking: [
      ...failures,
      ...omitted.map((object) => ({ object, message: 'it is of a kind that is not copied' })),
    ],
  };
}
