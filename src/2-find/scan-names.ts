/**
 * The names to look for, and a scan that tells from the bare text whether a file is worth parsing.
 * It may say yes too often, never no where a site is.
 */
import type { Catalog } from '../1-read/catalog.js';

export interface RoutineNames {
  /** Names of the database's own routines, as the catalog spells them. */
  readonly routines: ReadonlySet<string>;
  /** Names of built-in routines and of those that belong to extensions. */
  readonly known: ReadonlySet<string>;
}

/** Extension-owned and built-in names are known but are no findings in SQL text. */
export function routineNames(catalog: Pick<Catalog, 'routines' | 'builtins'>): RoutineNames {
  const routines = new Set<string>();
  const known = new Set(catalog.builtins.keys());
  for (const { name, extension } of catalog.routines) (extension === null ? routines : known).add(name);
  return { routines, known };
}

/** May `text` hold a call of a named routine, a call through `.rpc()`, or one whose name is computed? */
export function mentions(text: string, names: RoutineNames): boolean {
  if (/\.rpc\s*[(<]|\.rpc\?\.|\[['"]rpc['"]\]/.test(text)) return true;
  if (!/\b(?:sql|select|call|insert|update|delete|values|with|merge|do)\b/i.test(text)) return false;
  return namesRoutine(text, lowerNames(names)) || callsUnknown(text, names);
}

const lowered = new WeakMap<RoutineNames, ReadonlySet<string>>();

function lowerNames(names: RoutineNames): ReadonlySet<string> {
  const cached = lowered.get(names);
  if (cached !== undefined) return cached;
  const lower = new Set([...names.routines].map((name) => name.toLowerCase()));
  lowered.set(names, lower);
  return lower;
}

/** A word, or a quoted name of any characters, that an opening parenthesis follows. */
function namesRoutine(text: string, lower: ReadonlySet<string>): boolean {
  const call =
    /(?:([\p{L}_][\p{L}\p{N}_$]*)|"((?:[^"\\\n]|\\.|"")+?)\\?")\s*(?:\/\*[^]*?\*\/\s*|--[^\n]*\n\s*)*\(/gu;
  for (const match of text.matchAll(call)) {
    const name = match[1] ?? match[2]?.replaceAll('""', '"').replaceAll('\\', '') ?? '';
    if (lower.has(name.toLowerCase())) return true;
  }
  return false;
}

/** `SELECT nosuch(…)`, `FROM nosuch(…)`, `CALL nosuch(…)`, `${name}(`, `sql.raw(name)`. */
function callsUnknown(text: string, names: RoutineNames): boolean {
  if (/\}["\s]*\(/.test(text) && /\$\{[^}]*\}["\s]*\(/.test(text)) return true;
  if (/\.(?:raw|identifier|unsafe)\s*\(/.test(text)) return true;
  for (const match of text.matchAll(
    /\b(?:select|from|call)\s+\(?(?:[\w$"\\]+\s*\.\s*)?["\\]*([\w$]+)["\\]*\s*\(/gi,
  )) {
    const name = match[1] ?? '';
    if (!names.known.has(name.toLowerCase()) && !names.known.has(name)) return true;
  }
  return false;
}
