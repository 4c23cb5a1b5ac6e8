/** SQL as a TypeScript expression builds it: constant text, bound values, and what is pasted in. */
import { ts } from 'ts-morph';
import { quoteIdentifier } from '../sql/identifier.js';
import { findConstant, unwrap } from './find-constant.js';
import { isSqlTag } from './sql-tag.js';

export type SqlPart =
  | { readonly kind: 'text'; readonly text: string; readonly source?: ts.LiteralLikeNode }
  /** A value that travels as a parameter. */
  | { readonly kind: 'hole'; readonly node: ts.Expression; readonly oneParameter?: boolean }
  /** Text that is only known at run time. */
  | { readonly kind: 'raw'; readonly node: ts.Expression };

export interface SqlParts {
  readonly parts: readonly SqlPart[];
  /** Literals and templates whose text is in `parts`. */
  readonly literals: readonly ts.Node[];
  /** Names and property accesses that were followed to a constant. */
  readonly references: readonly ts.Expression[];
  /** Built by a tag, `sql.raw` and the like, and not as a string. */
  readonly tagged: boolean;
}

const nothing: SqlParts = { parts: [], literals: [], references: [], tagged: false };
/** Tags that only change the white space of their text. */
const plainTags = /^(?:dedent|outdent|stripIndents?|String\.raw)$/;

/** Null when the expression is no SQL that this file shows: a variable, a call, an object. */
export function readSqlParts(expression: ts.Expression, depth = 0): SqlParts | null {
  const node = unwrap(expression);
  if (depth > 20) return null;
  if (ts.isStringLiteralLike(node)) return { ...text(node.text, node), literals: [node] };
  if (ts.isTemplateExpression(node))
    return withLiteral(
      node,
      readTemplate(node, (one) => pasted(one, depth)),
    );
  if (ts.isTaggedTemplateExpression(node)) return readTagged(node, depth);
  if (ts.isBinaryExpression(node)) return readConcatenation(node, depth);
  if (ts.isCallExpression(node)) return readCall(node, depth);
  const constant = findConstant(node);
  const parts = constant === null ? null : readSqlParts(constant, depth + 1);
  return parts === null ? null : { ...parts, references: [...parts.references, node] };
}

function readTagged(node: ts.TaggedTemplateExpression, depth: number): SqlParts {
  const { template, tag } = node;
  const plain = plainTags.test(tag.getText());
  const bind = plain
    ? (one: ts.Expression) => pasted(one, depth)
    : (one: ts.Expression) => bound(one, tag, depth);
  const parts = ts.isTemplateExpression(template)
    ? readTemplate(template, bind)
    : text(template.text, template);
  return { ...withLiteral(node, withLiteral(template, parts)), tagged: !plain };
}

function readTemplate(template: ts.TemplateExpression, read: (one: ts.Expression) => SqlParts): SqlParts {
  const pieces = template.templateSpans.flatMap((span) => [
    read(span.expression),
    text(span.literal.text, span.literal),
  ]);
  return concatenate([text(template.head.text, template.head), ...pieces]);
}

/** What `${…}` becomes in a tag: a nested piece of SQL, or a parameter. */
function bound(expression: ts.Expression, tag: ts.Expression, depth: number): SqlParts {
  const node = unwrap(expression);
  if (ts.isCallExpression(node) && node.expression.getText() === tag.getText()) return raw(node);
  const parts = readSqlParts(node, depth + 1);
  return parts !== null && parts.tagged ? parts : { ...nothing, parts: [{ kind: 'hole', node: expression }] };
}

/** What `${…}` becomes in a plain string: constant text, or text that nobody can see here. */
function pasted(expression: ts.Expression, depth: number): SqlParts {
  const node = unwrap(expression);
  if (ts.isNumericLiteral(node)) return text(node.text);
  const constant = findConstant(node);
  if (constant !== null && ts.isNumericLiteral(unwrap(constant))) return text(unwrap(constant).getText());
  const parts = readSqlParts(node, depth + 1);
  return parts === null || parts.tagged ? raw(node) : parts;
}

