/**
 * Verdicts of earlier proofs, kept in node_modules/.cache of the nearest package, else in the user's cache folder.
 * Losing them costs time only.
 */
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { digestOf } from './check-cache.js';
import { findAbove } from './project-files.js';

export interface VerdictCache {
  /** What was kept under the digest, or undefined. */
  get(digest: string): unknown;
  set(digest: string, value: unknown): void;
  save(): void;
}

/** The oldest go first. */
const most = 2000;

export function openVerdictCache(cwd: string): VerdictCache {
  const modules = findAbove('node_modules', cwd)[0];
  const home = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = modules === undefined ? join(home, 'migrate-rpc') : join(modules, '.cache', 'migrate-rpc');
  const path = join(folder, 'verdicts.json');
  const entries = new Map(readEntries(path));
  let changed = false;
  return {
    get: (digest) => entries.get(digest),
    set(digest, value) {
      entries.delete(digest);
      entries.set(digest, value);
      changed = true;
    },
    save() {
      if (!changed) return;
      try {
        mkdirSync(dirname(path), { recursive: true });
        writeFileAtomic.sync(path, JSON.stringify(Object.fromEntries([...entries].slice(-most))));
      } catch {
        // A folder that cannot be written is no reason to fail: the next run is as slow as this one.
      }
    },
  };
}

/** Changes with the program's own proof, so that what an older one said is proven anew. */
export function proofDigest(): string {
  const root = join(import.meta.dirname, '..');
  const texts = ['7-prove', 'sql', 'pipeline'].flatMap((folder) =>
    readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && /\.[jt]s$/.test(entry.name))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')),
  );
  return digestOf(texts);
}

function readEntries(path: string): readonly (readonly [string, unknown])[] {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' && value !== null ? Object.entries(value) : [];
  } catch {
    return [];
  }
}
