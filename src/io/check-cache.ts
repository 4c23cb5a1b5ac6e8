/** What a check found last time, kept in node_modules/.cache beside the nearest package. Losing it costs time only. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { findAbove } from './project-files.js';

export interface CheckCache {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  /** Keeps what was asked for or set in this run, and nothing older. */
  save(): void;
}

/** Without a node_modules folder above `cwd` nothing is kept. */
export function openCheckCache(cwd: string): CheckCache {
  const modules = findAbove('node_modules', cwd)[0];
  const path = modules === undefined ? null : join(modules, '.cache', 'migrate-rpc', 'check.json');
  const old = path === null ? {} : readEntries(path);
  const used = new Map<string, unknown>();
  let changed = false;
  return {
    get(key) {
      const value = old[key];
      if (value !== undefined) used.set(key, value);
      return value;
    },
    set(key, value) {
      used.set(key, value);
      changed = true;
    },
    save() {
      if (path === null || (!changed && used.size === Object.keys(old).length)) return;
      try {
        mkdirSync(dirname(path), { recursive: true });
        writeFileAtomic.sync(path, JSON.stringify(Object.fromEntries(used)));
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

function readEntries(path: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
