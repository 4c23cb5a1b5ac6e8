/** Constants as the text that the URL of a request holds. */
import { ts } from 'ts-morph';
import { unwrap } from './find-constant.js';

/** Null for what is no constant. */
export function textOf(expression: ts.Expression): string | null {
  const node = unwrap(expression);
  if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return node.text;
  if (node.kind === ts.SyntaxKind.TrueKeyword) return 'true';
  if (node.kind === ts.SyntaxKind.FalseKeyword) return 'false';
  const negative = ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken;
  return negative && ts.isNumericLiteral(node.operand) ? `-${node.operand.text}` : null;
}
