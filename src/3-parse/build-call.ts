/** Function calls, with the forms that the grammar turns into calls (EXTRACT, AT TIME ZONE). */
import type { Routine } from '../1-read/catalog.js';
import type { FuncCall, Node } from '../sql/parse-body.js';
import { buildSortKeys, buildWindow } from './build-sort.js';
import { callType } from './call-type.js';
import type { Expression, FunctionCall } from './expression.js';
import type { Scope } from './scope.js';
import type { StatementContext } from './statement-context.js';
import { unsupported } from './statement-context.js';

/** Functions whose names are keywords: a plain call of them must be qualified to parse. */
const KEYWORD_NAMES = new Set(['position', 'overlay', 'normalize', 'is_normalized', 'overlaps', 'xmlexists']);

export function buildCall(
  context: StatementContext,
  scope: Scope,
  call: FuncCall,
  build: (node: Node | undefined) => Expression,
): Expression {
  const names = (call.funcname ?? []).map((part) => ('String' in part ? (part.String.sval ?? '') : ''));
  const name = names.at(-1) ?? '';
  const written = names.length > 1 ? (names.at(-2) ?? null) : null;
  const syntax = call.funcformat === 'COERCE_SQL_SYNTAX';
  if (syntax && name === 'extract') return buildExtract(context, call, build);
  if (syntax && name === 'timezone') return buildAtTimeZone(context, call, build);

  const values = (call.args ?? []).map((node) =>
    'NamedArgExpr' in node
      ? { name: node.NamedArgExpr.name ?? null, value: build(node.NamedArgExpr.arg) }
      : { name: null, value: build(node) },
  );
  const schema = syntax && !KEYWORD_NAMES.has(name) ? null : written;
  const routine = findRoutine(context, schema, name, values);
  noteRoutineSchema(context, call, schema, routine);
  const builtin = routine && schema !== 'pg_catalog' ? undefined : context.lookup.catalog.builtins.get(name);
  const order = buildSortKeys(context, scope, call.agg_order ?? []);
  return {
    kind: 'call',
    schema,
    name,
    arguments: values,
    star: call.agg_star ?? false,
    distinct: call.agg_distinct ?? false,
    variadic: call.func_variadic ?? false,
    orderBy: order,
    filter: call.agg_filter ? build(call.agg_filter) : null,
    withinGroup: call.agg_within_group ?? false,
    over: call.over ? buildWindow(context, scope, call.over) : null,
    routine: routine && routine.extension === null ? routine.oid : null,
    aggregate: routine
      ? routine.kind === 'aggregate'
      : isAggregate(context, call, name, builtin?.aggregate ?? false),
    volatile: routine ? routine.volatility === 'volatile' : (builtin?.volatile ?? true),
    type: routine
      ? routineType(routine, context)
      : callType(
          name,
          values.map((each) => each.value.type),
        ),
  } satisfies FunctionCall;
}

/** `min(x)` of one argument is the aggregate even though an overload of a name may not be one. */
function isAggregate(context: StatementContext, call: FuncCall, name: string, some: boolean): boolean {
  return some && (call.over === undefined || !context.lookup.catalog.builtins.get(name)?.window);
}

/** Null: only the call tells it, as of a record or of a polymorphic result, and PostgreSQL is asked. */
function routineType({ returnType }: Routine, { lookup }: StatementContext): number | null {
  const type = lookup.catalog.types.get(returnType);
  const told = type?.kind === 'pseudo' && (type.name === 'record' || type.name.startsWith('any'));
  return told ? null : returnType;
}

/**
 * The routine that a call names, by argument count and names; an exact match of the known types
 * comes first. A built-in function hides unqualified routines of later schemas.
 */
function findRoutine(
  context: StatementContext,
  schema: string | null,
  name: string,
  values: FunctionCall['arguments'],
): Routine | null {
  const builtinFirst =
    schema === null &&
    context.lookup.catalog.builtins.has(name) &&
    context.lookup.searchPath[0] === 'pg_catalog';
  if (builtinFirst || schema === 'pg_catalog') return null;
  const fitting = context.lookup.routines(schema, name).filter((routine) => accepts(routine, values));
  const score = (routine: Routine): number =>
    inputs(routine).filter((argument, index) => values[index]?.value.type === argument.type).length;
  return [...fitting].sort((a, b) => score(b) - score(a))[0] ?? null;
}

function accepts(routine: Routine, values: FunctionCall['arguments']): boolean {
  if (routine.kind === 'procedure') return false;
  const declared = inputs(routine);
  const variadic = declared.at(-1)?.mode === 'variadic';
  const required = declared.filter(
    (argument) => argument.default === null && argument.mode !== 'variadic',
  ).length;
  const named = values.every(
    (value) => value.name === null || declared.some((argument) => argument.name === value.name),
  );
  return named && values.length >= required && (variadic || values.length <= declared.length);
}

function inputs(routine: Routine): Routine['arguments'] {
  return routine.arguments.filter((argument) => argument.mode !== 'out' && argument.mode !== 'table');
}

/** Under the login's search path the same unqualified name may mean nothing, or another routine. */
export function noteRoutineSchema(
  context: StatementContext,
  call: FuncCall,
  schema: string | null,
  routine: Routine | null,
): void {
  if (!context.loginLookup || schema !== null || !routine) return;
  const nearest = context.loginLookup.routines(null, routine.name)[0];
  if (nearest?.schema === routine.schema) return;
  context.insertions.push({ at: call.location ?? 0, text: `"${routine.schema.replaceAll('"', '""')}".` });
}

function buildExtract(
  context: StatementContext,
  call: FuncCall,
  build: (node: Node | undefined) => Expression,
): Expression {
  const [field, operand] = call.args ?? [];
  if (field && 'A_Const' in field && field.A_Const.sval && operand) {
    // EXTRACT gives numeric since PostgreSQL 14, double precision before.
    const type = context.lookup.catalog.serverVersionNumber >= 140000 ? 1700 : 701;
    return {
      kind: 'extract',
      field: (field.A_Const.sval.sval ?? '').toLowerCase(),
      operand: build(operand),
      type,
    };
  }
  return unsupported(context, 'EXTRACT', { FuncCall: call });
}

function buildAtTimeZone(
  context: StatementContext,
  call: FuncCall,
  build: (node: Node | undefined) => Expression,
): Expression {
  const [zone, operand] = call.args ?? [];
  if (!operand) {
    build(zone);
    return unsupported(context, 'AT LOCAL', { FuncCall: call });
  }
  const value = build(operand);
  const types: Readonly<Record<number, number>> = { 1184: 1114, 1114: 1184, 1266: 1266, 1083: 1266 };
  return {
    kind: 'at-time-zone',
    operand: value,
    zone: build(zone),
    type: value.type === null ? null : (types[value.type] ?? null),
  };
}
