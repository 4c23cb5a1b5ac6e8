/**
 * Compiles src into dist when dist is missing or older than a source file, and keeps an empty database there.
 * An installed package has no src and is left alone. With --where-possible (after an installation) a build
 * that fails is said and no error.
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'dist', '.built');
/** A file that names its process and is made with the flag wx, which succeeds for one caller alone or fails. */
const lock = join(root, 'dist', '.building');
/** Longer than any compilation takes. A lock of an older format, or of another machine, is given up then. */
const lockLifeMs = 600_000;

/** Throws when the sources do not compile. Two callers at once compile once. */
export async function ensureBuild() {
  if (!isStale()) return;
  mkdirSync(dirname(lock), { recursive: true });
  while (!takeLock()) await wait(200);
  try {
    if (isStale()) build();
  } finally {
    if (holder() === process.pid) rmSync(lock, { force: true });
  }
}

function takeLock() {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST' && error.code !== 'EISDIR') throw error;
    if (isAbandoned()) rmSync(lock, { force: true, recursive: true });
    return false;
  }
}

/** Its process has ended without giving it back, or it is older than any build. */
function isAbandoned() {
  const held = statSync(lock, { throwIfNoEntry: false });
  if (held === undefined) return false;
  const id = holder();
  return Date.now() - held.mtimeMs > lockLifeMs || (id !== null && !isRunning(id));
}

/** The process that the lock names; null when it names none (yet). */
function holder() {
  try {
    const id = Number(readFileSync(lock, 'utf8'));
    return Number.isInteger(id) && id > 0 ? id : null;
  } catch {
    return null;
  }
}

function isRunning(id) {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function build() {
  const started = Date.now() / 1000;
  if (!run(compiler(), '-p', root)) throw new Error('The sources do not compile; the messages stand above.');
  if (!run(join(root, 'scripts', 'keep-empty-database.js'))) {
    throw new Error('The embedded PostgreSQL does not start; the messages stand above.');
  }
  writeFileSync(stamp, '');
  // A source that was saved while the compiler ran is newer than the stamp.
  utimesSync(stamp, started, started);
}

function compiler() {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  } catch {
    throw new Error(
      'TypeScript is not installed, which compiles the sources: install the devDependencies too.',
    );
  }
}

function run(...args) {
  return spawnSync(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
}

function isStale() {
  const sources = join(root, 'src');
  if (!existsSync(sources)) return false;
  if (!existsSync(stamp) || !existsSync(join(root, 'dist', 'cli.js'))) return true;
  if (!readdirSync(join(root, 'dist')).some((name) => name.startsWith('empty-database-'))) return true;
  const built = statSync(stamp).mtimeMs;
  const files = readdirSync(sources, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return [...files, join(root, 'tsconfig.json')].some((file) => {
    // A file may be renamed while this looks.
    const found = statSync(file, { throwIfNoEntry: false });
    return found !== undefined && found.mtimeMs > built;
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await ensureBuild();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = process.argv.includes('--where-possible') ? 0 : 1;
  }
}
