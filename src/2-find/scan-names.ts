/**
 * The names to look for, and a scan that tells from the bare text whether a file is worth parsing.
 * It may say yes too often, never no where a site is.
 */
import type { Catalog, Routine } from '../1-read/catalog.js';

export interface RoutineNames {
  /** Names of the database's own routines, as the catalog spells them. */
  readonly routines: ReadonlySet<string>;
  /** Names of built-in routines and of those that belong to extensions. */
  readonly known: ReadonlySet<string>;
}

/** What of a catalog the names are taken from. */
type NamedRoutines = Pick<Catalog, 'builtins'> & {
  readonly routines: readonly Pick<Routine, 'name' | 'extension'>[];
};

/** Extension-owned and built-in names are known but are no findings in SQL text. */
export function routineNames(catalog: NamedRoutines): RoutineNames {
  const routines = new Set<string>();
  const known = new Set(catalog.builtins.keys());
  for (const { name, extension } of catalog.routines) (extension === null ? routines : known).add(name);
  return { routines, known };
}

/** May `text` hold a call of a named routine, a call through `.rpc()`, or one whose name is computed? */
export function mentions(text: string, names: RoutineNames): boolean {
  // A search for fixed letters is many times faster than a pattern, and most files end here.
  if (text.includes('rpc') && /\.rpc\s*[(<]|\.rpc\?\.|\[['"]rpc['"]\]/.test(text)) return true;
  if (!/\b(?:sql|select|call|insert|update|delete|values|with|merge|do)\b/i.test(text)) return false;
  return namePattern(names).test(text) || callsUnknown(text, names);
}

/** May this SQL call a named routine, or one that is computed or unknown? `$1(` and a pasted word count as computed. */
export function sqlMentions(sql: string, names: RoutineNames): boolean {
  return namePattern(names).test(sql) || /\$\d+\s*\(|pasted_text_/.test(sql) || callsUnknown(sql, names);
}

const patterns = new WeakMap<RoutineNames, RegExp>();

/**
 * One alternation over all names, which the engine searches several times faster than it cuts text into words.
 * What follows is a parenthesis, a comment before one, or the end of a quoted name or of a string.
 */
function namePattern(names: RoutineNames): RegExp {
  const cached = patterns.get(names);
  if (cached !== undefined) return cached;
  const words = [...names.routines].map(escapeName).join('|');
  const pattern =
    words === '' ? /(?!)/ : new RegExp(`(?<![\\w$])(?:${words})(?=\\s*(?:[("'\`\\\\]|/\\*|--))`, 'i');
  patterns.set(names, pattern);
  return pattern;
}

/** A quote inside a name is doubled in SQL and may be escaped in TypeScript. */
function escapeName(name: string): string {
  return name.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&').replaceAll('"', '["\\\\]+');
}

/** What the grammar itself lets a parenthesis follow: these words name a routine only where they are quoted. */
const grammarWords = new Set([
  'all',
  'array',
  'case',
  'cast',
  'coalesce',
  'distinct',
  'exists',
  'extract',
  'greatest',
  'grouping',
  'least',
  'lateral',
  'not',
  'nullif',
  'only',
  'row',
  'select',
  'trim',
  'values',
]);

/** `SELECT nosuch(…)`, `FROM nosuch(…)`, `CALL nosuch(…)`, `${name}(`, `name + '('`, `sql.raw(name)`. */
function callsUnknown(text: string, names: RoutineNames): boolean {
  if (/\}["\s]*\(/.test(text) && /\$\{[^`\n]*\}["\s]*\(/.test(text)) return true;
  if (/\.(?:raw|identifier|unsafe)\s*\(|\+\s*['"`]"?\s*\(/.test(text)) return true;
  const calls = /\b(?:select|from|call)\s+\(?(?:[\w$"\\]+\s*\.\s*)?["\\]*([\w$]+)["\\]*\s*\(/gi;
  for (const match of text.matchAll(calls)) {
    const name = match[1] ?? '';
    if (grammarWords.has(name.toLowerCase()) && !/["\\.]/.test(match[0])) continue;
    if (!names.known.has(name.toLowerCase()) && !names.known.has(name)) return true;
  }
  return false;
}
