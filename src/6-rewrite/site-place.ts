/** Where in its statement a site's expression stands, and what that asks of the text that takes its place. */
import { ts } from 'ts-morph';
import type { Span } from '../2-find/call-site.js';
import type { ResultUse, TextEdit } from '../2-find/result-use.js';
import type { Adapted } from './adapt-value.js';
import { applyEdits } from './apply-edits.js';
import { indentAt, type Placement } from './lay-out.js';
import type { SourceView } from './place-context.js';
import { innermost } from './visible-names.js';

/** The outermost expression that has exactly this span, or null. */
export function nodeAtSpan(source: ts.SourceFile, span: Span): ts.Node | null {
  let found: ts.Node | null = null;
  for (let node: ts.Node | undefined = innermost(source, span.start); node; node = node.parent) {
    if (node.getStart(source) === span.start && node.end === span.end && !ts.isStatement(node)) found = node;
  }
  return found;
}

/** The text, in parentheses where what stands round the span binds tighter. */
export function enclosed(adapted: Adapted, span: Span, view: SourceView): string {
  const node = nodeAtSpan(view.source, span);
  return node === null || needsParentheses(adapted, node) ? `(${adapted.text})` : adapted.text;
}

/** The whole statement round the span as the formatter has to see it, the other edits applied. */
export function placementOf(span: Span, edits: readonly TextEdit[], view: SourceView): Placement {
  const statement = enclosingStatement(innermost(view.source, span.start));
  const start = statement.getStart(view.source);
  const part = (from: number, to: number): string => {
    const inside = edits.filter((edit) => edit.start >= from && edit.end <= to && edit.end > edit.start);
    const moved = inside.map((edit) => ({ ...edit, start: edit.start - from, end: edit.end - from }));
    return applyEdits(view.text.slice(from, to), moved);
  };
  return {
    before: part(start, span.start),
    after: part(span.end, statement.end),
    statementIndent: indentAt(view.text, start),
    lineIndent: indentAt(view.text, span.start),
    jsx: view.jsx,
  };
}

/** The statement that stands in a list of statements; a lone branch of an `if` belongs to the `if`. */
export function enclosingStatement(node: ts.Node): ts.Node {
  let at = node;
  while (at.parent && !(ts.isStatement(at) && !ts.isBlock(at) && holdsStatements(at.parent))) at = at.parent;
  return at;
}

/** `.rows[0]!.x` was written with the exclamation mark. */
export function isAsserted(use: ResultUse, view: SourceView): boolean {
  const node = nodeAtSpan(view.source, use.target);
  return node !== null && ts.isPropertyAccessExpression(node) && ts.isNonNullExpression(node.expression);
}

function holdsStatements(node: ts.Node): boolean {
  return (
    ts.isBlock(node) || ts.isSourceFile(node) || ts.isModuleBlock(node) || ts.isCaseOrDefaultClause(node)
  );
}

function needsParentheses(adapted: Adapted, node: ts.Node): boolean {
  const { parent } = node;
  if (adapted.text.startsWith('{'))
    return ts.isArrowFunction(parent) || ts.isExpressionStatement(parent) || isOperandOf(parent, node);
  if (adapted.binding === 'member') return false;
  if (isOperandOf(parent, node)) return true;
  if (adapted.binding === 'unary') return false;
  return ts.isBinaryExpression(parent)
    ? !isAssignment(parent) && parent.operatorToken.kind !== ts.SyntaxKind.CommaToken
    : ts.isAsExpression(parent) ||
        ts.isSatisfiesExpression(parent) ||
        ts.isPrefixUnaryExpression(parent) ||
        ts.isAwaitExpression(parent) ||
        ts.isTypeOfExpression(parent) ||
        ts.isVoidExpression(parent);
}

/** The node is what a member access, call, assertion mark or template tag applies to. */
function isOperandOf(parent: ts.Node, node: ts.Node): boolean {
  if (ts.isBinaryExpression(parent)) {
    return parent.operatorToken.kind === ts.SyntaxKind.AsteriskAsteriskToken && parent.left === node;
  }
  return (
    (ts.isPropertyAccessExpression(parent) && parent.expression === node) ||
    (ts.isElementAccessExpression(parent) && parent.expression === node) ||
    (ts.isCallExpression(parent) && parent.expression === node) ||
    (ts.isNewExpression(parent) && parent.expression === node) ||
    (ts.isTaggedTemplateExpression(parent) && parent.tag === node) ||
    ts.isNonNullExpression(parent)
  );
}

function isAssignment(node: ts.BinaryExpression): boolean {
  const kind = node.operatorToken.kind;
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}
