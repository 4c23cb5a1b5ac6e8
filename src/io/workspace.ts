/** The user's files as texts, byte for byte: with their byte order mark and line endings. */
import { readFile } from 'node:fs/promises';
import { MigrateError } from '../errors.js';

/**
 * Texts by absolute path. Throws MigrateError for a file that is missing, may not be read or is not UTF-8, since
 * writing it back would change bytes that no one meant to change.
 */
export async function readFiles(paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const texts = await Promise.all(
    [...new Set(paths)].map(async (path) => [path, await readText(path)] as const),
  );
  return new Map(texts);
}

/** The text as on disk, or null when no file is there. */
export async function readTextAsOnDisk(path: string): Promise<string | null> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unreadable(path, (error as Error).message, error);
  }
  return decode(path, bytes);
}

async function readText(path: string): Promise<string> {
  const text = await readTextAsOnDisk(path);
  if (text === null) throw unreadable(path, 'There is no such file.');
  return text;
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw unreadable(path, 'Its bytes are not UTF-8.', error);
  }
}

function unreadable(path: string, detail: string, cause?: unknown): MigrateError {
  return new MigrateError('file-not-read', `${path} cannot be read`, {
    detail,
    hint: 'Make it a readable UTF-8 file, or leave it out of the paths.',
    ...(cause === undefined ? {} : { cause }),
  });
}
