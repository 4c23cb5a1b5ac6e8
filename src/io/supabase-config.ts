/** The configuration of the Supabase project that some files belong to, as far as it says what a request gives. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export interface RequestLimit {
  /** PostgREST's `db-max-rows`: a request gives no more. */
  readonly rows: number;
  /** Absolute path of the file that says so. */
  readonly file: string;
}

/** `max_rows` below `[api]` of the nearest `supabase/config.toml` above one of the paths, or null. */
export function readRequestLimit(paths: readonly string[], cwd: string): RequestLimit | null {
  for (const path of [...paths, '.']) {
    const file = nearestConfig(resolve(cwd, path));
    const rows = file === null ? null : maxRows(readFileSync(file, 'utf8'));
    if (file !== null && rows !== null) return { rows, file };
  }
  return null;
}

function nearestConfig(path: string): string | null {
  const start = existsSync(path) && statSync(path).isDirectory() ? path : dirname(path);
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, 'supabase', 'config.toml');
    if (existsSync(file)) return file;
    if (dirname(folder) === folder) return null;
  }
}

/** One whole number of one table: TOML has no other spelling of it but with `_` between digits. */
export function maxRows(text: string): number | null {
  let table = '';
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[\s*([\w.-]+)\s*\]/.exec(line)?.[1];
    if (header !== undefined) table = header;
    const [, own, digits] = /^\s*((?:api\s*\.\s*)?max_rows)\s*=\s*\+?([\d_]+)\s*(?:#.*)?$/.exec(line) ?? [];
    if (digits === undefined) continue;
    if ((table === 'api' && own === 'max_rows') || (table === '' && own !== 'max_rows'))
      return Number(digits.replaceAll('_', ''));
  }
  return null;
}
