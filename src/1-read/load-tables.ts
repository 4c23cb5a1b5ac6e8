/**
 * The Drizzle tables of a project: loaded with the user's own Drizzle where that works, read by syntax where
 * it does not, with a note that says so.
 */
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadModules } from '../io/load-module.js';
import { casedName, type Casing } from './drizzle-columns.js';
import type { LoadedTable } from './load-tables-drizzle-0.js';
import { readTablesFromSource } from './read-tables-from-source.js';
import type { SourceModule } from './source-module.js';
import type { DrizzleTable } from './user-project.js';

export interface TableSources {
  readonly packageFile: string;
  readonly tsconfig: string | null;
  /** Null when drizzle-orm is not installed: everything is read by syntax. */
  readonly drizzleVersion: string | null;
  /** Modules that declare tables. */
  readonly declaring: readonly SourceModule[];
  /** Files named by the user; only what they export counts. Empty: all of `declaring`. */
  readonly named: readonly string[];
  readonly casing: Casing;
  /** Milliseconds for loading. */
  readonly deadline?: number;
}

export interface LoadedTables {
  readonly tables: readonly DrizzleTable[];
  readonly notes: readonly string[];
}

export async function loadTables(given: TableSources): Promise<LoadedTables> {
  const sources = withoutUnreachable(given);
  const read = sources.declaring.map((module) => ({
    module,
    ...readTablesFromSource(module, sources.casing),
  }));
  const hidden = read.flatMap(({ unexported }) =>
    unexported.map((table) => `${table} is not exported; it cannot be used.`),
  );
  const files = [...new Set([...sources.declaring.map(({ path }) => path), ...sources.named])];
  if (files.length === 0) return { tables: [], notes: [] };
  const loaded = await load(sources, files);
  const failed = new Set(loaded.failures.map(({ file }) => file));
  const fallback = read.filter(({ module }) => failed.has(module.path));
  const notes = loaded.failures.map(
    ({ file, because }) => `${file} could not be loaded (${because}); its tables were read from the source.`,
  );
  return {
    tables: [
      ...loaded.tables.flatMap((table) => placed(table, sources)),
      ...fallback
        .filter(({ module }) => sources.named.length === 0 || sources.named.includes(module.path))
        .flatMap(({ tables }) => tables),
    ],
    notes: [...notes, ...fallback.flatMap((each) => each.notes), ...hidden],
  };
}

/** Named files that import nothing but Drizzle export no table of another module: those need not be loaded. */
function withoutUnreachable(sources: TableSources): TableSources {
  const named = sources.declaring.filter(({ path }) => sources.named.includes(path));
  const alone = ({ tree }: SourceModule): boolean =>
    [...tree.text.matchAll(/\b(?:from|import|require\s*\()\s*['"]([^'"]+)/g)].every(([, specifier]) =>
      specifier?.startsWith('drizzle-orm'),
    );
  const closed = named.length > 0 && named.length === sources.named.length && named.every(alone);
  return closed ? { ...sources, declaring: named } : sources;
}

async function load(
  { packageFile, tsconfig, drizzleVersion, deadline }: TableSources,
  files: readonly string[],
): Promise<{
  readonly tables: readonly LoadedTable[];
  readonly failures: readonly { readonly file: string; readonly because: string }[];
}> {
  const all = (because: string) => ({ tables: [], failures: files.map((file) => ({ file, because })) });
  if (drizzleVersion === null) return all('drizzle-orm is not installed');
  const line = drizzleVersion.startsWith('0.') ? '0' : '1';
  const reader = new URL(
    `./load-tables-drizzle-${line}${extname(fileURLToPath(import.meta.url))}`,
    import.meta.url,
  );
  const request = { packageFile, tsconfig, files, reader, ...(deadline === undefined ? {} : { deadline }) };
  const answer = await loadModules(request);
  if (!answer.ok) return all(answer.because);
  return { tables: answer.data as readonly LoadedTable[], failures: answer.failures };
}

/** The table at the export that declares it; one that the user's named files do not export is left out. */
function placed(table: LoadedTable, { declaring, named, casing }: TableSources): readonly DrizzleTable[] {
  if (named.length > 0 && !table.places.some(({ file }) => named.includes(file))) return [];
  const place =
    table.places.find(({ file, exportName }) =>
      declaring.some(
        ({ path, exports, declarations }) => path === file && declarations.has(exports.get(exportName) ?? ''),
      ),
    ) ?? table.places[0];
  if (!place) return [];
  const columns = table.columns.map(({ keyAsName, ...column }) => ({
    ...column,
    name: keyAsName ? casedName(column.property, casing) : column.name,
  }));
  return [{ ...place, schema: table.schema, name: table.name, columns, origin: 'loaded' }];
}
