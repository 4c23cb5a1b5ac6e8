/**
 * Calls of the user's own routines inside a body, each replaced by the one SELECT that the routine is: an
 * expression, or a scalar subquery where it reads tables. Whatever the text could not do as the call does stays.
 */
import type { Catalog, Routine } from '../1-read/catalog.js';
import { declaredInputs, inputArguments } from '../3-parse/routine-names.js';
import type { Expression, FunctionCall } from '../3-parse/expression.js';
import type { Select } from '../3-parse/statement.js';
import { atMostOne } from '../4-classify/at-most-one.js';
import { walk } from '../4-classify/walk-body.js';
import type { SingleStatement } from '../4-classify/verdict.js';
import { routineByOid, runsAsCaller, type Callees } from './callees.js';
import { isExpression } from './inline-routine-names.js';
import { argumentsByPosition, withArguments } from './inline-calls-arguments.js';
import { isNullOfNull, mentions } from './null-of-null.js';
import { nullable } from './nullability.js';

interface Context {
  readonly catalog: Catalog;
  readonly callees: Callees;
  /** The part is evaluated once, and nothing beside it writes. */
  readonly once: boolean;
  /** OIDs and names of the tables round it, which a table of the routine would hide. */
  readonly tables: ReadonlySet<string>;
  /** For ids of FROM items that are like no other. */
  readonly counter: { next: number };
}

/** The same tree with every call replaced that can be. */
export function withInlinedCalls<T>(tree: T, catalog: Catalog, callees: Callees): T {
  const context: Context = { catalog, callees, once: true, tables: new Set(), counter: { next: 10_000 } };
  return visit(tree, context) as T;
}

function visit(value: unknown, context: Context): unknown {
  if (Array.isArray(value)) return value.map((item) => visit(item, context));
  if (typeof value !== 'object' || value === null) return value;
  const inner = contextWithin(value, context);
  const copy = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, visit(item, inner)]));
  if (!('kind' in value) || value.kind !== 'call') {
    // A function in FROM gives rows, not a value.
    if ('kind' in value && value.kind === 'function') return { ...copy, call: callOf(value, inner) };
    return isCalledProcedure(value) ? { ...copy, call: callOf(value, inner) } : copy;
  }
  const call = copy as unknown as FunctionCall;
  return inlined(call, context) ?? call;
}

/** What CALL calls is no expression. */
function isCalledProcedure(value: object): boolean {
  return 'call' in value && 'outs' in value;
}

/** The call itself stays, its arguments do not. */
function callOf(range: object, context: Context): unknown {
  const { call } = range as { call: Expression };
  if (call.kind !== 'call') return visit(call, context);
  return { ...call, arguments: visit(call.arguments, context) };
}

function contextWithin(value: object, context: Context): Context {
  const node = value as {
    kind?: unknown;
    from?: readonly unknown[];
    source?: { kind?: string; rows?: unknown[] };
  };
  switch (node.kind) {
    case 'select':
      return {
        ...context,
        once: context.once && node.from?.length === 0,
        tables: new Set([...context.tables, ...tablesOf(value)]),
      };
    case 'insert': {
      const oneRow = node.source?.kind === 'values' && node.source.rows?.length === 1;
      return {
        ...context,
        once: context.once && oneRow,
        tables: new Set([...context.tables, ...tablesOf(value)]),
      };
    }
    case 'update':
    case 'delete':
      return { ...context, once: false, tables: new Set([...context.tables, ...tablesOf(value)]) };
    default:
      return context;
  }
}

function tablesOf(tree: unknown): readonly string[] {
  const found: string[] = [];
  walk(tree, null, ({ node }) => {
    if ('alias' in node && typeof node['alias'] === 'string') found.push(node['alias']);
    if (node.kind === 'table') found.push(String(node['oid']));
  });
  return found;
}

