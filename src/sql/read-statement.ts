/** SQL text of a call site to what it calls, by two parsers that must agree where both read it. */
import { parseSql } from './parse-sql.js';
import { readWithGrammar } from './read-with-grammar.js';
import { readWithTypedTree, type TypedArgument, type TypedCall } from './read-with-typed-tree.js';
import type { ReadArgument, StatementReading, WholeCall } from './statement-reading.js';

export type StatementResult =
  | { readonly ok: true; readonly reading: StatementReading }
  /** `position` is an index of the text, or null. */
  | { readonly ok: false; readonly message: string; readonly position: number | null };

/**
 * PostgreSQL's grammar decides; `loadSqlParser` must have been awaited. Where pgsql-ast-parser reads the text
 * as a single call too, a difference between the two is a failure and never a guess.
 */
export function readStatement(text: string): StatementResult {
  const parsed = parseSql(text);
  if (!parsed.ok) return parsed;
  const reading = readWithGrammar(text, parsed.statements);
  if (reading.whole === null) return { ok: true, reading };
  const difference = findDifference(text, reading.whole);
  if (difference === null) return { ok: true, reading };
  return { ok: false, message: `the two SQL parsers read it differently (${difference})`, position: null };
}

function findDifference(text: string, whole: WholeCall): string | null {
  const typed = readWithTypedTree(text);
  if (typed.kind === 'refused') return null;
  if (typed.kind === 'other') return 'whether it is one call';
  return differenceOfCalls(text, whole, typed.call);
}

function differenceOfCalls(text: string, whole: WholeCall, typed: TypedCall): string | null {
  if (whole.form !== typed.form) return 'its form';
  if (whole.name !== typed.name || whole.schema !== typed.schema) return 'the name of the routine';
  if (whole.form === 'scalar' && whole.scalarKey !== typed.scalarKey) return 'the alias';
  if (whole.tableAlias !== typed.tableAlias) return 'the alias';
  if (JSON.stringify(whole.columns) !== JSON.stringify(typed.columns)) return 'its columns';
  if (whole.arguments.length !== typed.arguments.length) return 'the number of arguments';
  const index = whole.arguments.findIndex((one, at) => !sameArgument(text, one, typed.arguments[at]));
  return index < 0 ? null : `argument ${String(index + 1)}`;
}

/** Parentheses round an argument belong to its extent for one parser and not for the other. */
function sameArgument(text: string, one: ReadArgument, other: TypedArgument | undefined): boolean {
  if (other === undefined || one.parameter !== other.parameter || one.casts.length !== other.casts)
    return false;
  const rest = text.slice(one.start, Math.max(one.start, other.start)) + text.slice(other.end, one.end);
  return other.start >= one.start && other.end <= one.end && /^[\s()]*$/.test(rest);
}
