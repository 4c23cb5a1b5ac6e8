/** What a Drizzle builder chain is told: the table, and which column a value is for. */
import { ts } from 'ts-morph';
import { unwrap } from '../../source/nodes.js';
import { calledName, receiverOf } from './fate.js';
import { isExportOf, packageOfSymbol } from './packages.js';
import type { ProgramFacts } from './program-facts.js';
import { clientOf } from './clients.js';

/** Whether the call is the function of that name from drizzle-orm. */
export function isOperator(facts: ProgramFacts, call: ts.CallExpression, name: string): boolean {
  return calledName(call) === name && isExportOf(facts, call.expression, name, /^drizzle-orm$/);
}

/** The first call of a chain on a database or transaction that has this name: `db.delete(t)`, or null. */
export function startOf(
  facts: ProgramFacts,
  call: ts.CallExpression,
  names: RegExp,
): ts.CallExpression | null {
  for (let at: ts.Expression | null = call; at !== null;) {
    const inner: ts.Expression = unwrap(at);
    if (!ts.isCallExpression(inner)) {
      at = ts.isPropertyAccessExpression(inner) ? inner.expression : null;
      continue;
    }
    const receiver = receiverOf(inner);
    if (receiver === null) return null;
    if (names.test(calledName(inner) ?? '') && clientOf(facts, receiver)?.startsWith('drizzle') === true)
      return inner;
    at = receiver;
  }
  return null;
}

export interface ColumnValue {
  /** `PgJsonb`, `PgTimestamp` …, or '' when the types do not tell. */
  readonly columnType: string;
  readonly dataType: string;
}

/**
 * The column that a property of an object literal is for, when the literal reaches `.values(…)`, `.set(…)` or the set
 * of an upsert: written there, in a list, through spreads, or by a constant.
 */
export function columnOf(facts: ProgramFacts, property: ts.ObjectLiteralElementLike): ColumnValue | null {
  const name = property.name?.getText().replaceAll(/^['"]|['"]$/g, '');
  if (name === undefined || !ts.isObjectLiteralExpression(property.parent)) return null;
  const table = tableOf(facts, property.parent, 0);
  if (table === null) return null;
  const column = facts.checker.getTypeAtLocation(table).getProperty(name);
  if (column === undefined) return null;
  return describe(facts, facts.checker.getTypeOfSymbolAtLocation(column, table), table);
}

/** What kind of column an expression is, or null when it is none. */
export function columnTypeOf(facts: ProgramFacts, node: ts.Expression): ColumnValue | null {
  return describe(facts, facts.checker.getTypeAtLocation(node), node);
}

function describe(facts: ProgramFacts, type: ts.Type, at: ts.Node): ColumnValue | null {
  if (packageOfSymbol(type.getSymbol()) !== 'drizzle-orm' && !type.isIntersection()) return null;
  const inner = type.getProperty('_');
  if (inner === undefined) return null;
  const config = facts.checker.getTypeOfSymbolAtLocation(inner, at);
  const read = (key: string): string => {
    const symbol = config.getProperty(key);
    const value = symbol === undefined ? undefined : facts.checker.getTypeOfSymbolAtLocation(symbol, at);
    return value?.isStringLiteral() === true ? value.value : '';
  };
  return { columnType: read('columnType'), dataType: read('dataType') };
}

/** The table whose row the value becomes. */
function tableOf(facts: ProgramFacts, value: ts.Expression, depth: number): ts.Expression | null {
  if (depth > 6) return null;
  const { parent } = value;
  if (isPassing(parent, value)) return tableOf(facts, parent as ts.Expression, depth + 1);
  if (ts.isSpreadAssignment(parent) || ts.isSpreadElement(parent))
    return tableOf(facts, parent.parent, depth + 1);
  if (ts.isPropertyAssignment(parent) && parent.name.getText() === 'set') {
    const call = parent.parent.parent;
    return ts.isCallExpression(call) ? tableOfChain(facts, call, /^onConflictDoUpdate$/) : null;
  }
  if (ts.isArrowFunction(parent) && parent.body === value) return tableOfMapped(facts, parent, depth);
  if (ts.isReturnStatement(parent)) {
    const owner = ts.findAncestor(parent, (one) => ts.isArrowFunction(one) || ts.isFunctionExpression(one));
    return owner === undefined ? null : tableOfMapped(facts, owner, depth);
  }
  if (ts.isCallExpression(parent) && parent.arguments.includes(value))
    return tableOfChain(facts, parent, /^(?:values|set)$/);
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name))
    return tableOfVariable(facts, parent.name, depth);
  return null;
}

function isPassing(parent: ts.Node, value: ts.Node): boolean {
  return (
    ts.isParenthesizedExpression(parent) ||
    ts.isAsExpression(parent) ||
    ts.isSatisfiesExpression(parent) ||
    ts.isArrayLiteralExpression(parent) ||
    (ts.isConditionalExpression(parent) && parent.condition !== value)
  );
}

/** `list.map((item) => ({ … }))` gives the rows. */
function tableOfMapped(facts: ProgramFacts, callback: ts.Node, depth: number): ts.Expression | null {
  const call = callback.parent;
  return ts.isCallExpression(call) && calledName(call) === 'map' ? tableOf(facts, call, depth + 1) : null;
}

function tableOfVariable(facts: ProgramFacts, name: ts.Identifier, depth: number): ts.Expression | null {
  const symbol = facts.checker.getSymbolAtLocation(name);
  const scope = ts.findAncestor(name, (one) => ts.isBlock(one) || ts.isSourceFile(one));
  let found: ts.Expression | null = null;
  const visit = (node: ts.Node): void => {
    if (found !== null) return;
    if (
      ts.isIdentifier(node) &&
      node !== name &&
      node.text === name.text &&
      facts.checker.getSymbolAtLocation(node) === symbol
    )
      found = tableOf(facts, node, depth + 1);
    ts.forEachChild(node, visit);
  };
  if (scope !== undefined) visit(scope);
  return found;
}

function tableOfChain(facts: ProgramFacts, call: ts.CallExpression, names: RegExp): ts.Expression | null {
  if (!names.test(calledName(call) ?? '')) return null;
  return startOf(facts, call, /^(?:insert|update)$/)?.arguments[0] ?? null;
}
