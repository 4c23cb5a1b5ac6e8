/**
 * Compiles src into dist when dist is missing or older than a source file.
 * An installed package has no src and is left alone.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { lock } from 'proper-lockfile';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'dist', '.built');

/** Throws when the sources do not compile. Two callers at once compile once. */
export async function ensureBuild() {
  if (!isStale()) return;
  const release = await lock(root, { retries: { retries: 600, minTimeout: 200, maxTimeout: 200 } });
  try {
    if (isStale()) build();
  } finally {
    await release();
  }
}

function build() {
  const started = Date.now() / 1000;
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  const run = spawnSync(process.execPath, [tsc, '-p', root], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (run.status !== 0) throw new Error('The sources do not compile; the messages stand above.');
  writeFileSync(stamp, '');
  // A source that was saved while the compiler ran is newer than the stamp.
  utimesSync(stamp, started, started);
}

function isStale() {
  const sources = join(root, 'src');
  if (!existsSync(sources)) return false;
  if (!existsSync(stamp) || !existsSync(join(root, 'dist', 'cli.js'))) return true;
  const built = statSync(stamp).mtimeMs;
  const files = readdirSync(sources, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return [...files, join(root, 'tsconfig.json')].some((file) => statSync(file).mtimeMs > built);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await ensureBuild();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
