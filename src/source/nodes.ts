/** Finding nodes by position, and the small questions that syntax alone answers. */
import { ts } from 'ts-morph';

/** The innermost expression that covers exactly `start` to `end` (without leading trivia), or null. */
export function expressionAt(file: ts.SourceFile, start: number, end: number): ts.Expression | null {
  let found: ts.Expression | null = null;
  const visit = (node: ts.Node): void => {
    if (node.pos > start || node.end < end) return;
    if (node.end === end && ts.isExpression(node) && node.getStart(file) === start) found = node;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** The expression without parentheses, casts, `satisfies` and `!` round it. */
export function unwrap(node: ts.Expression): ts.Expression {
  return isWrapper(node) ? unwrap(node.expression) : node;
}

/** The outermost expression that is `node` in parentheses, casts, `satisfies` and `!`. */
export function wrapped(node: ts.Expression): ts.Expression {
  return isWrapper(node.parent) ? wrapped(node.parent) : node;
}

/** The outermost expression that is `node` in parentheses alone. */
export function parenthesized(node: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(node.parent) ? parenthesized(node.parent) : node;
}

type Wrapper =
  | ts.ParenthesizedExpression
  | ts.AsExpression
  | ts.TypeAssertion
  | ts.SatisfiesExpression
  | ts.NonNullExpression;

function isWrapper(node: ts.Node): node is Wrapper {
  return (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isTypeAssertionExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node)
  );
}

/** `x.name` or `x['name']` on exactly this object expression: the name, else null. */
export function memberOf(access: ts.Node, object: ts.Expression): string | null {
  if (ts.isPropertyAccessExpression(access) && access.expression === object) return access.name.text;
  if (
    ts.isElementAccessExpression(access) &&
    access.expression === object &&
    ts.isStringLiteralLike(access.argumentExpression)
  )
    return access.argumentExpression.text;
  return null;
}

/** `x[0]` or `x.at(0)` on exactly this expression: the reading expression and the index, else null. */
export function elementOf(
  object: ts.Expression,
): { readonly read: ts.Expression; readonly index: number | null } | null {
  const access = object.parent;
  if (ts.isElementAccessExpression(access) && access.expression === object) {
    const index = access.argumentExpression;
    if (ts.isStringLiteralLike(index)) return null;
    return { read: access, index: ts.isNumericLiteral(index) ? Number(index.text) : null };
  }
  if (memberOf(access, object) === 'at' && ts.isCallExpression(access.parent)) {
    const call = access.parent;
    const [index] = call.arguments;
    if (call.expression !== access || index === undefined) return null;
    return { read: call, index: ts.isNumericLiteral(index) ? Number(index.text) : null };
  }
  return null;
}
