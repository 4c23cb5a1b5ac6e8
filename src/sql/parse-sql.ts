/** SQL text to PostgreSQL's own parse tree, with failures as data. */
import { hasSqlDetails, parseSync, type RawStmt } from 'libpg-query';
import { indexOfCodePoint } from './character-offsets.js';

export type ParsedSql =
  | { readonly ok: true; readonly statements: readonly RawStmt[] }
  /** `position` is an index of the text, or null when the parser names none. */
  | { readonly ok: false; readonly message: string; readonly position: number | null };

/** Locations inside the tree are UTF-8 byte offsets: see character-offsets.ts. */
export function parseSql(text: string): ParsedSql {
  // A NUL byte would silently end the input, and the grammar refuses an empty one.
  const nul = text.indexOf('\0');
  if (nul >= 0) return { ok: false, message: 'the text holds a NUL character', position: nul };
  if (text.trim() === '') return { ok: true, statements: [] };
  try {
    return { ok: true, statements: parseSync(text).stmts ?? [] };
  } catch (error) {
    return failure(text, error);
  }
}

function failure(text: string, error: unknown): ParsedSql {
  const message = error instanceof Error ? error.message : String(error);
  // Counted in code points from 0; the parser's own library has taken PostgreSQL's 1 off.
  const cursor = hasSqlDetails(error) ? error.sqlDetails?.cursorPosition : undefined;
  return { ok: false, message, position: cursor === undefined ? null : indexOfCodePoint(text, cursor) };
}
