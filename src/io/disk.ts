/** The few disk operations that writing needs, as a port, so that a full disk can be tried without one. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, realpath, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export interface Disk {
  /** The text as on disk, or null when no file is there. */
  read(path: string): Promise<string | null>;
  /** Where a chain of links ends; the path itself when nothing is there. */
  realPath(path: string): Promise<string>;
  /** Permission bits, or null when no file is there. */
  mode(path: string): Promise<number | null>;
  /** Writes a new file and waits until it is on the disk. */
  write(path: string, text: string, mode: number | null): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Removing what is not there is no error. */
  remove(path: string): Promise<void>;
  /** Makes a folder and those above it; gives the first that was made, or null. */
  makeFolder(path: string): Promise<string | null>;
  /** Removes a folder when it is empty. */
  removeEmptyFolder(path: string): Promise<void>;
}

export const disk: Disk = {
  async read(path) {
    try {
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await readFile(path));
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  },
  async realPath(path) {
    try {
      return await realpath(path);
    } catch (error) {
      if (isMissing(error)) return path;
      throw error;
    }
  },
  async mode(path) {
    try {
      return (await stat(path)).mode & 0o7777;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  },
  async write(path, text, mode) {
    const file = await open(path, 'wx', mode ?? 0o666);
    try {
      // The mode given to open is narrowed by the process's mask; an existing file's mode is kept exactly.
      if (mode !== null) await file.chmod(mode);
      await file.writeFile(text, 'utf8');
      await file.sync();
    } finally {
      await file.close();
    }
  },
  rename,
  remove: (path) => rm(path, { force: true }),
  async makeFolder(path) {
    return (await mkdir(path, { recursive: true })) ?? null;
  },
  async removeEmptyFolder(path) {
    await rmdir(path).catch(() => undefined);
  },
};

/** A name beside the file that no other run uses, recognisable as ours: `.name.ts.1f2e.migrate-rpc`. */
export function temporaryPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.migrate-rpc`);
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
