/** Whether a file that is loaded by `require` would have to load an ES module for an edit. */
import { extname } from 'node:path';
import { findAbove, readTextIfPresent } from '../io/project-files.js';
import type { SitePlan } from '../6-rewrite/site-plan.js';

/**
 * The first of the plan's imports that a CommonJS file cannot require, or null. TypeScript says so itself in its
 * own files (TS1479); in JavaScript nothing does before the program starts.
 */
export function unrequirable({ file, imports }: SitePlan): string | null {
  if (!/\.c?jsx?$/.test(file) || isEsModule(file)) return null;
  const found = imports.find(({ from }) => from.kind === 'file' && isEsModule(from.path));
  return found?.from.kind === 'file' ? found.from.path : null;
}

/** By its extension, else by the nearest package.json: Node's rules. */
function isEsModule(path: string): boolean {
  const extension = extname(path);
  if (/^\.m[jt]s$/.test(extension)) return true;
  if (/^\.c[jt]s$/.test(extension)) return false;
  const [manifest] = findAbove('package.json', path);
  return manifest !== undefined && /"type"\s*:\s*"module"/.test(readTextIfPresent(manifest) ?? '');
}
