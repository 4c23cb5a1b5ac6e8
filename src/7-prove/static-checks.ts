/**
 * Level 0 of the proof: what can be seen in the texts alone. Locks and order are compared between
 * the body's statement and the SQL that Drizzle makes; the generated code is searched for an outer client.
 */
import type { Body } from '../3-parse/body.js';
import type { Locking, Select, Statement } from '../3-parse/statement.js';
import type { Difference } from './evidence.js';

/** Compares the statement with the SQL texts that stand for it, in the order they are sent. */
export function staticChecks(statement: Statement | Body, sqlTexts: readonly string[]): Difference | null {
  const text = sqlTexts.map(withoutLiterals).join(';\n');
  const locks = locksOf(statement);
  const sentLocks = [...text.matchAll(lockClause)].map((match) => normal(match[0]));
  if (locks.join('; ') !== sentLocks.join('; ')) {
    return difference('the lock clauses differ', locks.join('; '), sentLocks.join('; '));
  }
  if (hasOrder(statement) && !/\border\s+by\b/i.test(text)) {
    return difference('ORDER BY is lost', 'ORDER BY', sqlTexts.join(';\n'));
  }
  return null;
}

/** Finds `executor.` inside a transaction callback of the generated code, where only `tx` may stand. */
export function outerClientInTransaction(code: string, executor: string): Difference | null {
  for (const match of code.matchAll(
    /\btransaction\s*\(\s*(?:async\s*)?\(?\s*(\w+)\s*\)?\s*=>|\bexecuteTransaction\s*\(\s*(?:async\s*)?\(?\s*(\w+)\s*\)?\s*=>/g,
  )) {
    const body = callbackText(code, match.index);
    const name = match[1] ?? match[2];
    const escaped = executor.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    if (name !== executor && new RegExp(`(?<![\\w.])${escaped}\\s*\\.`).test(body.slice(match[0].length))) {
      return difference('the outer client is used inside a transaction', '', body);
    }
  }
  return null;
}

const lockClause =
  /\bfor\s+(?:no\s+key\s+update|key\s+share|update|share)\b(?:\s+of\s+[\w".,\s]+?)?(?:\s+(?:skip\s+locked|nowait))?(?=\s*(?:$|[);,]|\bfor\b|\breturning\b|\bset\b|\bfrom\b|\bwhere\b|\border\b|\blimit\b))/gim;

function locksOf(statement: Statement | Body): string[] {
  const found: string[] = [];
  walk(statement, (select) => {
    for (const lock of select.locking) found.push(lockText(lock));
  });
  return found;
}

function lockText({ strength, wait }: Locking): string {
  return wait === 'block' ? `for ${strength}` : `for ${strength} ${wait}`;
}

/** OF names tables by their alias there and by their name here, so it is left out of the comparison. */
function normal(clause: string): string {
  return clause
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/ of [\w".,\s]+?(?= skip locked| nowait|$)/, '')
    .trim();
}

function hasOrder(statement: Statement | Body): boolean {
  return statement.kind === 'select' && statement.orderBy.length > 0;
}

/** Every SELECT of a statement, in the order of the text: common tables, sources, subqueries. */
function walk(node: unknown, visit: (select: Select) => void): void {
  if (Array.isArray(node)) return node.forEach((item) => walk(item, visit));
  if (typeof node !== 'object' || node === null) return;
  for (const value of Object.values(node)) walk(value, visit);
  if (isSelect(node)) visit(node);
}

function isSelect(node: object): node is Select {
  return 'kind' in node && node.kind === 'select' && 'locking' in node;
}

/** The text from `start` to the parenthesis that closes the first one. */
function callbackText(code: string, start: number): string {
  let depth = 0;
  for (let at = code.indexOf('(', start); at < code.length; at += 1) {
    if (code[at] === '(') depth += 1;
    if (code[at] === ')') depth -= 1;
    if (depth === 0) return code.slice(start, at + 1);
  }
  return code.slice(start);
}

function withoutLiterals(sql: string): string {
  return sql.replace(/'(?:[^']|'')*'/g, "''");
}

function difference(summary: string, before: string, after: string): Difference {
  return { level: 'static', summary, before, after, input: '' };
}
