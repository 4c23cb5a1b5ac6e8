/**
 * Which names a position of a source file can see, by syntax alone: what a new import must not be called.
 * Types and values count alike, since an import may not share a name with either.
 */
import { ts } from 'ts-morph';

/**
 * Names that are declared in a scope round `position`, those of the statement there included.
 * Imports and top-level requires are left out: they are what file-imports.ts reads.
 */
export function visibleNames(source: ts.SourceFile, position: number): ReadonlySet<string> {
  const names = new Set<string>();
  for (let node: ts.Node | undefined = innermost(source, position); node; node = node.parent) {
    declaredBy(node, names);
  }
  return names;
}

/** Identifiers that the file refers to without declaring them anywhere: globals of its environment. */
export function freeNames(source: ts.SourceFile): ReadonlySet<string> {
  const declared = new Set<string>();
  const referred = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) (isDeclarationName(node) ? declared : referred).add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return new Set([...referred].filter((name) => !declared.has(name)));
}

/** How often the file refers to a name outside import declarations; property names do not count. */
export function countReferences(source: ts.SourceFile, name: string): number {
  let count = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    if (ts.isIdentifier(node) && node.text === name && !isPropertyName(node) && !isRequireBinding(node))
      count++;
    ts.forEachChild(node, visit);
  };
  visit(source);
  return count;
}

/** The deepest node whose text, without leading comments, holds the position. */
export function innermost(source: ts.SourceFile, position: number): ts.Node {
  const within = (node: ts.Node): ts.Node =>
    ts.forEachChild(node, (child) =>
      child.getStart(source) <= position && position < child.end ? within(child) : undefined,
    ) ?? node;
  return within(source);
}

/** The binding of `const { a } = require('m')` is no use of it. */
function isRequireBinding(node: ts.Identifier): boolean {
  const element = node.parent;
  if (!ts.isBindingElement(element) || element.name !== node) return false;
  const initializer = element.parent.parent;
  return ts.isVariableDeclaration(initializer) && isRequireCall(initializer.initializer);
}

/** `require('module')`. */
export function isRequireCall(node: ts.Node | undefined): node is ts.CallExpression {
  return (
    node !== undefined &&
    ts.isCallExpression(node) &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === 'require' &&
    node.arguments.length === 1 &&
    ts.isStringLiteralLike(node.arguments[0] as ts.Node)
  );
}

function isPropertyName(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  if (ts.isPropertyAssignment(parent) || ts.isJsxAttribute(parent) || ts.isEnumMember(parent))
    return parent.name === node;
  return ts.isClassElement(parent) || ts.isTypeElement(parent) ? parent.name === node : false;
}

function isDeclarationName(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (isPropertyName(node)) return true;
  return (
    'name' in parent &&
    parent.name === node &&
    !ts.isPropertyAccessExpression(parent) &&
    !ts.isMetaProperty(parent)
  );
}

function declaredBy(node: ts.Node, names: Set<string>): void {
  if (ts.isFunctionLike(node)) {
    for (const parameter of node.parameters) bindingNames(parameter.name, names);
    for (const type of node.typeParameters ?? []) names.add(type.name.text);
    if (ts.isFunctionExpression(node) && node.name) names.add(node.name.text);
    if ('body' in node && node.body) hoisted(node.body, names);
  } else if (ts.isClassLike(node)) {
    if (node.name) names.add(node.name.text);
    for (const type of node.typeParameters ?? []) names.add(type.name.text);
  } else if (ts.isCatchClause(node) && node.variableDeclaration) {
    bindingNames(node.variableDeclaration.name, names);
  } else if (ts.isForStatement(node) || ts.isForOfStatement(node) || ts.isForInStatement(node)) {
    if (node.initializer && ts.isVariableDeclarationList(node.initializer))
      listNames(node.initializer, names);
  } else if (ts.isBlock(node) || ts.isSourceFile(node) || ts.isModuleBlock(node)) {
    for (const statement of node.statements) statementNames(statement, names);
    if (ts.isSourceFile(node)) hoisted(node, names);
  } else if (ts.isCaseBlock(node)) {
    for (const clause of node.clauses)
      for (const statement of clause.statements) statementNames(statement, names);
  }
}

function statementNames(statement: ts.Statement, names: Set<string>): void {
  if (ts.isVariableStatement(statement)) {
    listNames(statement.declarationList, names);
  } else if (
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement) ||
    ts.isModuleDeclaration(statement) ||
    ts.isImportEqualsDeclaration(statement)
  ) {
    if (statement.name) names.add(statement.name.text);
  }
}

/** `var` declarations belong to the whole function, wherever in it they stand. */
function hoisted(body: ts.Node, names: Set<string>): void {
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    if (ts.isVariableDeclarationList(node) && !(node.flags & ts.NodeFlags.BlockScoped))
      listNames(node, names);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(body, visit);
}

function listNames(list: ts.VariableDeclarationList, names: Set<string>): void {
  for (const declaration of list.declarations) {
    if (!isRequireCall(declaration.initializer)) bindingNames(declaration.name, names);
  }
}

/** Adds every name that a pattern binds. */
export function bindingNames(name: ts.BindingName, names: Set<string>): void {
  if (ts.isIdentifier(name)) names.add(name.text);
  else
    for (const element of name.elements) if (ts.isBindingElement(element)) bindingNames(element.name, names);
}
