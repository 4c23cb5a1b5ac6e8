/** SQL as an expression builds it, constants followed across files; what is only known at run time is a hole. */
import { ts } from 'ts-morph';
import { unwrap } from '../../source/nodes.js';
import { clientOf } from './clients.js';
import { isExportOf, packageOfSymbol, symbolOf } from './packages.js';
import { remember, type ProgramFacts } from './program-facts.js';

export interface SqlHole {
  readonly node: ts.Expression;
  /** value: travels as a parameter · name: a column, a table or an identifier · sql: a fragment · text: pasted as it is. */
  readonly kind: 'value' | 'name' | 'sql' | 'text';
  /** Where it stands in `text`, as `$n` or as a word. */
  readonly start: number;
  readonly end: number;
}

export interface BuiltSql {
  readonly text: string;
  readonly holes: readonly SqlHole[];
  /** drizzle and postgres: by a tag · string: as a plain string. */
  readonly built: 'drizzle' | 'postgres' | 'string';
  /** The tagged templates whose text is in it, constants' too. */
  readonly tags: readonly ts.Node[];
}

/** Null when the expression shows no text. */
export function sqlTextOf(facts: ProgramFacts, node: ts.Expression): BuiltSql | null {
  return remember(facts, 'sql text', node, () => build(facts, node, 0), null);
}

/** Whether a template's tag is Drizzle's `sql`, whatever it is called here. */
export function isDrizzleTag(facts: ProgramFacts, tag: ts.Expression): boolean {
  const inner = unwrap(tag);
  if (ts.isCallExpression(inner)) return false;
  return remember(facts, 'drizzle tag', inner, () => isExportOf(facts, inner, 'sql', /^drizzle-orm$/));
}

function build(facts: ProgramFacts, expression: ts.Expression, depth: number): BuiltSql | null {
  const node = unwrap(expression);
  if (depth > 12) return null;
  if (ts.isStringLiteralLike(node)) return { text: node.text, holes: [], built: 'string', tags: [] };
  if (ts.isTemplateExpression(node)) return template(facts, node, 'string', depth);
  if (ts.isTaggedTemplateExpression(node)) return tagged(facts, node, depth);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const left = piece(facts, node.left, depth);
    const right = piece(facts, node.right, depth);
    return left === null && right === null
      ? null
      : join([left ?? pasted(node.left), right ?? pasted(node.right)], 'string');
  }
  if (ts.isCallExpression(node)) return built(facts, node, depth);
  const constant = constantOf(facts, node);
  return constant === null ? null : build(facts, constant, depth + 1);
}

function piece(facts: ProgramFacts, node: ts.Expression, depth: number): BuiltSql | null {
  const inner = unwrap(node);
  if (ts.isNumericLiteral(inner)) return { text: inner.text, holes: [], built: 'string', tags: [] };
  return build(facts, node, depth + 1);
}

function tagged(facts: ProgramFacts, node: ts.TaggedTemplateExpression, depth: number): BuiltSql | null {
  const kind = isDrizzleTag(facts, node.tag)
    ? 'drizzle'
    : clientOf(facts, node.tag)?.startsWith('postgres') === true
      ? 'postgres'
      : 'string';
  if (ts.isNoSubstitutionTemplateLiteral(node.template))
    return { text: node.template.text, holes: [], built: kind, tags: [node] };
  return template(facts, node.template, kind, depth);
}

function template(
  facts: ProgramFacts,
  node: ts.TemplateExpression,
  kind: BuiltSql['built'],
  depth: number,
): BuiltSql {
  const written: BuiltSql = { text: node.head.text, holes: [], built: kind, tags: [node.parent] };
  const pieces: BuiltSql[] = [written];
  for (const span of node.templateSpans) {
    const inner =
      kind === 'string' ? piece(facts, span.expression, depth) : bound(facts, span.expression, depth);
    pieces.push(inner ?? pasted(span.expression));
    pieces.push({ ...written, text: span.literal.text });
  }
  return join(pieces, kind);
}

/** What `${…}` becomes inside a tag. */
function bound(facts: ProgramFacts, expression: ts.Expression, depth: number): BuiltSql {
  const inner = unwrap(expression);
  if (ts.isTaggedTemplateExpression(inner) || ts.isCallExpression(inner)) {
    const nested = build(facts, inner, depth + 1);
    if (nested !== null && nested.built !== 'string') return nested;
  }
  const type = facts.checker.getTypeAtLocation(expression);
  const kind = kindOfValue(type);
  if (kind === 'sql') {
    const constant = constantOf(facts, inner);
    const nested = constant === null ? null : build(facts, constant, depth + 1);
    if (nested !== null && nested.built !== 'string') return nested;
  }
  return hole(expression, kind);
}

function kindOfValue(type: ts.Type): SqlHole['kind'] {
  const symbols = (type.isUnionOrIntersection() ? type.types : [type]).map((one) => one.getSymbol());
  for (const symbol of symbols) {
    const from = packageOfSymbol(symbol);
    if (
      from === 'postgres' &&
      /^(?:Helper|Fragment|PendingQuery|Parameter|ArrayParameter)$/.test(symbol?.name ?? '')
    )
      return /Parameter/.test(symbol?.name ?? '') ? 'value' : 'sql';
    if (from !== 'drizzle-orm') continue;
    const name = symbol?.name ?? '';
    if (/Column|Table|View|^Name$/.test(name)) return 'name';
    if (/^Param$/.test(name)) return 'value';
    if (/^Placeholder$/.test(name)) return 'value';
    return 'sql';
  }
  return 'value';
}

