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

/** The initializer of `const name = …`, or of `key` in `const name = { key: … }` for `name.key`; else null. */
export function findConstant(expression: ts.Expression): ts.Expression | null {
  const inner = unwrap(expression);
  if (ts.isIdentifier(inner)) return findDeclaration(inner)?.initializer ?? null;
  if (!ts.isPropertyAccessExpression(inner) || !ts.isIdentifier(inner.expression)) return null;
  const object = findDeclaration(inner.expression)?.initializer;
  if (object === undefined) return null;
  const literal = unwrap(object);
  if (!ts.isObjectLiteralExpression(literal)) return null;
  const property = literal.properties.find(
    (one) => ts.isPropertyAssignment(one) && propertyKey(one.name) === inner.name.text,
  );
  return property !== undefined && ts.isPropertyAssignment(property) ? property.initializer : null;
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
