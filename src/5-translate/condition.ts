/**
 * A condition as Drizzle's operators say it, and as `sql` where they cannot. `and`, `or` and `not` put no
 * parentheses round raw fragments, so those bring their own.
 */
import type { Expression, Operator } from '../3-parse/expression.js';
import type { DrizzleColumn } from '../1-read/user-project.js';
import type { Code } from './code.js';
import { expression } from './expressions/expression.js';
import { bind, template, within } from './fragment.js';
import { drizzleColumn, rangeCode, rangeOf, type Scope } from './scope.js';
import { plain, selectBuilder } from './statements/select.js';
import { boundArray, boundValue, boundVariable, constantValue } from './values.js';

/** `least`: how tightly the condition has to bind where it stands. */
export function condition(node: Expression, scope: Scope, least: number = bind.or): Code {
  return builderForm(node, scope) ?? template(within(least, expression(node, scope)));
}

/** An operand of `and`, `or` or `not`, which take a column as it is. */
function term(node: Expression, scope: Scope, least: number): Code {
  return columnOf(node, scope)?.code ?? condition(node, scope, least);
}

const comparisons: Readonly<Record<string, readonly [name: string, flipped: string]>> = {
  '=': ['eq', 'eq'],
  '<>': ['ne', 'ne'],
  '!=': ['ne', 'ne'],
  '<': ['lt', 'gt'],
  '<=': ['lte', 'gte'],
  '>': ['gt', 'lt'],
  '>=': ['gte', 'lte'],
};

function builderForm(node: Expression, scope: Scope): Code | null {
  switch (node.kind) {
    case 'and':
    case 'or':
      return helper(node.kind, ...node.operands.map((operand) => term(operand, scope, bind[node.kind] + 1)));
    case 'not': {
      const [operand] = node.operands;
      if (operand === undefined) return null;
      const flag = booleanColumn(operand, scope);
      if (flag !== null) return helper('eq', flag, { kind: 'keyword', value: 'false' });
      if (operand.kind === 'exists') return helper('notExists', selectBuilder(operand.select, scope).code);
      if (
        operand.kind === 'subquery-comparison' &&
        operand.operator === '=' &&
        operand.quantifier === 'any'
      ) {
        return membership('notInArray', operand.left, selectBuilder(operand.select, scope).code, scope);
      }
      // `and` and `or` may give undefined to TypeScript, which `not` does not take.
      if (operand.kind === 'and' || operand.kind === 'or') return null;
      return helper('not', term(operand, scope, bind.not + 1));
    }
    case 'column': {
      const flag = booleanColumn(node, scope);
      return flag === null ? null : helper('eq', flag, { kind: 'keyword', value: 'true' });
    }
    case 'null-test': {
      const column = columnOf(node.operand, scope);
      return column === null ? null : helper(node.negated ? 'isNotNull' : 'isNull', column.code);
    }
    case 'operator':
      return comparison(node, scope);
    case 'in-list':
      return listMembership(node, scope);
    case 'between': {
      const column = columnOf(node.operand, scope);
      const low = column === null ? null : operandValue(node.low, column.column, scope);
      const high = column === null ? null : operandValue(node.high, column.column, scope);
      if (column === null || low === null || high === null || node.symmetric) return null;
      return helper(node.negated ? 'notBetween' : 'between', column.code, low, high);
    }
    case 'pattern': {
      const column = columnOf(node.operand, scope);
      if (column === null || node.escape !== null || node.form === 'similar') return null;
      const pattern = operandValue(node.pattern, column.column, scope);
      if (pattern === null || pattern.kind === 'sql') return null;
      return helper(node.negated ? `not${capital(node.form)}` : node.form, column.code, pattern);
    }
    case 'array-comparison':
      return arrayMembership(node, scope);
    case 'exists':
      return helper('exists', selectBuilder(node.select, scope).code);
    case 'subquery-comparison':
      if (node.operator !== '=' || node.quantifier !== 'any') return null;
      return membership('inArray', node.left, selectBuilder(node.select, scope).code, scope);
    default:
      return null;
  }
}

