/** Whether text that is pasted into SQL can only be one of a few texts that stand in the code. */
import { ts } from 'ts-morph';
import { unwrap } from '../../source/nodes.js';
import { referencesOf } from '../../source/references.js';
import { calleeOf } from './callees.js';
import { calledName } from './fate.js';
import { functionAround, type ProgramFacts } from './program-facts.js';
import { constantOf } from './sql-text.js';

/** Also numbers, quoted identifiers, and names that a list in the code was asked about. */
export function isConstantText(facts: ProgramFacts, node: ts.Expression, depth = 0): boolean {
  const inner = unwrap(node);
  if (depth > 8) return false;
  if ((ts.isAwaitExpression(inner) || ts.isYieldExpression(inner)) && inner.expression !== undefined)
    return isConstantText(facts, inner.expression, depth + 1);
  if (ts.isStringLiteralLike(inner) || ts.isNumericLiteral(inner)) return true;
  if (ts.isTemplateExpression(inner))
    return inner.templateSpans.every((span) => isConstantText(facts, span.expression, depth + 1));
  if (ts.isConditionalExpression(inner))
    return [inner.whenTrue, inner.whenFalse].every((one) => isConstantText(facts, one, depth + 1));
  if (ts.isBinaryExpression(inner))
    return [inner.left, inner.right].every((one) => isConstantText(facts, one, depth + 1));
  if (isLiteralType(facts.checker.getTypeAtLocation(inner))) return true;
  if (ts.isCallExpression(inner))
    return isSafeCall(facts, inner, depth) || givesConstantText(facts, inner, depth);
  if (ts.isArrayLiteralExpression(inner))
    return inner.elements.every((one) => isConstantText(facts, one, depth + 1));
  if (ts.isIdentifier(inner) && facts.checker.isArrayType(facts.checker.getTypeAtLocation(inner)))
    return isListOfConstants(facts, inner, depth) || isAllowListed(inner);
  const constant = constantOf(facts, inner);
  if (constant !== null) return isConstantText(facts, constant, depth + 1);
  if (ts.isElementAccessExpression(inner)) {
    const table = constantOf(facts, inner.expression);
    return table !== null && isLiteralTable(facts, table, depth);
  }
  if (isColumnName(facts, inner)) return true;
  if (ts.isIdentifier(inner) && isFixedByCallers(facts, inner, depth)) return true;
  return isAllowListed(inner);
}

function isLiteralType(type: ts.Type): boolean {
  const all = type.isUnion() ? type.types : [type];
  const literal =
    ts.TypeFlags.StringLiteral |
    ts.TypeFlags.NumberLike |
    ts.TypeFlags.BigIntLike |
    ts.TypeFlags.BooleanLike |
    ts.TypeFlags.Undefined |
    ts.TypeFlags.Null;
  return all.every((one) => (one.flags & literal) !== 0);
}

/** A list that begins with constant texts, and to which only such texts are added: `conditions.push('a = $1')`. */
function isListOfConstants(facts: ProgramFacts, name: ts.Identifier, depth: number): boolean {
  const declaration = facts.checker.getSymbolAtLocation(name)?.valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return false;
  if (declaration.initializer === undefined || !ts.isIdentifier(declaration.name)) return false;
  if (!isConstantText(facts, declaration.initializer, depth + 1)) return false;
  const { references, exported } = referencesOf(facts.checker, declaration.name);
  return (
    !exported &&
    references.every((one) => {
      const { parent } = one;
      if (ts.isCallExpression(parent)) return false;
      if (!ts.isPropertyAccessExpression(parent) || !ts.isCallExpression(parent.parent)) return true;
      if (!/^(?:push|unshift)$/.test(parent.name.text)) return true;
      return parent.parent.arguments.every((added) => isConstantText(facts, added, depth + 1));
    })
  );
}

/** A parameter of a function that only this file calls, each time with such a text. */
function isFixedByCallers(facts: ProgramFacts, name: ts.Identifier, depth: number): boolean {
  const parameter = facts.checker.getSymbolAtLocation(name)?.valueDeclaration;
  if (parameter === undefined || !ts.isParameter(parameter)) return false;
  const owner = parameter.parent;
  if (!ts.isFunctionDeclaration(owner) || owner.name === undefined) return false;
  if (ts.getCombinedModifierFlags(owner) & ts.ModifierFlags.Export) return false;
  const index = owner.parameters.indexOf(parameter);
  const { references, exported } = referencesOf(facts.checker, owner.name);
  const isCalled = (one: ts.Identifier): boolean => {
    if (!ts.isCallExpression(one.parent) || one.parent.expression !== one) return false;
    const given = one.parent.arguments;
    if (given.slice(0, index + 1).some((each) => ts.isSpreadElement(each))) return false;
    const text = given[index] ?? parameter.initializer;
    return text !== undefined && isConstantText(facts, text, depth + 1);
  };
  return !exported && references.length > 0 && references.every(isCalled) && !isAssigned(facts, parameter);
}

