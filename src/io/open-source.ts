/** Opens what `resolveSource` found: a server, or SQL files in an embedded one. */
import type { Database } from './database.js';
import { openLive } from './live-database.js';
import { loadSqlFiles } from './load-sql-files.js';
import type { Source } from './resolve-source.js';

/** The caller closes it. Throws `MigrateError`. An embedded one is an `EmbeddedDatabase` (`kind: 'embedded'`). */
export function openSource(source: Source): Promise<Database> {
  return source.kind === 'url'
    ? openLive(source.url)
    : loadSqlFiles(source.paths, { label: source.label, cwd: process.cwd() });
}
