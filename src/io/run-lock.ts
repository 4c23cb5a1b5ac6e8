/**
 * One run at a time in a project. The lock is a file that names its process; one that a killed process left is
 * taken over. A run that holds the lock has repaired what an interrupted one left half written.
 */
import { link, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { lstatSync, mkdirSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { MigrateError } from '../errors.js';
import { disk, temporaryPath } from './disk.js';
import { repairInterruptedWrite, type Repair } from './write-journal.js';

export interface RunLock {
  /** What an interrupted run had left; null when there was nothing. */
  readonly repair: Repair | null;
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  readonly host: string;
}

const ownFolder = '.migrate-rpc';

/** Locks that this process holds. */
const held = new Set<string>();

/** Throws MigrateError while another run is at work in the same root. */
export async function acquireRunLock(root: string): Promise<RunLock> {
  const folder = stateFolder(root);
  const path = join(folder, 'run.lock');
  const own: Holder = { pid: process.pid, host: hostname() };
  for (let attempt = 0; !(await create(path, own)); attempt++) {
    const holder = await readHolder(path);
    if (holder !== null && isAtWork(holder, path)) throw taken(path, holder);
    if (attempt === 5) throw taken(path, holder);
    await setAside(path, holder);
  }
  const release = async (): Promise<void> => {
    const holder = await readHolder(path);
    if (held.delete(path) && holder?.pid === own.pid && holder.host === own.host)
      await rm(path, { force: true });
    // Only in the project itself would an empty folder be seen.
    if (basename(folder) === ownFolder) await rmdir(folder).catch(() => undefined);
  };
  held.add(path);
  try {
    return { repair: await repairInterruptedWrite(folder, disk), release };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Where a run keeps its lock and journal: a place that neither git nor a build looks at. */
export function stateFolder(root: string): string {
  // A linked folder of packages is shared with other projects, whose runs are not ours to wait for or repair.
  if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isDirectory() === true)
    return join(root, 'node_modules', '.cache', 'migrate-rpc');
  // In a linked work tree `.git` is a file.
  if (statSync(join(root, '.git'), { throwIfNoEntry: false })?.isDirectory() === true) {
    return join(root, '.git', 'migrate-rpc');
  }
  return join(root, ownFolder);
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new MigrateError('write-failed', 'The project folder cannot be written to', {
      detail: error instanceof Error ? error.message : String(error),
      hint: 'Check the rights of the folder, or run with --dry-run.',
      cause: error,
    });
  }
}

/** The file appears with its content or not at all: a link to it fails where one stands already. */
async function create(path: string, holder: Holder): Promise<boolean> {
  const draft = temporaryPath(path);
  // A run that ends meanwhile may have removed the empty folder.
  makeFolder(dirname(path));
  await writeFile(draft, JSON.stringify(holder), { flag: 'wx' });
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Null when the lock is gone or cannot be understood. */
async function readHolder(path: string): Promise<Holder | null> {
  try {
    const holder = JSON.parse(await readFile(path, 'utf8')) as Partial<Holder>;
    return typeof holder.pid === 'number' && typeof holder.host === 'string'
      ? { pid: holder.pid, host: holder.host }
      : null;
  } catch {
    return null;
  }
}

/** A process of another machine cannot be asked and counts as alive. */
function isAtWork(holder: Holder, path: string): boolean {
  if (holder.host !== hostname()) return true;
  // After a restart of a container the same number may name another process: this one.
  if (holder.pid === process.pid) return held.has(path);
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Of several runs that find the same dead lock one moves it; a fresh lock moved by mistake is put back. */
async function setAside(path: string, dead: Holder | null): Promise<void> {
  const aside = temporaryPath(path);
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = await readHolder(aside);
  if (moved !== null && moved.pid !== dead?.pid) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

function taken(path: string, holder: Holder | null): MigrateError {
  const who = holder === null ? 'an unknown process' : `process ${holder.pid} on ${holder.host}`;
  return new MigrateError('run-locked', 'Another run is at work in this project', {
    detail: `${path} is held by ${who}`,
    hint: 'Wait for it to end; if no such run exists, remove that file.',
  });
}
