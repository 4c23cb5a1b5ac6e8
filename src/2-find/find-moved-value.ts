/**
 * Values that a constant binds away from the call that sends it. A rewritten call evaluates them in its own
 * place, which is the same only for names that nothing changes in between.
 */
import { ts } from 'ts-morph';
import { unwrap } from './find-constant.js';
import type { SqlPart } from './sql-parts.js';

/** The first value outside `sender` that may not be the same there, as written; else null. */
export function findMovedValue(parts: readonly SqlPart[], sender: ts.Node): string | null {
  for (const part of parts) {
    if (part.kind !== 'hole' || isInside(part.node, sender)) continue;
    if (!staysSame(unwrap(part.node), sender)) return part.node.getText();
  }
  return null;
}

function isInside(node: ts.Node, outer: ts.Node): boolean {
  return node.getStart() >= outer.getStart() && node.end <= outer.end;
}

/** A literal, or a name (or property of one) of the same function that is never assigned there. */
function staysSame(node: ts.Expression, sender: ts.Node): boolean {
  if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return true;
  if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) return true;
  if (node.kind === ts.SyntaxKind.NullKeyword) return true;
  const scope = functionOf(node);
  if (scope !== functionOf(sender)) return false;
  let root: ts.Expression = node;
  while (ts.isPropertyAccessExpression(root)) root = root.expression;
  if (root.kind === ts.SyntaxKind.ThisKeyword) return !isAssigned(node.getText(), scope);
  if (!ts.isIdentifier(root)) return false;
  return !isAssigned(root.text, scope) && declarationsOf(root.text, scope) <= 1;
}

function functionOf(node: ts.Node): ts.Node {
  let scope = node.parent;
  while (!ts.isFunctionLike(scope) && !ts.isSourceFile(scope)) scope = scope.parent;
  return scope;
}

/** Is `name`, or a property of it, on the left of an assignment or of `++` somewhere in `scope`? */
function isAssigned(name: string, scope: ts.Node): boolean {
  const isTarget = (node: ts.Expression): boolean => {
    const text = node.getText();
    return text === name || text.startsWith(`${name}.`) || text.startsWith(`${name}[`);
  };
  return someBelow(scope, (node) => {
    if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
      const { operator } = node;
      const changes = operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken;
      return changes && isTarget(node.operand);
    }
    if (!ts.isBinaryExpression(node)) return false;
    const { kind } = node.operatorToken;
    return (
      kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment && isTarget(node.left)
    );
  });
}

/** How often a scope declares a name: twice means that one hides the other. */
function declarationsOf(name: string, scope: ts.Node): number {
  let count = 0;
  someBelow(scope, (node) => {
    const declares = ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node);
    if (declares && ts.isIdentifier(node.name) && node.name.text === name) count += 1;
    return false;
  });
  return count;
}

function someBelow(node: ts.Node, test: (node: ts.Node) => boolean): boolean {
  return ts.forEachChild(node, (child) => test(child) || someBelow(child, test)) ?? false;
}