function comparison(node: Operator, scope: Scope): Code | null {
  const names = comparisons[node.operator];
  if (names === undefined || node.left === null) return null;
  const left = columnOf(node.left, scope);
  const right = columnOf(node.right, scope);
  if (left !== null) {
    const value = right === null ? operandValue(node.right, left.column, scope) : right.code;
    return value === null ? null : helper(names[0], left.code, value);
  }
  if (right === null) return null;
  const value = operandValue(node.left, right.column, scope);
  return value === null ? null : helper(names[1], right.code, value);
}

function listMembership(node: Extract<Expression, { kind: 'in-list' }>, scope: Scope): Code | null {
  const column = columnOf(node.operand, scope);
  if (column === null) return null;
  const items = node.items.map((item) => operandValue(item, column.column, scope));
  if (!items.every((item, index) => isJavaScript(item, node.items[index], scope))) return null;
  return helper(node.negated ? 'notInArray' : 'inArray', column.code, {
    kind: 'array',
    items: items as Code[],
  });
}

/** The type of `inArray` takes values alone, no SQL among them. */
function isJavaScript(item: Code | null, node: Expression | undefined, scope: Scope): boolean {
  if (item === null || item.kind === 'sql') return false;
  if (node?.kind === 'variable') return scope.bareVariable?.(node)?.use !== 'sql';
  return ['string', 'number', 'keyword', 'argument'].includes(item.kind);
}

/** `= any` of an argument that is surely an array is `inArray`, which is false of an empty one too. */
function arrayMembership(node: Extract<Expression, { kind: 'array-comparison' }>, scope: Scope): Code | null {
  const form = `${node.operator} ${node.quantifier}`;
  const name = form === '= any' ? 'inArray' : form === '<> all' ? 'notInArray' : null;
  const column = columnOf(node.left, scope);
  if (name === null || column === null || node.right.kind !== 'parameter') return null;
  const values = boundArray(node.right, column.column, scope);
  return values === null ? null : helper(name, column.code, values);
}

function membership(name: string, left: Expression, select: Code, scope: Scope): Code | null {
  const column = columnOf(left, scope);
  return column === null ? null : helper(name, column.code, select);
}

/** The other side of a comparison with a column: a plain value, or `sql`; null when only raw SQL is right. */
function operandValue(node: Expression, column: DrizzleColumn, scope: Scope): Code | null {
  if (node.kind === 'literal' || (node.kind === 'cast' && node.operand.kind === 'literal'))
    return constantValue(node, column);
  if (node.kind === 'parameter') return boundValue(node, column, scope, false);
  if (node.kind === 'variable') return boundVariable(node, column, scope, false);
  if (node.kind === 'null') return null;
  if (node.kind === 'scalar-subquery') return selectBuilder(node.select, scope).code;
  if (node.kind === 'column' && !node.excluded && rangeOf(scope, node.range).kind === 'derived') {
    return plain(node, scope);
  }
  return template(within(bind.comparison + 1, expression(node, scope)));
}

function columnOf(
  node: Expression,
  scope: Scope,
): { readonly code: Code; readonly column: DrizzleColumn } | null {
  if (node.kind !== 'column' || node.excluded) return null;
  const range = rangeOf(scope, node.range);
  if (range.kind === 'derived') {
    const [stored, property] = [range.stored.get(node.column), range.columns.get(node.column)];
    if (stored === undefined || property === undefined) return null;
    return { code: { kind: 'member', object: rangeCode(range), property }, column: stored };
  }
  if (range.kind !== 'table' || range.alias !== null) return null;
  const column = drizzleColumn(range.table, node.column);
  return { code: { kind: 'member', object: rangeCode(range), property: column.property }, column };
}

/** A column that is a condition by itself. */
function booleanColumn(node: Expression, scope: Scope): Code | null {
  const found = columnOf(node, scope);
  return found?.column.columnType === 'PgBoolean' ? found.code : null;
}

export function helper(name: string, ...items: readonly Code[]): Code {
  return { kind: 'call', callee: { kind: 'import', module: 'drizzle-orm', name }, arguments: items };
}

function capital(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}
