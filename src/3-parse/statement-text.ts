/** Text and line of a statement that stands inside another one. */
import type { Node } from '../sql/parse-body.js';
import type { StatementContext } from './statement-context.js';
import { locationOf } from './statement-context.js';

/** `columns` is filled in for the outermost statement alone, after it was described. */
export interface StatementText {
  readonly sql: string;
  readonly line: number;
  readonly columns: null;
}

/** From the verb before the statement's first name to the bracket that closes it. Line 1 is the text's first. */
export function statementText(context: StatementContext, node: Node): StatementText {
  const location = locationOf(node) ?? 0;
  const verbs = context.tokens.filter(
    (token) =>
      token.start <= location && /^(select|values|table|insert|update|delete|merge)$/i.test(token.text),
  );
  const start = verbs.at(-1) ?? context.tokens[0];
  if (!start) return { sql: context.text, line: 1, columns: null };
  let depth = 0;
  let end = start.end;
  for (const token of context.tokens) {
    if (token.start < start.start) continue;
    if (/^[([]$/.test(token.text)) depth += 1;
    if (/^[)\]]$/.test(token.text)) depth -= 1;
    if (depth < 0) break;
    end = token.end;
  }
  return { sql: context.bytes.subarray(start.start, end).toString(), line: start.line, columns: null };
}
