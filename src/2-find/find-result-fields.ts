/**
 * Which fields of result rows are read, where every read is visible; `all` as soon as rows escape into
 * code that is not followed (a call, a return, a spread, an assignment).
 */
import { ts } from 'ts-morph';
import { elementOf, memberOf, wrapped } from '../source/nodes.js';
import { referencesOf } from '../source/references.js';

export type Fields = ReadonlySet<string> | 'all';

const none: Fields = new Set();

/** Position of the row among the callback's parameters, by array method. */
const rowParameter: Readonly<Record<string, number>> = {
  map: 0,
  flatMap: 0,
  forEach: 0,
  filter: 0,
  find: 0,
  some: 0,
  every: 0,
  reduce: 1,
};

export function unionOf(all: readonly Fields[]): Fields {
  const union = new Set<string>();
  for (const fields of all) {
    if (fields === 'all') return 'all';
    for (const field of fields) union.add(field);
  }
  return union;
}

/** The fields that are read of rows through this use of an array of rows. */
export function fieldsOfRows(checker: ts.TypeChecker, use: ts.Expression): Fields {
  const value = withDefault(use);
  const { parent } = value;
  const element = elementOf(value);
  if (element) return fieldsOfRow(checker, element.read);
  const member = memberOf(parent, value);
  if (member === 'length' || member === 'count') return none;
  if (member !== null) {
    const call = parent.parent;
    if (!ts.isCallExpression(call) || call.expression !== parent) return 'all';
    return fieldsOfArrayMethod(checker, member, call);
  }
  if (ts.isForOfStatement(parent) && parent.expression === value) {
    const [declaration] = ts.isVariableDeclarationList(parent.initializer)
      ? parent.initializer.declarations
      : [];
    return declaration ? fieldsOfBinding(checker, declaration.name, 'row') : 'all';
  }
  return fieldsOfOther(checker, value, 'rows');
}

/** The fields that are read through this use of one row, which may be undefined. */
export function fieldsOfRow(checker: ts.TypeChecker, use: ts.Expression): Fields {
  const value = withDefault(use);
  const member = memberOf(value.parent, value);
  return member === null ? fieldsOfOther(checker, value, 'row') : new Set([member]);
}

/** The fields that are read through the variables that a pattern declares. */
export function fieldsOfBinding(checker: ts.TypeChecker, name: ts.BindingName, kind: 'rows' | 'row'): Fields {
  if (ts.isIdentifier(name)) {
    const { references, exported } = referencesOf(checker, name);
    if (exported) return 'all';
    return unionOf(
      references.map((use) => (kind === 'rows' ? fieldsOfRows(checker, use) : fieldsOfRow(checker, use))),
    );
  }
  if (ts.isArrayBindingPattern(name)) {
    if (kind === 'row') return 'all';
    return unionOf(
      name.elements.map((element) =>
        ts.isOmittedExpression(element)
          ? none
          : fieldsOfBinding(checker, element.name, element.dotDotDotToken ? 'rows' : 'row'),
      ),
    );
  }
  const keys = name.elements.map((element) => keyOf(element));
  if (kind === 'rows') return keys.every((key) => key === 'length' || key === 'count') ? none : 'all';
  return keys.includes(null) ? 'all' : new Set(keys.filter((key) => key !== null));
}

/** The property that a binding element takes, or null (a rest element, a computed key). */
export function keyOf(element: ts.BindingElement): string | null {
  const key = element.propertyName ?? element.name;
  if (element.dotDotDotToken) return null;
  return ts.isIdentifier(key) || ts.isStringLiteralLike(key) ? key.text : null;
}

/** The value with what stands round it and its default: `rows ?? []`, `(row as Row) || null`. */
function withDefault(use: ts.Expression): ts.Expression {
  const value = wrapped(use);
  const { parent } = value;
  if (!ts.isBinaryExpression(parent) || parent.left !== value) return value;
  const { operatorToken, right } = parent;
  const isDefault =
    operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken ||
    operatorToken.kind === ts.SyntaxKind.BarBarToken;
  const isEmpty =
    right.kind === ts.SyntaxKind.NullKeyword ||
    (ts.isIdentifier(right) && right.text === 'undefined') ||
    (ts.isArrayLiteralExpression(right) && right.elements.length === 0) ||
    (ts.isObjectLiteralExpression(right) && right.properties.length === 0);
  return isDefault && isEmpty ? withDefault(parent) : value;
}

/** Statements that drop the value, variables that hold it, and tests of whether it is there. */
function fieldsOfOther(checker: ts.TypeChecker, value: ts.Expression, kind: 'rows' | 'row'): Fields {
  const { parent } = value;
  if (ts.isExpressionStatement(parent)) return none;
  if (ts.isVariableDeclaration(parent) && parent.initializer === value) {
    return parent.type ? 'all' : fieldsOfBinding(checker, parent.name, kind);
  }
  return isTested(value) ? none : 'all';
}

/** `if (row)`, `!row`, `row ? … : …`, `row && …`, `row === undefined`: only its presence matters. */
export function isTested(value: ts.Expression): boolean {
  const { parent } = value;
  if (ts.isPrefixUnaryExpression(parent)) return parent.operator === ts.SyntaxKind.ExclamationToken;
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent)) return parent.expression === value;
  if (ts.isConditionalExpression(parent)) return parent.condition === value;
  if (!ts.isBinaryExpression(parent)) return false;
  const operator = parent.operatorToken.kind;
  if (operator === ts.SyntaxKind.AmpersandAmpersandToken) return parent.left === value;
  const other = parent.left === value ? parent.right : parent.left;
  return (
    [
      ts.SyntaxKind.EqualsEqualsToken,
      ts.SyntaxKind.EqualsEqualsEqualsToken,
      ts.SyntaxKind.ExclamationEqualsToken,
      ts.SyntaxKind.ExclamationEqualsEqualsToken,
    ].includes(operator) &&
    (other.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(other) && other.text === 'undefined'))
  );
}

function fieldsOfArrayMethod(checker: ts.TypeChecker, method: string, call: ts.CallExpression): Fields {
  if (method === 'slice') return fieldsOfRows(checker, call);
  const position = rowParameter[method];
  const [callback] = call.arguments;
  if (position === undefined || !callback) return 'all';
  if (!ts.isArrowFunction(callback) && !ts.isFunctionExpression(callback)) return 'all';
  // The last parameter of these callbacks is the array itself.
  if (callback.parameters.length > position + 2 || callback.parameters.some((each) => each.dotDotDotToken))
    return 'all';
  const parameter = callback.parameters[position];
  const inside = parameter ? fieldsOfBinding(checker, parameter.name, 'row') : none;
  if (method === 'filter') return unionOf([inside, fieldsOfRows(checker, call)]);
  if (method === 'find') return unionOf([inside, fieldsOfRow(checker, call)]);
  return inside;
}
