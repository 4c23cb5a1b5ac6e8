/**
 * Text that a person wrote, read back as code: its imports, tables, arguments and client become the nodes that
 * the translation had in their place, so that it is printed at the site and in the proof alike.
 */
import { ts } from 'ts-morph';
import type { Code, WrittenCode } from '../5-translate/code.js';
import { bindingNames } from './visible-names.js';

/** What the names of the text mean where it will stand. */
export interface WrittenNames {
  /** By the text of an expression: the client, an argument of the call. */
  readonly expressions: ReadonlyMap<string, Code>;
  /** What an imported name stands for, null for a name that nothing declares. */
  imported(name: string, typeOnly: boolean): Code | null;
}

/** Names that cannot be told, each once. */
export type UnknownNames = Set<string>;

/** @param end where the text ends, where it is more than `nodes`: a comment after the last of them. */
export function readWritten(
  nodes: readonly ts.Node[],
  source: ts.SourceFile,
  names: WrittenNames,
  unknown: UnknownNames,
): WrittenCode {
  const [first] = nodes;
  const last = nodes.at(-1);
  if (first === undefined || last === undefined) return written('operand', [''], []);
  const start = nodes.length === 1 && ts.isExpression(first) ? first.getStart(source) : first.getFullStart();
  const scope = new Set<string>();
  for (const node of nodes) declared(node, scope);
  const parts = partsOf(nodes, start, last.end, { source, names, unknown, scope });
  const operand = nodes.length > 1 || !ts.isExpression(first) || isOperand(first);
  return written(operand ? 'operand' : 'expression', parts, [...scope]);
}

interface Reading {
  readonly source: ts.SourceFile;
  readonly names: WrittenNames;
  readonly unknown: UnknownNames;
  /** Names that the text round here declares. */
  readonly scope: ReadonlySet<string>;
}

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly code: Code;
}

function written(
  form: WrittenCode['form'],
  parts: WrittenCode['parts'],
  binds: readonly string[],
): WrittenCode {
  return { kind: 'written', form, parts, binds };
}

function partsOf(
  nodes: readonly ts.Node[],
  start: number,
  end: number,
  reading: Reading,
): WrittenCode['parts'] {
  const found = nodes.flatMap((node) => replacementsIn(node, reading));
  const parts: (string | Code)[] = [];
  let at = start;
  for (const { start: from, end: to, code } of found) {
    parts.push(reading.source.text.slice(at, from), code);
    at = to;
  }
  return [...parts, reading.source.text.slice(at, end)];
}

function replacementsIn(node: ts.Node, reading: Reading): readonly Replacement[] {
  const { source } = reading;
  const start = node.getStart(source);
  const own = replacementOf(node, reading);
  if (own !== null) return own === 'itself' ? [] : [{ start, end: node.end, code: own }];
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  if (!ts.isFunctionLike(node)) return children.flatMap((child) => replacementsIn(child, reading));
  const inside = partsOf(children, start, node.end, reading);
  return [{ start, end: node.end, code: written('function', inside, []) }];
}

/** `itself`: neither it nor anything in it has another name elsewhere. Null: its parts decide. */
function replacementOf(node: ts.Node, reading: Reading): Code | 'itself' | null {
  const { source, names, scope } = reading;
  if (ts.isShorthandPropertyAssignment(node)) {
    const value = nameCode(node.name, reading);
    return value === 'itself' ? 'itself' : written('property', [node.name.text, value], []);
  }
  if (ts.isIdentifier(node)) return isReference(node) ? nameCode(node, reading) : 'itself';
  if (!ts.isExpression(node) || scope.has(rootOf(node))) return null;
  return names.expressions.get(node.getText(source)) ?? null;
}

function nameCode(node: ts.Identifier, { names, scope, unknown, source }: Reading): Code | 'itself' {
  const name = node.text;
  const known = names.expressions.get(name);
  if (scope.has(name)) return 'itself';
  if (known !== undefined) return known;
  const imported = names.imported(name, isTypePosition(node, source));
  if (imported !== null) return imported;
  if (!(name in globalThis) && name !== 'undefined' && !isTypePosition(node, source)) unknown.add(name);
  return 'itself';
}

/** The name at the start of `a.b[0].c`. */
function rootOf(node: ts.Node): string {
  if (ts.isIdentifier(node)) return node.text;
  if (
    ts.isPropertyAccessExpression(node) ||
    ts.isElementAccessExpression(node) ||
    ts.isNonNullExpression(node)
  )
    return rootOf(node.expression);
  return '';
}

function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name !== node;
  if (ts.isQualifiedName(parent)) return parent.right !== node;
  if (ts.isBindingElement(parent)) return parent.initializer === node;
  if (ts.isPropertyAssignment(parent)) return parent.name !== node;
  if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent)) return false;
  return !('name' in parent && parent.name === node);
}

function isTypePosition(node: ts.Node, source: ts.SourceFile): boolean {
  for (let at: ts.Node = node; at !== source && at.parent !== undefined; at = at.parent) {
    if (ts.isTypeQueryNode(at)) return false;
    if (ts.isTypeNode(at) && !ts.isExpressionWithTypeArguments(at)) return true;
    if (ts.isExpression(at) && !ts.isIdentifier(at)) return false;
  }
  return false;
}

/** Names that the text declares, at any depth: one that shadows another is taken to shadow it everywhere. */
function declared(node: ts.Node, names: Set<string>): void {
  if (ts.isVariableDeclaration(node) || ts.isParameter(node)) bindingNames(node.name, names);
  else if ((ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) && node.name)
    names.add(node.name.text);
  ts.forEachChild(node, (child) => declared(child, names));
}

function isOperand(node: ts.Expression): boolean {
  return (
    ts.isCallExpression(node) ||
    ts.isPropertyAccessExpression(node) ||
    ts.isElementAccessExpression(node) ||
    ts.isIdentifier(node) ||
    ts.isParenthesizedExpression(node) ||
    ts.isTaggedTemplateExpression(node)
  );
}
