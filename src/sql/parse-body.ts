/**
 * The grammar of PostgreSQL itself over SQL text that the database stores. Offsets are UTF-8 bytes
 * of the text that was parsed; a field that holds its zero value is absent.
 */
import { hasSqlDetails, parseSync } from 'libpg-query';
import type { Node } from '@pgsql/types';

export type * from '@pgsql/types';

export interface RawStatement {
  readonly node: Node;
  /** The statement's own text, without surrounding blanks, comments and semicolons. */
  readonly text: string;
  /** 1-based line in the parsed text at which `text` starts. */
  readonly line: number;
  /** Byte offset of `text`; the locations in `node` count from the start of the parsed text. */
  readonly start: number;
}

export type ParsedSql =
  | { readonly ok: true; readonly statements: readonly RawStatement[] }
  | { readonly ok: false; readonly message: string; readonly line: number | null };

/** Parses zero or more statements. A syntax error is data: its message and 1-based line. */
export function parseSqlText(text: string): ParsedSql {
  if (text.includes('\0')) return { ok: false, message: 'the text holds a NUL byte', line: null };
  if (text.trim() === '') return { ok: true, statements: [] };
  try {
    const bytes = Buffer.from(text);
    const statements = (parseSync(text).stmts ?? []).flatMap((raw) => {
      if (!raw.stmt) return [];
      const from = raw.stmt_location ?? 0;
      const to = raw.stmt_len ? from + raw.stmt_len : bytes.length;
      const start = from + Buffer.byteLength(leadingBlank(bytes.subarray(from, to).toString()));
      return [
        {
          node: raw.stmt,
          text: bytes.subarray(start, to).toString().trimEnd(),
          line: lineAt(bytes, start),
          start,
        },
      ];
    });
    return { ok: true, statements };
  } catch (error) {
    return failure(error, text);
  }
}

/** Blanks and comments that a text starts with. */
export function leadingBlank(text: string): string {
  return /^(?:\s+|--[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*\*\/)*/.exec(text)?.[0] ?? '';
}

function lineAt(bytes: Buffer, offset: number): number {
  let line = 1;
  for (let index = 0; index < offset; index += 1) if (bytes[index] === 10) line += 1;
  return line;
}

function failure(error: unknown, text: string): ParsedSql {
  if (!(error instanceof Error)) throw error;
  const position = hasSqlDetails(error) ? (error.sqlDetails?.cursorPosition ?? -1) : -1;
  const line = position < 0 ? null : [...text].slice(0, position).filter((char) => char === '\n').length + 1;
  return { ok: false, message: error.message, line };
}