function readConcatenation(node: ts.BinaryExpression, depth: number): SqlParts | null {
  if (!isConcatenation(node)) return null;
  const operands: ts.Expression[] = [];
  const chain: ts.Expression[] = [];
  // Long texts are long chains: the left sides are followed without recursion.
  let left: ts.Expression = node;
  while (isConcatenation(left)) {
    operands.unshift(left.right);
    chain.push(left);
    left = unwrap(left.left);
  }
  const sides = concatenate([left, ...operands].map((operand) => pasted(operand, depth)));
  return sides.literals.length === 0 ? null : { ...sides, literals: [...chain, ...sides.literals] };
}

/** Is this `a + b`? */
export function isConcatenation(node: ts.Node): node is ts.BinaryExpression {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken;
}

/** The methods of a tag object, `[…].join(' ')` and `.trim()`. */
function readCall(node: ts.CallExpression, depth: number): SqlParts | null {
  if (!ts.isPropertyAccessExpression(node.expression)) return null;
  const { expression: object, name } = node.expression;
  const [first, second] = node.arguments;
  if (isSqlTag(object)) {
    const parts = readTagMethod(name.text, first, second, depth);
    return parts === null ? null : { ...withLiteral(node, parts), tagged: true };
  }
  const inner = unwrap(object);
  if (name.text === 'trim' && first === undefined) return readSqlParts(inner, depth + 1);
  if (name.text === 'join' && ts.isArrayLiteralExpression(inner) && first !== undefined) {
    const separator = pasted(first, depth);
    return joined(
      inner.elements.map((one) => pasted(one, depth)),
      separator,
    );
  }
  return null;
}

function readTagMethod(
  method: string,
  first: ts.Expression | undefined,
  second: ts.Expression | undefined,
  depth: number,
): SqlParts | null {
  if (method === 'empty') return nothing;
  if (first === undefined) return null;
  if (method === 'raw' || method === 'unsafe') return pasted(first, depth);
  // With an encoder as its second argument the whole call is the value.
  if (method === 'param' && second !== undefined) return null;
  if (method === 'param') return { ...nothing, parts: [{ kind: 'hole', node: first, oneParameter: true }] };
  if (method === 'identifier') {
    const name = pasted(first, depth);
    const fixed = name.parts.every((part) => part.kind === 'text');
    return fixed ? { ...name, parts: [{ kind: 'text', text: quoteIdentifier(textOf(name)) }] } : raw(first);
  }
  if (method === 'join') {
    const list = unwrap(first);
    if (!ts.isArrayLiteralExpression(list)) return raw(first);
    const separator = second === undefined ? nothing : (readSqlParts(second, depth + 1) ?? raw(second));
    return joined(
      list.elements.map((one) => bound(one, first, depth)),
      separator,
    );
  }
  return null;
}

function joined(items: readonly SqlParts[], separator: SqlParts): SqlParts {
  return concatenate(items.flatMap((item, index) => (index === 0 ? [item] : [separator, item])));
}

function concatenate(pieces: readonly SqlParts[]): SqlParts {
  return {
    parts: pieces.flatMap((piece) => piece.parts),
    literals: pieces.flatMap((piece) => piece.literals),
    references: pieces.flatMap((piece) => piece.references),
    tagged: pieces.some((piece) => piece.tagged),
  };
}

function withLiteral(node: ts.Node, parts: SqlParts): SqlParts {
  return { ...parts, literals: [node, ...parts.literals] };
}

/** `source` is the literal, or the piece of a template, that the text is written in. */
function text(content: string, source?: ts.LiteralLikeNode): SqlParts {
  const part: SqlPart = { kind: 'text', text: content, ...(source === undefined ? {} : { source }) };
  return { ...nothing, parts: content === '' ? [] : [part] };
}

function raw(node: ts.Expression): SqlParts {
  return { ...nothing, parts: [{ kind: 'raw', node }] };
}

function textOf(parts: SqlParts): string {
  return parts.parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
}
