/**
 * The PostgreSQL extensions that PGlite ships, by the name that CREATE EXTENSION uses. An extension
 * works only in a PGlite that was created with it.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Part of the server or of every PGlite: nothing has to be passed at creation. */
const builtIn = new Set(['plpgsql']);

/** Where PGlite keeps the extension: the export's name and the file, or null when it has none of that name. */
export function pgliteExtension(name: string): { name: string; url: string } | null {
  if (!/^[a-z0-9_-]+$/.test(name)) return null;
  const exportName = name.replaceAll('-', '_');
  const dist = dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite'));
  for (const path of [join(dist, 'contrib', `${exportName}.js`), join(dist, exportName, 'index.js')]) {
    if (existsSync(path) && !notExtensions.has(exportName))
      return { name: exportName, url: pathToFileURL(path).href };
  }
  return null;
}

/** Can CREATE EXTENSION of this name succeed on the embedded server? */
export function isEmbeddable(name: string): boolean {
  return builtIn.has(name) || pgliteExtension(name) !== null;
}

/** Folders of the package that hold something else. */
const notExtensions = new Set(['live', 'worker', 'fs']);
