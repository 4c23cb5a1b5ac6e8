/** Report files: known to be writable before any work, and never half written. */
import { open, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { MigrateError } from '../errors.js';

/** Throws MigrateError when a file could not be made at this absolute path. Leaves nothing behind. */
export async function checkReportPath(path: string): Promise<void> {
  const existing = await stat(path).catch(() => null);
  if (existing?.isDirectory() === true) throw notWritable(path, 'it is a folder');
  const probe = join(dirname(path), `.${basename(path)}.${process.pid}.probe`);
  try {
    await (await open(probe, 'wx')).close();
    await rm(probe);
  } catch (error) {
    throw notWritable(path, messageOf(error), error);
  }
}

/** Replaces or makes the file as a whole. Throws MigrateError when it cannot. */
export async function writeReportFile(path: string, text: string): Promise<void> {
  try {
    await writeFileAtomic(path, text);
  } catch (error) {
    throw notWritable(path, messageOf(error), error);
  }
}

function notWritable(path: string, detail: string, cause?: unknown): MigrateError {
  return new MigrateError('report-not-writable', `The report ${path} cannot be written`, {
    detail,
    hint: 'Name a file in a folder that exists and is writable.',
    ...(cause === undefined ? {} : { cause }),
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
