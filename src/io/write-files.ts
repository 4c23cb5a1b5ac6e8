/**
 * Writes all changes or none. New texts go to temporary files beside their targets first; only when every one
 * of them is on the disk are they renamed into place.
 */
import { dirname } from 'node:path';
import { MigrateError } from '../errors.js';
import { disk, temporaryPath, type Disk } from './disk.js';
import { digest, removeJournal, restore, writeJournal, type JournalEntry } from './write-journal.js';

/** `before` is null for a file that is to be made. Texts are as on disk. */
export interface Change {
  readonly path: string;
  readonly before: string | null;
  readonly after: string;
}

/**
 * Throws MigrateError, with no file changed, when a file no longer holds `before` or when one cannot be written.
 * @param folder where the journal of a run is kept: see stateFolder.
 */
export async function writeFiles(
  changes: readonly Change[],
  folder: string,
  port: Disk = disk,
): Promise<void> {
  if (changes.length === 0) return;
  const targets: Target[] = [];
  for (const change of changes) targets.push({ change, path: await port.realPath(change.path) });
  await refuseStale(targets, port);
  const entries: JournalEntry[] = [];
  for (const { change, path } of targets) entries.push(await entryOf(change, path, port));

  const made: string[] = [];
  try {
    await writeJournal(folder, entries, port);
    for (const [index, { change, path }] of targets.entries()) {
      await prepare(change, path, entries[index] as JournalEntry, made, port);
    }
    await refuseStale(targets, port);
  } catch (error) {
    await clean(entries, made, port);
    await removeJournal(folder, port).catch(() => undefined);
    throw error instanceof MigrateError ? error : failed(error);
  }
  try {
    for (const entry of entries) await port.rename(entry.temporary, entry.path);
  } catch (error) {
    await takeBack(entries, made, folder, port, error);
  }
  await removeJournal(folder, port);
}

interface Target {
  readonly change: Change;
  /** Where links lead: what is really replaced. */
  readonly path: string;
}

async function refuseStale(targets: readonly Target[], port: Disk): Promise<void> {
  const stale: string[] = [];
  for (const { change, path } of targets)
    if ((await port.read(path)) !== change.before) stale.push(change.path);
  if (stale.length === 0) return;
  throw new MigrateError('stale-plan', 'Files changed since the plan was made; nothing was written', {
    detail: stale.join('\n'),
    hint: 'Run again, so that the plan is made of the files as they are now.',
  });
}

async function entryOf(change: Change, path: string, port: Disk): Promise<JournalEntry> {
  const mode = change.before === null ? null : await port.mode(path);
  return { path, temporary: temporaryPath(path), before: change.before, after: digest(change.after), mode };
}

async function prepare(
  change: Change,
  path: string,
  entry: JournalEntry,
  made: string[],
  port: Disk,
): Promise<void> {
  try {
    const first = await port.makeFolder(dirname(path));
    if (first !== null) made.push(dirname(path), first);
    await port.write(entry.temporary, change.after, entry.mode);
  } catch (error) {
    throw failed(error, change.path);
  }
}

async function clean(entries: readonly JournalEntry[], made: readonly string[], port: Disk): Promise<void> {
  for (const entry of entries) await port.remove(entry.temporary).catch(() => undefined);
  for (const folder of made) await port.removeEmptyFolder(folder).catch(() => undefined);
}

async function takeBack(
  entries: readonly JournalEntry[],
  made: readonly string[],
  folder: string,
  port: Disk,
  cause: unknown,
): Promise<never> {
  let left: readonly string[];
  try {
    left = (await restore(entries, port)).leftAlone;
  } catch (second) {
    // The journal stays: the next run takes back what this one could not.
    throw new MigrateError('write-not-taken-back', 'Writing failed, and some files could not be taken back', {
      detail: [...entries.map((entry) => entry.path), messageOf(cause), messageOf(second)].join('\n'),
      hint: 'Make room or fix the rights, then run again: the next run takes the files back first.',
      cause,
    });
  }
  await clean(entries, made, port);
  await removeJournal(folder, port).catch(() => undefined);
  throw failed(cause, ...left);
}

function failed(cause: unknown, ...paths: readonly string[]): MigrateError {
  const { code } = cause as NodeJS.ErrnoException;
  const title =
    code === 'ENOSPC'
      ? 'The disk is full; no file was changed'
      : 'A file could not be written; no file was changed';
  return new MigrateError('write-failed', title, {
    detail: [...paths, messageOf(cause)].join('\n'),
    hint:
      code === 'ENOSPC'
        ? 'Make room and run again.'
        : 'Check the rights of the file and its folder, and run again.',
    cause,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
