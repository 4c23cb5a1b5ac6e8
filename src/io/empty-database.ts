/**
 * The data directory of an embedded server that holds nothing yet. The build keeps one beside the compiled
 * code, since making it anew takes four times as long as starting from it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A compressed dump, or null when none was built for the PGlite that is installed: the server then makes its own. */
export function emptyDatabase(): Uint8Array | null {
  const file = emptyDatabaseFile();
  return existsSync(file) ? new Uint8Array(readFileSync(file)) : null;
}

/** Where the dump lies; the name holds the version of PGlite, because another version may not read it. */
export function emptyDatabaseFile(): string {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const { version } = JSON.parse(readFileSync(join(dirname(entry), '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  return fileURLToPath(new URL(`../../dist/empty-database-${version}.tar.gz`, import.meta.url));
}