/** Null: the call stays. */
function inlined(call: FunctionCall, context: Context): Expression | null {
  const routine = routineByOid(context.catalog, call.routine);
  if (routine === null || routine.returnsSet || !runsAsCaller(routine)) return null;
  if (call.over !== null || call.filter !== null || call.aggregate) return null;
  const single = context.callees.single(routine.oid);
  const select = single === null ? null : valueOf(single, context);
  if (single === null || select === null || !mayMove(select, routine, context)) return null;
  const values = argumentsByPosition(call, routine, context.catalog);
  if (values === null) return null;
  const moved = withOwnRanges(select, context);
  const bound = withArguments(moved, values, inputArguments(routine), context.catalog);
  if (bound === null) return null;
  const value = typed(asValue(bound, context), single, routine, context.catalog);
  if (value === null || !routine.strict) return value;
  return whenPresent(value, values.slice(0, declaredInputs(routine)), routine.returnType);
}

/** The routine as a SELECT of one value that neither writes nor locks. */
function valueOf({ statement, result }: SingleStatement, { catalog }: Context): Select | null {
  if (statement.kind !== 'select' || result.kind !== 'first-row' || result.strict) return null;
  if (statement.targets.length !== 1 || statement.setOperation !== null || statement.with.length > 0)
    return null;
  let acts = false;
  walk(statement, null, ({ node }) => {
    if (/^(insert|update|delete|unsupported.*)$/.test(node.kind)) acts = true;
    if (node.kind === 'select' && Array.isArray(node['locking']) && node['locking'].length > 0) acts = true;
  });
  if (acts) return null;
  if (isExpression(statement)) return statement;
  if (atMostOne(statement, catalog)) return statement;
  return statement.limit === null
    ? { ...statement, limit: { kind: 'literal', literal: 'integer', text: '1', type: 23 } }
    : null;
}

/** Evaluated where the call stood, does it see the same rows, as often? */
function mayMove(select: Select, routine: Routine, { once, tables }: Context): boolean {
  let reads = false;
  let volatile = false;
  walk(select, null, ({ node }) => {
    if (node.kind === 'table' || node.kind === 'function') reads = true;
    if (node.kind === 'call' && node['volatile'] === true) volatile = true;
  });
  if (tablesOf(select).some((name) => tables.has(name))) return false;
  if (once) return true;
  return !volatile && (!reads || routine.volatility !== 'volatile');
}

function withOwnRanges(select: Select, { counter }: Context): Select {
  const ids = new Map<number, number>();
  const renumber = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(renumber);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]: [string, unknown]) => {
        if (key !== 'range' || typeof item !== 'number') return [key, renumber(item)];
        if (!ids.has(item)) ids.set(item, counter.next++);
        return [key, ids.get(item)];
      }),
    );
  };
  return renumber(select) as Select;
}

function asValue(select: Select, context: Context): Expression {
  const [target] = select.targets;
  if (isExpression(select) && target !== undefined) return visit(target.expression, context) as Expression;
  const inner = visit(select, context) as Select;
  return { kind: 'scalar-subquery', select: inner, type: target?.expression.type ?? null };
}

/** With the routine's own result type; an untyped constant is never left to what stands round it. */
function typed(
  value: Expression,
  { result }: SingleStatement,
  routine: Routine,
  catalog: Catalog,
): Expression | null {
  const [column] = result.columns;
  const type = catalog.types.get(routine.returnType);
  if (column === undefined || type === undefined || type.kind === 'composite' || type.kind === 'pseudo')
    return null;
  const untyped = value.kind === 'null' || (value.kind === 'literal' && value.literal === 'string');
  if (column.castFrom === null && value.type === column.type && !untyped) return value;
  return { kind: 'cast', operand: value, typeName: type.sqlName, type: routine.returnType };
}

/** STRICT: NULL when any argument is. */
function whenPresent(value: Expression, given: readonly Expression[], type: number): Expression {
  const missing = given.filter((argument) => nullable(argument, new Set()));
  if (isNullOfNull(value) && missing.every((argument) => mentions(value, argument))) return value;
  const tests = missing.map((argument): Expression => {
    // Nothing there says what type it has.
    const operand = 'inferred' in argument ? { ...argument, inferred: null } : argument;
    return { kind: 'null-test', operand, negated: true, type: 16 };
  });
  const [only] = tests;
  if (only === undefined) return value;
  const when: Expression = tests.length === 1 ? only : { kind: 'and', operands: tests, type: 16 };
  return { kind: 'case', subject: null, branches: [{ when, then: value }], otherwise: null, type };
}
