/** What a check found last time, kept in node_modules/.cache beside the nearest package. Losing it costs time only. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { findAbove } from './project-files.js';

export interface CheckCache {
  /** What was kept for a file when everything that decides on it had this digest; undefined otherwise. */
  get(file: string, digest: string): unknown;
  set(file: string, digest: string, value: unknown): void;
  /** Files that this run did not ask about stay, unless they are gone. */
  save(): void;
}

interface Entry {
  readonly digest: string;
  readonly value: unknown;
}

/** Without a node_modules folder above `cwd` nothing is kept. Each working directory has a file of its own. */
export function openCheckCache(cwd: string): CheckCache {
  const modules = findAbove('node_modules', cwd)[0];
  const name = `check-${digestOf([cwd]).slice(0, 12)}.json`;
  const path = modules === undefined ? null : join(modules, '.cache', 'migrate-rpc', name);
  const entries = new Map(path === null ? [] : readEntries(path));
  let changed = false;
  return {
    get(file, digest) {
      const entry = entries.get(file);
      return entry?.digest === digest ? entry.value : undefined;
    },
    set(file, digest, value) {
      entries.set(file, { digest, value });
      changed = true;
    },
    save() {
      if (path === null || !changed) return;
      const kept = [...entries].filter(([file]) => existsSync(file));
      try {
        mkdirSync(dirname(path), { recursive: true });
        writeFileAtomic.sync(path, JSON.stringify(Object.fromEntries(kept)));
      } catch {
        // A folder that cannot be written is no reason to fail: the next run is as slow as this one.
      }
    },
  };
}

/** A short name for texts, in order. */
export function digestOf(texts: Iterable<string>): string {
  const hash = createHash('sha1');
  for (const text of texts) hash.update(text).update('\0');
  return hash.digest('base64url');
}

function readEntries(path: string): readonly (readonly [string, Entry])[] {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' && value !== null ? Object.entries(value as Record<string, Entry>) : [];
  } catch {
    return [];
  }
}
