/** `.order()`, `.limit()` and `.range()` of a request. */
import { ts } from 'ts-morph';
import { holeOf } from './assemble-sql.js';
import type { Hole, SiteRefusal } from './call-site.js';
import { propertyKey, unwrap } from './find-constant.js';
import type { RequestQuery, RequestValue } from './request-query.js';
import { textOf } from './sent-text.js';

export function addOrder(
  query: RequestQuery,
  [column, options]: readonly ts.Expression[],
): RequestQuery | SiteRefusal {
  const name = column === undefined ? null : textOf(column);
  if (name === null || !/^[A-Za-z_][\w$]*$/.test(name)) return notYet('a computed order');
  const flags = options === undefined ? {} : flagsOf(options);
  if (flags === null) return notYet(`\`${options?.getText() ?? ''}\` of the order`);
  const nulls = flags['nullsFirst'] === undefined ? null : flags['nullsFirst'] ? 'first' : 'last';
  const key = { column: name, descending: flags['ascending'] === false, nulls } as const;
  return { ...query, order: [...query.order, key] };
}

/** `ascending` and `nullsFirst` as constants; null for anything else, `foreignTable` among it. */
function flagsOf(options: ts.Expression): Readonly<Record<string, boolean>> | null {
  const node = unwrap(options);
  if (!ts.isObjectLiteralExpression(node)) return null;
  const flags: Record<string, boolean> = {};
  for (const property of node.properties) {
    const key = ts.isPropertyAssignment(property) ? propertyKey(property.name) : null;
    const value = ts.isPropertyAssignment(property) ? textOf(property.initializer) : null;
    if (key !== 'ascending' && key !== 'nullsFirst') return null;
    if (value !== 'true' && value !== 'false') return null;
    flags[key] = value === 'true';
  }
  return flags;
}

export function addLimit(
  query: RequestQuery,
  [count, options]: readonly ts.Expression[],
): RequestQuery | SiteRefusal {
  if (count === undefined || options !== undefined || query.limit !== null) return notYet('such a limit');
  const limit = countOf(count);
  return limit === null ? notYet(`the limit ${count.getText()}`) : { ...query, limit };
}

/** From the first row to the last, both of them counted from 0. */
export function addRange(
  query: RequestQuery,
  [from, to, options]: readonly ts.Expression[],
): RequestQuery | SiteRefusal {
  if (from === undefined || to === undefined || options !== undefined || query.limit !== null)
    return notYet('such a range');
  const offset = countOf(from);
  const limit = rangeSize(from, to);
  if (offset === null || limit === null) return notYet(`the range ${from.getText()} to ${to.getText()}`);
  return { ...query, limit, offset };
}

function countOf(expression: ts.Expression): RequestValue | null {
  const text = textOf(expression);
  if (text === null) return { kind: 'expression', hole: holeOf(expression, 0) };
  return /^\d{1,15}$/.test(text) ? { kind: 'text', text } : null;
}

function rangeSize(from: ts.Expression, to: ts.Expression): RequestValue | null {
  const [first, last] = [textOf(from), textOf(to)];
  if (first !== null && last !== null) {
    const size = Number(last) - Number(first) + 1;
    return size >= 0 ? { kind: 'text', text: String(size) } : null;
  }
  const sum = unwrap(to);
  // `offset + size - 1`
  if (isOperation(sum, ts.SyntaxKind.MinusToken) && textOf(sum.right) === '1') {
    const inner = unwrap(sum.left);
    if (isOperation(inner, ts.SyntaxKind.PlusToken) && inner.left.getText() === from.getText()) {
      return countOf(inner.right);
    }
  }
  // `offset + 9`
  if (isOperation(sum, ts.SyntaxKind.PlusToken) && sum.left.getText() === from.getText()) {
    const added = textOf(sum.right);
    if (added !== null) return { kind: 'text', text: String(Number(added) + 1) };
  }
  const rest = first === '0' ? ' + 1' : ` - ${from.getText()} + 1`;
  const hole: Hole = holeOf(to, 0);
  return { kind: 'expression', hole: { ...hole, form: ['', rest] } };
}

function isOperation(node: ts.Expression, kind: ts.SyntaxKind): node is ts.BinaryExpression {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === kind;
}

function notYet(detail: string): SiteRefusal {
  return { reason: 'rpc-not-yet', detail };
}
