/** Whether a value may be null or undefined by its declared type. Assertions hide it and do not change it; guards do. */
import { ts } from 'ts-morph';
import type { ProgramFacts } from './program-facts.js';

export type Nullish = 'undefined' | 'null' | 'null or undefined';

/** Null when it cannot be, or when nobody declared what it is. */
export function nullishOf(facts: ProgramFacts, node: ts.Expression): Nullish | null {
  const bare = withoutAssertions(node);
  if (isChoice(bare)) {
    const parts = choices(bare).map((one) => nullishOf(facts, one));
    return parts.find((one) => one !== null) ?? null;
  }
  const type = facts.checker.getTypeAtLocation(bare);
  const found = nullishOfType(type);
  if (found === null || isGuardedBefore(bare)) return null;
  return found;
}

/** `a ? b : c`, when a branch is asserted: the assertion round the whole hides each branch. */
function isChoice(node: ts.Expression): node is ts.ConditionalExpression {
  return ts.isConditionalExpression(node);
}

function choices(node: ts.ConditionalExpression): readonly ts.Expression[] {
  return [node.whenTrue, node.whenFalse];
}

export function nullishOfType(type: ts.Type): Nullish | null {
  const flags = (type.isUnion() ? type.types : [type]).reduce((all, one) => all | one.flags, 0);
  if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return null;
  const isUndefined = (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)) !== 0;
  const isNull = (flags & ts.TypeFlags.Null) !== 0;
  if (isUndefined && isNull) return 'null or undefined';
  return isUndefined ? 'undefined' : isNull ? 'null' : null;
}

/** The expression without `!`, `as`, `satisfies` and parentheses round it. */
export function withoutAssertions(node: ts.Expression): ts.Expression {
  if (
    ts.isParenthesizedExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isTypeAssertionExpression(node)
  )
    return withoutAssertions(node.expression);
  return node;
}

/**
 * The compiler forgets a test of `input.id` inside a closure, or what an assertion function of unknown type has
 * made sure of; a person does not. An earlier statement that leaves unless the same text holds counts as a guard.
 */
function isGuardedBefore(node: ts.Expression): boolean {
  const text = node.getText();
  for (let at: ts.Node = node; !ts.isSourceFile(at); at = at.parent) {
    const { parent } = at;
    if (ts.isIfStatement(parent) && parent.thenStatement === at && mentions(parent.expression, text))
      return true;
    if (ts.isConditionalExpression(parent) && parent.whenTrue === at && mentions(parent.condition, text))
      return true;
    if (ts.isBinaryExpression(parent) && parent.right === at && isAnd(parent) && mentions(parent.left, text))
      return true;
    if (!ts.isBlock(parent) && !ts.isSourceFile(parent) && !ts.isCaseOrDefaultClause(parent)) continue;
    for (const statement of parent.statements) {
      if (statement.pos >= at.pos) break;
      if (isGuard(statement, text)) return true;
    }
  }
  return false;
}

function isAnd(node: ts.BinaryExpression): boolean {
  return node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken;
}

function isGuard(statement: ts.Statement, text: string): boolean {
  if (ts.isIfStatement(statement))
    return leaves(statement.thenStatement) && mentions(statement.expression, text);
  if (!ts.isExpressionStatement(statement)) return false;
  const call = statement.expression;
  return (
    ts.isCallExpression(call) &&
    /^(?:assert|invariant|ok|expect|require|ensure|check)\w*$|^assert\./i.test(call.expression.getText()) &&
    call.arguments.some((one) => mentions(one, text))
  );
}

function leaves(node: ts.Statement): boolean {
  if (ts.isBlock(node)) {
    const last = node.statements.at(-1);
    return last !== undefined && leaves(last);
  }
  return ts.isThrowStatement(node) || ts.isReturnStatement(node) || ts.isBreakOrContinueStatement(node);
}

function mentions(node: ts.Node, text: string): boolean {
  if (node.getText() === text) return true;
  return ts.forEachChild(node, (one) => (mentions(one, text) ? true : undefined)) === true;
}
