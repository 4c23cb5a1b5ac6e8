/** Tables in a tree and in the text of a statement that was sent. */
import type { FromItem, RangeTable } from '../3-parse/statement.js';

export function firstTable(item: FromItem | undefined): string | null {
  return firstRange(item)?.table ?? null;
}

export function firstRange(item: FromItem | undefined): RangeTable | null {
  if (item === undefined) return null;
  if (item.kind === 'join') return firstRange(item.left);
  return item.kind === 'table' ? item : null;
}

/** Part of a regular expression; its group is the name without schema and quotes. */
export const tableName = String.raw`(?:"?[\w$]+"?\.)?"?([\w$]+)"?`;

export function withoutTexts(sql: string): string {
  return sql.replace(/'(?:[^']|'')*'/g, "''");
}

/** The first table of the FROM clause that stands nearest before, in the same parentheses. */
export function tableBefore(text: string, end: number): string | null {
  let depth = 0;
  for (let at = end - 1; at >= 0; at -= 1) {
    if (text[at] === ')') depth += 1;
    if (text[at] === '(') depth -= 1;
    if (depth < 0) return null;
    if (depth > 0) continue;
    fromClause.lastIndex = at;
    const found = fromClause.exec(text);
    if (found?.[1] !== undefined && !/\w/.test(text[at - 1] ?? ' ')) return found[1];
  }
  return null;
}

/** The FROM of `IS DISTINCT FROM` names no table. */
const fromClause = new RegExp(String.raw`(?<!\bdistinct\s+)from\s+(?:only\s+)?${tableName}`, 'iy');
