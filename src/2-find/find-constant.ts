/** Follows a name to the constant of the same file that it stands for; parameters and `let` stop the search. */
import { ts } from 'ts-morph';

/** Parentheses, `as`, `satisfies` and `!` do not change the value. */
export function unwrap(expression: ts.Expression): ts.Expression {
  let inner = expression;
  while (
    ts.isParenthesizedExpression(inner) ||
    ts.isAsExpression(inner) ||
    ts.isSatisfiesExpression(inner) ||
    ts.isNonNullExpression(inner)
  ) {
    inner = inner.expression;
  }
  return inner;
}

/**
 * The initializer of `const name = …`, of `key` in `const name = { key: … }` for `name.key`, or of a readonly
 * property for `this.key` and `Class.key`; else null.
 */
export function findConstant(expression: ts.Expression): ts.Expression | null {
  const inner = unwrap(expression);
  if (ts.isIdentifier(inner)) return findDeclaration(inner)?.initializer ?? null;
  if (!ts.isPropertyAccessExpression(inner)) return null;
  const property = findClassProperty(inner);
  if (property !== null) return property;
  const object = ts.isIdentifier(inner.expression)
    ? findDeclaration(inner.expression)?.initializer
    : undefined;
  const literal = object === undefined ? undefined : unwrap(object);
  if (literal === undefined || !ts.isObjectLiteralExpression(literal)) return null;
  const found = literal.properties.find(
    (one) => ts.isPropertyAssignment(one) && propertyKey(one.name) === inner.name.text,
  );
  return found !== undefined && ts.isPropertyAssignment(found) ? found.initializer : null;
}

function findClassProperty({ expression, name }: ts.PropertyAccessExpression): ts.Expression | null {
  const own = expression.kind === ts.SyntaxKind.ThisKeyword;
  if (!own && !ts.isIdentifier(expression)) return null;
  for (let scope: ts.Node = expression.parent; !ts.isSourceFile(scope); scope = scope.parent) {
    if (!ts.isClassLike(scope) || !(own || scope.name?.text === expression.getText())) continue;
    const member = scope.members.find(
      (one) => ts.isPropertyDeclaration(one) && one.name.getText() === name.text,
    );
    if (member === undefined || !ts.isPropertyDeclaration(member)) return null;
    const fixed = member.modifiers?.some((one) => one.kind === ts.SyntaxKind.ReadonlyKeyword) === true;
    return fixed ? (member.initializer ?? null) : null;
  }
  return null;
}

/** The `const` declaration that an identifier refers to in its own file, or null. */
export function findDeclaration(identifier: ts.Identifier): ts.VariableDeclaration | null {
  for (let scope: ts.Node = identifier.parent; scope !== undefined; scope = scope.parent) {
    const found = declarationIn(scope, identifier.text);
    if (found === 'other') return null;
    if (found !== null) return found;
    if (ts.isSourceFile(scope)) return null;
  }
  return null;
}

/** Text of a property name that is not computed, else null. */
export function propertyKey(name: ts.PropertyName | ts.Expression): string | null {
  return ts.isIdentifier(name) || ts.isStringLiteralLike(name) ? name.text : null;
}

function declarationIn(scope: ts.Node, name: string): ts.VariableDeclaration | 'other' | null {
  if (ts.isFunctionLike(scope)) return scope.parameters.some((one) => binds(one.name, name)) ? 'other' : null;
  if (ts.isCatchClause(scope)) {
    return scope.variableDeclaration !== undefined && binds(scope.variableDeclaration.name, name)
      ? 'other'
      : null;
  }
  if (ts.isForStatement(scope) || ts.isForOfStatement(scope) || ts.isForInStatement(scope)) {
    const list = scope.initializer;
    if (list === undefined || !ts.isVariableDeclarationList(list)) return null;
    return list.declarations.some((one) => binds(one.name, name)) ? 'other' : null;
  }
  if (
    !ts.isBlock(scope) &&
    !ts.isSourceFile(scope) &&
    !ts.isModuleBlock(scope) &&
    !ts.isCaseOrDefaultClause(scope)
  ) {
    return null;
  }
  for (const statement of scope.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const constant = (statement.declarationList.flags & ts.NodeFlags.Const) !== 0;
    for (const declaration of statement.declarationList.declarations) {
      if (!binds(declaration.name, name)) continue;
      return constant && ts.isIdentifier(declaration.name) ? declaration : 'other';
    }
  }
  return null;
}

function binds(pattern: ts.BindingName, name: string): boolean {
  if (ts.isIdentifier(pattern)) return pattern.text === name;
  return pattern.elements.some((element) => ts.isBindingElement(element) && binds(element.name, name));
}
