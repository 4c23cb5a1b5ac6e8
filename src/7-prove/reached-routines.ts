/** The routines that a call may run: the routine itself, what it calls by name, and triggers on the way. */
import type { Catalog, Routine } from '../1-read/catalog.js';
import { quoteIdentifier } from '../sql/identifier.js';

/** By names in the texts, so rather one too many: every trigger counts where something is written. */
export function reachedRoutines(routine: Routine, catalog: Catalog): readonly Routine[] {
  const reached = new Set<Routine>([routine]);
  for (const one of reached) {
    const words = new Set(withoutComments(one.source).match(/[\p{L}_][\p{L}\d_$]*/gu) ?? []);
    const writes = ['insert', 'update', 'delete', 'merge', 'truncate'].some(
      (word) => words.has(word) || words.has(word.toUpperCase()),
    );
    for (const other of catalog.routines) {
      const trigger =
        writes && other.source !== '' && catalog.types.get(other.returnType)?.name === 'trigger';
      if (words.has(other.name) || trigger) reached.add(other);
    }
  }
  return [...reached];
}

/**
 * What would leave the database when the routine runs, or null: dblink, HTTP, files, programs. Such a routine
 * is not run, on no server.
 */
export function callsOut(routines: readonly Routine[]): string | null {
  for (const { name, source } of routines) {
    const found = outside.exec(withoutComments(source))?.[0];
    if (found !== undefined) return `${name} calls out: ${found.replace(/\s+/g, ' ').replace(/\s*\($/, '')}`;
  }
  return null;
}

const outside =
  /\b(?:dblink\w*|(?:extensions\.)?http(?:_(?:get|post|put|patch|delete|head))?|net\.http_\w+|pg_background_\w+|lo_import|lo_export|pg_(?:read|write)_\w*file|pg_ls_\w*dir)\s*\(|\bcopy\b[^;]*?\b(?:program\b|(?:to|from)\s+')/i;

/** Names of the channels that are notified with a literal name, quoted; null when one has another name. */
export function notifiedChannels(routines: readonly Routine[]): readonly string[] | null {
  const channels = new Set<string>();
  for (const { source } of routines) {
    const text = withoutComments(source);
    for (const call of text.matchAll(/\bpg_notify\s*\(\s*(?:'((?:[^']|'')+)'\s*(?:::\s*text\s*)?,)?/gi)) {
      if (call[1] === undefined) return null;
      channels.add(quoteIdentifier(call[1].replaceAll("''", "'")));
    }
    for (const statement of text.matchAll(/(?:^|[;\s])notify\s+("(?:[^"]|"")+"|[\w$]+)\s*[,;]/gi)) {
      channels.add(statement[1] ?? '');
    }
  }
  return [...channels];
}

function withoutComments(sql: string): string {
  return sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ');
}
