/** Where a statement may be put so that it runs right before the call and under the same conditions. */
import { ts } from 'ts-morph';

/**
 * Start of the statement that holds the call, when nothing with an effect is evaluated between that start
 * and the call and the call runs whenever the statement does; else null.
 */
export function findHoistPoint(call: ts.Expression): number | null {
  let node: ts.Node = call;
  while (isEvaluatedFirst(node, node.parent)) node = node.parent;
  const statement = ts.isVariableDeclarationList(node.parent) ? node.parent.parent : node.parent;
  if (!holds(statement, node) || !isInStatementList(statement)) return null;
  return statement.getStart();
}

/** Does evaluating `parent` begin with evaluating `node`? */
function isEvaluatedFirst(node: ts.Node, parent: ts.Node): boolean {
  if (
    ts.isAwaitExpression(parent) ||
    ts.isParenthesizedExpression(parent) ||
    ts.isAsExpression(parent) ||
    ts.isTypeAssertionExpression(parent) ||
    ts.isSatisfiesExpression(parent) ||
    ts.isNonNullExpression(parent) ||
    ts.isPrefixUnaryExpression(parent)
  )
    return true;
  if (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) {
    return parent.expression === node;
  }
  if (ts.isCallExpression(parent)) {
    return parent.expression === node || (parent.arguments[0] === node && isPlain(parent.expression));
  }
  if (ts.isArrayLiteralExpression(parent)) return parent.elements[0] === node;
  if (ts.isConditionalExpression(parent)) return parent.condition === node;
  if (ts.isBinaryExpression(parent)) {
    if (parent.left === node) return parent.operatorToken.kind < ts.SyntaxKind.FirstAssignment;
    return parent.operatorToken.kind === ts.SyntaxKind.EqualsToken && ts.isIdentifier(parent.left);
  }
  return ts.isVariableDeclaration(parent) && parent.initializer === node;
}

/** `use`, `JSON.stringify`: reading it has no effect. */
function isPlain(callee: ts.Expression): boolean {
  return ts.isIdentifier(callee) || (ts.isPropertyAccessExpression(callee) && isPlain(callee.expression));
}

function holds(statement: ts.Node, node: ts.Node): statement is ts.Statement {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations[0] === node;
  if (ts.isExpressionStatement(statement) || ts.isReturnStatement(statement)) return true;
  if (ts.isThrowStatement(statement)) return true;
  if (ts.isIfStatement(statement) || ts.isSwitchStatement(statement)) return statement.expression === node;
  return ts.isForOfStatement(statement) && statement.expression === node;
}

function isInStatementList(statement: ts.Statement): boolean {
  const { parent } = statement;
  return (
    ts.isBlock(parent) ||
    ts.isSourceFile(parent) ||
    ts.isModuleBlock(parent) ||
    ts.isCaseOrDefaultClause(parent)
  );
}