function isAssigned(facts: ProgramFacts, parameter: ts.ParameterDeclaration): boolean {
  if (!ts.isIdentifier(parameter.name)) return true;
  return referencesOf(facts.checker, parameter.name).references.some((one) => {
    const { parent } = one;
    if (!ts.isBinaryExpression(parent) || parent.left !== one) return false;
    const { kind } = parent.operatorToken;
    return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
  });
}

/** A call of a function that can only return such texts. */
function givesConstantText(facts: ProgramFacts, call: ts.CallExpression, depth: number): boolean {
  const callee = calleeOf(facts, call);
  if (callee === null || callee.parameters.length > 0) return false;
  const { body } = callee;
  if (!ts.isBlock(body)) return isConstantText(facts, body, depth + 1);
  const returned = returnedBy(body);
  return returned.length > 0 && returned.every((one) => isConstantText(facts, one, depth + 1));
}

function returnedBy(body: ts.Block): readonly ts.Expression[] {
  const returned: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression !== undefined) returned.push(node.expression);
    ts.forEachChild(node, visit);
  };
  visit(body);
  return returned;
}

/** Quoting functions, and `.map(…).join(', ')` over texts that are constant themselves. */
function isSafeCall(facts: ProgramFacts, call: ts.CallExpression, depth: number): boolean {
  const name = calledName(call) ?? '';
  if (
    /(?:escape|quote)\w*(?:identifier|literal|ident|name)?|^ident$|^format$|^getTable(?:Name|Config)$|^validate[A-Z]/i.test(
      name,
    )
  )
    return true;
  if (name === 'String' || name === 'Number' || name === 'parseInt')
    return (
      name !== 'String' ||
      (call.arguments[0] !== undefined && isConstantText(facts, call.arguments[0], depth + 1))
    );
  if (!ts.isPropertyAccessExpression(call.expression)) return false;
  const object = call.expression.expression;
  if (name === 'join' && isLiteralType(elementType(facts, object))) return true;
  // Quotes doubled by hand.
  const [, doubled] = call.arguments;
  if (
    /^replace(?:All)?$/.test(name) &&
    doubled !== undefined &&
    ts.isStringLiteralLike(doubled) &&
    doubled.text === "''"
  )
    return true;
  if (/^(?:join|trim|toUpperCase|toLowerCase|toString|trimEnd)$/.test(name))
    return isConstantText(facts, object, depth + 1);
  if (name === 'map') {
    const [callback] = call.arguments;
    if (callback === undefined || !ts.isArrowFunction(callback)) return false;
    const given = ts.isBlock(callback.body) ? returnedBy(callback.body) : [callback.body];
    return (
      given.length > 0 &&
      given.every((one) => isConstantText(facts, one, depth + 1) || isPlaceholderText(one))
    );
  }
  return false;
}

function elementType(facts: ProgramFacts, list: ts.Expression): ts.Type {
  const type = facts.checker.getTypeAtLocation(list);
  return facts.checker.getIndexTypeOfType(type, ts.IndexKind.Number) ?? type;
}

/** `$${index + 1}`: placeholders for a list of values. */
function isPlaceholderText(body: ts.Node): boolean {
  return /^[`(]*\$+\$\{[^}]*\}/.test(body.getText());
}

function isLiteralTable(facts: ProgramFacts, table: ts.Expression, depth: number): boolean {
  const inner = unwrap(table);
  if (ts.isObjectLiteralExpression(inner))
    return inner.properties.every(
      (one) => ts.isPropertyAssignment(one) && isConstantText(facts, one.initializer, depth + 1),
    );
  return (
    ts.isArrayLiteralExpression(inner) && inner.elements.every((one) => isConstantText(facts, one, depth + 1))
  );
}

/** `table.column.name` of a Drizzle column. */
function isColumnName(facts: ProgramFacts, node: ts.Expression): boolean {
  if (!ts.isPropertyAccessExpression(node) || node.name.text !== 'name') return false;
  const symbol = facts.checker.getTypeAtLocation(node.expression).getSymbol();
  return (
    symbol?.declarations?.some((one) => /\/drizzle-orm[^/]*\//.test(one.getSourceFile().fileName)) === true
  );
}

/** `if (!allowed.includes(name)) throw …` somewhere in the function, or in one around it. */
function isAllowListed(node: ts.Expression): boolean {
  let owner = functionAround(node);
  if (owner === null) return false;
  for (let next = functionAround(owner); next !== null; next = functionAround(next)) owner = next;
  const name = node.getText().replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&');
  return new RegExp(
    `(?:\\.(?:includes|has|test)|\\bassert\\w*|\\bis[A-Z]\\w*|\\bvalidate\\w*)\\s*\\([^)]*\\b${name}\\b`,
  ).test(owner.getText());
}
