/** Type assertions that say nothing: `x as string` where x is a string, or where a string may stand anyway. */
import { ts } from 'ts-morph';

export interface NeedlessAssertion {
  /** Where the operand ends and what was asserted begins. */
  readonly position: number;
  /** What to delete: the assertion, and the parentheses that only it needed. */
  readonly spans: readonly { readonly start: number; readonly end: number }[];
}

/** Those of one file. A chain (`as unknown as T`) counts as one; `as const` and assertions of `any` are never needless. */
export function needlessAssertions(
  checker: ts.TypeChecker,
  source: ts.SourceFile,
): readonly NeedlessAssertion[] {
  const found: NeedlessAssertion[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isAsExpression(node) && !ts.isAsExpression(node.parent) && isNeedless(checker, node)) {
      found.push(deletion(source, node, operandOf(node)));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isNeedless(checker: ts.TypeChecker, node: ts.AsExpression): boolean {
  if (ts.isConstTypeReference(node.type)) return false;
  const given = checker.getTypeAtLocation(operandOf(node));
  if (given.flags & (ts.TypeFlags.Any | ts.TypeFlags.Never)) return false;
  const asserted = checker.getTypeAtLocation(node);
  if (isSame(checker, given, asserted)) return true;
  const wanted = declaredFor(node) ? checker.getContextualType(node) : undefined;
  const open = ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.TypeParameter;
  return wanted !== undefined && !(wanted.flags & open) && checker.isTypeAssignableTo(given, wanted);
}

/** The place has a type that is written down. Elsewhere what stands there may decide the type of the place. */
function declaredFor(node: ts.Expression): boolean {
  const { parent } = node;
  if (ts.isParenthesizedExpression(parent)) return declaredFor(parent);
  if (ts.isVariableDeclaration(parent)) return parent.type !== undefined;
  if (ts.isArrowFunction(parent)) return parent.type !== undefined;
  if (!ts.isReturnStatement(parent)) return false;
  const owner = ts.findAncestor(parent, ts.isFunctionLike);
  return owner?.type !== undefined;
}

/** Object types that are written out twice are two types with one text. */
function isSame(checker: ts.TypeChecker, one: ts.Type, other: ts.Type): boolean {
  if (one === other) return true;
  return (
    checker.typeToString(one) === checker.typeToString(other) &&
    checker.isTypeAssignableTo(one, other) &&
    checker.isTypeAssignableTo(other, one)
  );
}

function operandOf(node: ts.AsExpression): ts.Expression {
  return ts.isAsExpression(node.expression) ? operandOf(node.expression) : node.expression;
}

function deletion(source: ts.SourceFile, node: ts.AsExpression, operand: ts.Expression): NeedlessAssertion {
  const { parent } = node;
  const simple = ts.isLeftHandSideExpression(operand);
  if (!ts.isParenthesizedExpression(parent) || !simple) {
    return { position: operand.end, spans: [{ start: operand.end, end: node.end }] };
  }
  return {
    position: operand.end,
    spans: [
      { start: parent.getStart(source), end: operand.getStart(source) },
      { start: operand.end, end: parent.end },
    ],
  };
}
