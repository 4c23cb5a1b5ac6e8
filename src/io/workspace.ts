/** The user's files as texts, byte for byte: with their byte order mark and line endings. */
import { isAscii } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { MigrateError } from '../errors.js';

/**
 * Gives each file once, in the order of `paths` (absolute), and holds none: the caller keeps what it needs.
 * One after the other, since handing thousands of small files to other threads takes longer than reading them.
 * Throws MigrateError for a file that is missing, may not be read or is not UTF-8, since writing it back would
 * change bytes that no one meant to change.
 */
export function* readFiles(paths: readonly string[]): Generator<readonly [path: string, text: string]> {
  for (const path of new Set(paths)) {
    const text = readTextAsOnDisk(path);
    if (text === null) throw unreadable(path, 'There is no such file.');
    yield [path, text];
  }
}

/** The text as on disk, or null when no file is there. */
function readTextAsOnDisk(path: string): string | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unreadable(path, (error as Error).message, error);
  }
  return decode(path, bytes);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(path: string, bytes: Buffer): string {
  // Most source files are ASCII, which every decoder reads alike and this one fastest.
  if (isAscii(bytes)) return bytes.toString('latin1');
  try {
    return utf8.decode(bytes);
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
