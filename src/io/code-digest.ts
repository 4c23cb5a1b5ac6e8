/** A short name for this program's own code, so that what an older build found is not taken for what this one finds. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestOf } from './check-cache.js';

/** Of the code in the named folders beside `io`, as it is on the disk. */
export function codeDigest(folders: readonly string[]): string {
  const root = fileURLToPath(new URL('..', import.meta.url));
  return digestOf(
    folders.flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /(?<!\.d)\.[jt]s$/.test(name))
        .sort()
        .flatMap((name) => [name, readFileSync(join(root, folder, name), 'utf8')]),
    ),
  );
}
