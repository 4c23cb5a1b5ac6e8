/** The arguments of a call inside a body, and what becomes of a routine's text when they take its parameters' places. */
import type { Catalog, PgType, Routine, RoutineArgument } from '../1-read/catalog.js';
import type { Expression, FunctionCall, ParameterReference } from '../3-parse/expression.js';
import { declaredInputs, inputArguments } from '../3-parse/routine-names.js';
import type { Select } from '../3-parse/statement.js';
import { walk } from '../4-classify/walk-body.js';
import { readConstant } from './arguments.js';
import { isExpression } from './inline-routine-names.js';

/**
 * One expression for each input argument in the order of the declaration; an omitted one is null here, for the
 * default to be given. Null: the call is not by plain arguments.
 */
export function givenArguments(
  call: FunctionCall,
  routine: Routine,
  catalog: Catalog,
): readonly (Expression | null)[] | null {
  const inputs = inputArguments(routine);
  // What it read of its caller stands behind a parameter that collects, and is given by the caller's own name for it.
  const last = declaredInputs(routine) - 1;
  const collects = inputs[last]?.mode === 'variadic' && !call.variadic;
  if (call.star || (call.variadic && inputs[last]?.mode !== 'variadic')) return null;
  const given: (Expression | null)[] = inputs.map(() => null);
  const collected: Expression[] = [];
  for (const [index, { name, value }] of call.arguments.entries()) {
    const at = name === null ? index : inputs.findIndex((input) => input.name === name);
    if (collects && name === null && at >= last && last === inputs.length - 1) {
      collected.push(value);
      continue;
    }
    if (at < 0 || at >= given.length || (collects && at === last)) return null;
    given[at] = value;
  }
  const type = catalog.types.get(inputs[last]?.type ?? 0);
  if (collected.length > 0 && type !== undefined) given[last] = collectedArray(collected, type);
  return given;
}

/** `array[first, second]::integer[]`: what a VARIADIC parameter makes of its arguments. */
function collectedArray(items: readonly Expression[], { oid, sqlName }: PgType): Expression {
  return { kind: 'cast', operand: { kind: 'array', items, type: null }, typeName: sqlName, type: oid };
}

/** The same with constant defaults filled in; null where a default is no constant. */
export function argumentsByPosition(
  call: FunctionCall,
  routine: Routine,
  catalog: Catalog,
): readonly Expression[] | null {
  const inputs = inputArguments(routine);
  const values = givenArguments(call, routine, catalog)?.map(
    (value, index) => value ?? defaultOf(inputs[index], catalog),
  );
  if (values === undefined || values.some((value) => value === null)) return null;
  return values.flatMap((value) => value ?? []);
}

function defaultOf(argument: RoutineArgument | undefined, catalog: Catalog): Expression | null {
  const text = argument?.default ?? null;
  const constant =
    argument === undefined || text === null ? null : readConstant(text, argument.type, catalog);
  switch (constant?.kind) {
    case 'null':
      return { kind: 'null', type: null };
    case 'boolean':
      return { kind: 'literal', literal: 'boolean', text: constant.text, type: 16 };
    case 'number':
      return /^\d{1,9}$/.test(constant.text)
        ? { kind: 'literal', literal: 'integer', text: constant.text, type: 23 }
        : null;
    case 'string':
      return { kind: 'literal', literal: 'string', text: constant.text, type: null };
    default:
      return null;
  }
}

/**
 * The routine's SELECT with the arguments for its parameters. Null where an argument would be evaluated more or
 * less often than the call evaluated it, and that could be told.
 */
export function withArguments(
  select: Select,
  values: readonly Expression[],
  inputs: readonly RoutineArgument[],
  catalog: Catalog,
): Select | null {
  const occurrences = values.map(() => 0);
  let fields = false;
  walk(select, null, ({ node }) => {
    if (node.kind !== 'parameter') return;
    const { position, path } = node as unknown as ParameterReference;
    occurrences[position - 1] = (occurrences[position - 1] ?? 0) + 1;
    if (path.length > 0) fields = true;
  });
  const always = isExpression(select) && !branches(select);
  const movable = values.every(
    (value, index) => isPlain(value) || (always && occurrences[index] === 1 && !isVolatile(value)),
  );
  if (fields || !movable) return null;
  const replace = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replace);
    if (typeof value !== 'object' || value === null) return value;
    if ('kind' in value && value.kind === 'parameter') {
      const place = value as ParameterReference;
      const given = values[place.position - 1];
      const declared = inputs[place.position - 1]?.type;
      if (given !== undefined && declared !== undefined) return inPlace(given, declared, place, catalog);
    }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item)]));
  };
  return replace(select) as Select;
}

/** A name, a constant or an array of these: evaluated any number of times it is the same and does nothing. */
export function isPlain(value: Expression): boolean {
  if (value.kind === 'cast') return value.operand.kind === 'array' && value.operand.items.every(isPlain);
  return ['parameter', 'variable', 'column', 'literal', 'null'].includes(value.kind);
}

/** An argument has its declared type, whatever the routine does with it. */
function inPlace(
  given: Expression,
  declared: number,
  place: ParameterReference,
  catalog: Catalog,
): Expression {
  const sqlName = catalog.types.get(declared)?.sqlName ?? 'unknown';
  const cast = (operand: Expression): Expression => ({
    kind: 'cast',
    operand,
    typeName: sqlName,
    type: declared,
  });
  if (given.kind === 'parameter' || given.kind === 'variable') {
    return given.type === declared
      ? { ...given, inferred: place.inferred }
      : cast({ ...given, inferred: null });
  }
  if (given.kind === 'null') return cast(given);
  if (given.kind === 'literal' && given.literal === 'string')
    return place.inferred === declared ? { ...given, type: declared } : cast(given);
  return given.type === declared ? given : cast(given);
}

/** Some part is evaluated only in some cases. */
function branches(select: Select): boolean {
  let found = false;
  walk(select.targets, null, ({ node }) => {
    if (['case', 'coalesce', 'and', 'or', 'select', 'nullif'].includes(node.kind)) found = true;
  });
  return found;
}

function isVolatile(value: Expression): boolean {
  let found = false;
  walk(value, null, ({ node }) => {
    if (node.kind === 'call' && (node['volatile'] === true || typeof node['routine'] === 'number'))
      found = true;
    if (node.kind === 'select' || node.kind.startsWith('unsupported')) found = true;
  });
  return found;
}