/** `sql.raw(…)`, `sql.join([…])`, `sql.identifier(…)`, `sql.unsafe(…)`, `[…].join(' ')`, `.trim()`. */
function built(facts: ProgramFacts, node: ts.CallExpression, depth: number): BuiltSql | null {
  const callee = unwrap(node.expression);
  if (!ts.isPropertyAccessExpression(callee)) return null;
  const [first, second] = node.arguments;
  const name = callee.name.text;
  if (isDrizzleTag(facts, callee.expression)) {
    if (name === 'empty') return { ...empty, built: 'drizzle' };
    if (first === undefined) return null;
    if (name === 'raw') {
      const text = piece(facts, first, depth) ?? pasted(first);
      return { ...text, built: 'drizzle' };
    }
    if (name === 'identifier') return { ...hole(node, 'name'), built: 'drizzle' };
    if (name === 'param' || name === 'placeholder') return { ...hole(node, 'value'), built: 'drizzle' };
    if (name === 'join') {
      const list = unwrap(first);
      if (!ts.isArrayLiteralExpression(list)) return { ...hole(node, 'sql'), built: 'drizzle' };
      const separator =
        second === undefined ? empty : (build(facts, second, depth + 1) ?? hole(second, 'sql'));
      const items = list.elements.map((one) => bound(facts, one, depth));
      return join(
        items.flatMap((item, index) => (index === 0 ? [item] : [separator, item])),
        'drizzle',
      );
    }
    return null;
  }
  if ((name === 'trim' || name === 'as' || name === 'mapWith') && isChained(callee.expression))
    return build(facts, callee.expression, depth + 1);
  const list = unwrap(callee.expression);
  if (name === 'join' && ts.isArrayLiteralExpression(list) && first !== undefined) {
    const separator = piece(facts, first, depth) ?? pasted(first);
    const items = list.elements.map((one) => piece(facts, one, depth) ?? pasted(one));
    return join(
      items.flatMap((item, index) => (index === 0 ? [item] : [separator, item])),
      'string',
    );
  }
  return null;
}

const empty: BuiltSql = { text: '', holes: [], built: 'string', tags: [] };

function isChained(node: ts.Expression): boolean {
  const inner = unwrap(node);
  return ts.isTaggedTemplateExpression(inner) || ts.isTemplateLiteral(inner) || ts.isIdentifier(inner);
}

/** The initializer of the constant that a name or a property stands for; `let` and parameters stop the search. */
export function constantOf(facts: ProgramFacts, node: ts.Expression): ts.Expression | null {
  const inner = unwrap(node);
  if (!ts.isIdentifier(inner) && !ts.isPropertyAccessExpression(inner)) return null;
  for (const declaration of symbolOf(facts, inner)?.declarations ?? []) {
    if (ts.isVariableDeclaration(declaration)) {
      const constant = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
      if (constant && declaration.initializer !== undefined) return declaration.initializer;
    }
    if (ts.isPropertyAssignment(declaration)) return declaration.initializer;
    if (ts.isShorthandPropertyAssignment(declaration)) return shorthandValue(facts, declaration);
    if (ts.isPropertyDeclaration(declaration) && declaration.initializer !== undefined) {
      const fixed = ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Readonly;
      if (fixed) return declaration.initializer;
    }
    if (ts.isEnumMember(declaration) && declaration.initializer !== undefined) return declaration.initializer;
  }
  return null;
}

/** What the name stands for in `{ name }`. */
function shorthandValue(facts: ProgramFacts, node: ts.ShorthandPropertyAssignment): ts.Expression | null {
  const value = facts.checker.getShorthandAssignmentValueSymbol(node)?.valueDeclaration;
  if (value === undefined || !ts.isVariableDeclaration(value)) return null;
  const constant = (ts.getCombinedNodeFlags(value) & ts.NodeFlags.Const) !== 0;
  return constant ? (value.initializer ?? null) : null;
}

function pasted(node: ts.Expression): BuiltSql {
  return hole(node, 'text');
}

/** A value becomes `$1`, all else a word, so that the text still parses. */
function hole(node: ts.Expression, kind: SqlHole['kind']): BuiltSql {
  const text = kind === 'value' ? '$1' : 'interpolated_';
  return { text, holes: [{ node, kind, start: 0, end: text.length }], built: 'string', tags: [] };
}

function join(pieces: readonly BuiltSql[], kind: BuiltSql['built']): BuiltSql {
  let text = '';
  const holes: SqlHole[] = [];
  for (const one of pieces) {
    for (const it of one.holes)
      holes.push({ ...it, start: it.start + text.length, end: it.end + text.length });
    text += one.text;
  }
  return { text, holes, built: kind, tags: pieces.flatMap((one) => one.tags) };
}
