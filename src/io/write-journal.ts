/**
 * What a run was about to write when it was killed. The journal is written before the first temporary file
 * and removed after the last rename, so the next run finds it exactly when something was left, and takes it back.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { disk, temporaryPath, type Disk } from './disk.js';

export interface JournalEntry {
  readonly path: string;
  readonly temporary: string;
  /** Text before the change; null for a new file. */
  readonly before: string | null;
  /** SHA-256 of the text that was to be written. */
  readonly after: string;
  readonly mode: number | null;
}

export interface Repair {
  /** Files that hold their old text again. */
  readonly restored: readonly string[];
  /** Files that someone changed since: left as they are. */
  readonly leftAlone: readonly string[];
}

/** @param folder where the journal is kept; made when it is missing. */
export async function writeJournal(
  folder: string,
  entries: readonly JournalEntry[],
  port: Disk,
): Promise<void> {
  await port.makeFolder(folder);
  await port.remove(journalPath(folder));
  const temporary = temporaryPath(journalPath(folder));
  try {
    await port.write(temporary, JSON.stringify({ version: 1, entries }), 0o600);
    await port.rename(temporary, journalPath(folder));
  } catch (error) {
    await port.remove(temporary).catch(() => undefined);
    throw error;
  }
}

export async function removeJournal(folder: string, port: Disk): Promise<void> {
  await port.remove(journalPath(folder));
}

/** A run of this state folder was killed while it wrote, or is writing now. */
export function hasJournal(folder: string): boolean {
  return existsSync(journalPath(folder));
}

/** Takes back what a killed run left half done; null when there is nothing to repair. */
export async function repairInterruptedWrite(folder: string, port: Disk = disk): Promise<Repair | null> {
  const text = await port.read(journalPath(folder));
  if (text === null) return null;
  const { entries } = JSON.parse(text) as { entries: readonly JournalEntry[] };
  const repair = await restore(entries, port);
  await removeJournal(folder, port);
  return repair;
}

/** Puts the old texts back wherever the new ones stand, and removes temporary files. */
export async function restore(entries: readonly JournalEntry[], port: Disk): Promise<Repair> {
  const restored: string[] = [];
  const leftAlone: string[] = [];
  for (const entry of entries) {
    await port.remove(entry.temporary);
    const now = await port.read(entry.path);
    if (now === null && entry.before === null) await port.removeEmptyFolder(dirname(entry.path));
    if (now === entry.before) continue;
    if (now === null || digest(now) !== entry.after) {
      leftAlone.push(entry.path);
      continue;
    }
    await putBack(entry, port);
    restored.push(entry.path);
  }
  return { restored, leftAlone };
}

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function putBack(entry: JournalEntry, port: Disk): Promise<void> {
  if (entry.before === null) {
    await port.remove(entry.path);
    await port.removeEmptyFolder(dirname(entry.path));
    return;
  }
  const temporary = temporaryPath(entry.path);
  try {
    await port.write(temporary, entry.before, entry.mode);
    await port.rename(temporary, entry.path);
  } catch (error) {
    await port.remove(temporary).catch(() => undefined);
    throw error;
  }
}

function journalPath(folder: string): string {
  return join(folder, 'write-journal.json');
}
