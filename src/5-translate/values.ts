/**
 * Values that meet a column: in a comparison, in `.set()` or in `.values()`. A JavaScript value stands
 * bare only where the column takes its TypeScript type and sends it as the old call did.
 */
import type { DrizzleColumn } from '../1-read/user-project.js';
import type { ArgumentUse } from '../2-find/result-use.js';
import type { Expression, ParameterReference, VariableReference } from '../3-parse/expression.js';
import type { ArgumentConstant } from './arguments.js';
import type { Code } from './code.js';
import { expression } from './expressions/expression.js';
import { parameter, takesDeclaredType } from './expressions/parameter.js';
import { template } from './fragment.js';
import { encodesAsRaw } from './representation.js';
import type { Scope } from './scope.js';

/** What a column is given by an INSERT or UPDATE. */
export function assignedValue(node: Expression, column: DrizzleColumn, scope: Scope): Code {
  if (node.kind === 'null')
    return column.notNull ? template(expression(node, scope)) : { kind: 'keyword', value: 'null' };
  if (node.kind === 'default') return { kind: 'sql', type: null, parts: ['default'] };
  if (node.kind === 'parameter') return boundValue(node, column, scope, true);
  if (node.kind === 'variable') return boundVariable(node, column, scope, true);
  const constant = constantValue(node, column);
  return constant ?? template(expression(node, scope));
}

/** An argument beside a column. `stored`: it is written, so that NULL must be allowed by the column's type. */
export function boundValue(
  node: ParameterReference,
  column: DrizzleColumn,
  scope: Scope,
  stored: boolean,
): Code {
  if (node.path.length > 0) return template(parameter(node, scope));
  const source = scope.arguments.get(node.position);
  const [outer] = source?.kind === 'sql' && source.column === true ? source.parts : [];
  if (typeof outer === 'object') return outer;
  if (source?.kind === 'constant' && takesDeclaredType(node)) {
    const value = constantFor(source.value, column);
    // Drizzle's operators take no null, and `.set()` takes it only for a column that may be null.
    const isTaken = source.value.kind !== 'null' || (stored && !column.notNull);
    if (value !== null && isTaken) return value;
  }
  const bare =
    source?.kind === 'expression' &&
    source.casts.length === 0 &&
    !scope.cautious &&
    takesDeclaredType(node) &&
    encodesAsRaw(column) &&
    accepts(column, source.use, stored);
  return bare ? { kind: 'argument', position: node.position } : template(parameter(node, scope));
}

/** A JavaScript array whose elements a column takes one by one; null where only SQL says the same. */
export function boundArray(node: ParameterReference, column: DrizzleColumn, scope: Scope): Code | null {
  const source = scope.arguments.get(node.position);
  if (source?.kind !== 'expression' || source.use === null || source.casts.length > 0) return null;
  if (node.path.length > 0) return null;
  const { use } = source;
  const element = /^(?:readonly )?(number|string|boolean)\[\]$/.exec(use.type)?.[1];
  const bare =
    !scope.cautious &&
    !use.mayBeNull &&
    !use.mayBeUndefined &&
    element === column.dataType &&
    !/Enum/.test(column.columnType) &&
    takesDeclaredType(node) &&
    encodesAsRaw(column);
  return bare ? { kind: 'argument', position: node.position } : null;
}

/** A variable beside a column, as an argument. */
export function boundVariable(
  node: VariableReference,
  column: DrizzleColumn,
  scope: Scope,
  stored: boolean,
): Code {
  const bare = scope.cautious ? null : (scope.bareVariable?.(node) ?? null);
  if (bare?.use === 'sql') return bare.code;
  const fits =
    bare !== null && takesDeclaredType(node) && encodesAsRaw(column) && accepts(column, bare.use, stored);
  return fits ? bare.code : template(expression(node, scope));
}

/** A constant of the body as JavaScript; null where only SQL says the same. */
export function constantValue(node: Expression, column: DrizzleColumn): Code | null {
  if (node.kind !== 'literal') return null;
  switch (node.literal) {
    case 'string':
      return constantFor({ kind: 'string', text: node.text }, column);
    case 'boolean':
      return constantFor({ kind: 'boolean', text: node.text }, column);
    case 'integer':
    case 'numeric':
      return constantFor({ kind: 'number', text: node.text }, column);
    default:
      return null;
  }
}

function constantFor(value: ArgumentConstant['value'], column: DrizzleColumn): Code | null {
  if (!encodesAsRaw(column)) return null;
  switch (value.kind) {
    case 'null':
      return { kind: 'keyword', value: 'null' };
    case 'boolean':
      return column.dataType === 'boolean'
        ? { kind: 'keyword', value: value.text as 'true' | 'false' }
        : null;
    case 'string':
      return column.dataType === 'string' ? { kind: 'string', value: value.text } : null;
    case 'number':
      return numberFor(value.text, column);
  }
}

/** An untyped parameter takes the column's type: a fraction beside an integer column would fail. */
function numberFor(text: string, column: DrizzleColumn): Code | null {
  if (column.columnType === 'PgNumeric') return { kind: 'string', value: text };
  const integer = ['PgInteger', 'PgSmallInt', 'PgSerial', 'PgSmallSerial'].includes(column.columnType);
  const limit = column.columnType.includes('Small') ? 32_767 : 2_147_483_647;
  if (integer)
    return /^-?\d+$/.test(text) && Math.abs(Number(text)) <= limit ? { kind: 'number', text } : null;
  return ['PgDoublePrecision', 'PgReal'].includes(column.columnType) ? { kind: 'number', text } : null;
}

function accepts(column: DrizzleColumn, use: ArgumentUse | null, stored: boolean): boolean {
  if (use === null) return false;
  if (use.mayBeUndefined || (use.mayBeNull && (!stored || column.notNull))) return false;
  if (use.members.length === 0) return false;
  if (/Enum/.test(column.columnType) && !/^(['"][^'"]*['"])( \| ['"][^'"]*['"])*$/.test(use.type))
    return false;
  // What may be anything may be undefined, which `.set()` drops and which the old call did not survive.
  return use.members.every((member) => member === column.dataType);
}
