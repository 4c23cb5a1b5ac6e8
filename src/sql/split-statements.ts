/**
 * An SQL file to its statements, with what the loader has to know of each. What only psql understands
 * (meta-commands, the rows after COPY … FROM stdin) is blanked out first and named.
 */
import type { Node } from 'libpg-query';
import { blankPsql } from './blank-psql.js';
import { characterOffsets } from './character-offsets.js';
import { parseSql } from './parse-sql.js';
import { readStatementFacts, type StatementFacts } from './statement-facts.js';

export interface FileStatement extends StatementFacts {
  /** Without the comments and white space before it and the semicolon behind it. */
  readonly text: string;
  /** Index of its first character in the file's text. */
  readonly start: number;
}

export type SplitFile =
  | {
      readonly ok: true;
      readonly statements: readonly FileStatement[];
      readonly removed: readonly RemovedText[];
    }
  /** `position` is an index of the text, or null. */
  | { readonly ok: false; readonly message: string; readonly position: number | null };

export interface RemovedText {
  readonly start: number;
  /** `\connect`, or `rows of COPY public.account`. */
  readonly what: string;
}

/** Needs `loadSqlParser()` first. */
export function splitStatements(text: string): SplitFile {
  const { text: sql, removed } = blankPsql(text);
  const parsed = parseSql(sql);
  if (!parsed.ok) return parsed;
  const toCharacter = characterOffsets(sql);
  const statements = parsed.statements.flatMap((raw): FileStatement[] => {
    const from = raw.stmt_location ?? 0;
    const start = toCharacter(from);
    const end = raw.stmt_len ? toCharacter(from + raw.stmt_len) : sql.length;
    const lead = leadingBlank.exec(sql.slice(start, end))?.[0].length ?? 0;
    const node: Node | undefined = raw.stmt;
    if (node === undefined) return [];
    const content = sql.slice(start + lead, end).trimEnd();
    return [{ text: content, start: start + lead, ...readStatementFacts(node) }];
  });
  return { ok: true, statements, removed };
}

/** White space and comments; a nested block comment is cut at its first end, which costs only a line number. */
const leadingBlank = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/;
