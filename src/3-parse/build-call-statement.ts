/** CALL of a procedure that the catalog shows. */
import type { Routine, RoutineArgument } from '../1-read/catalog.js';
import type { CallStmt } from '../sql/parse-body.js';
import { noteRoutineSchema } from './build-call.js';
import { buildExpression } from './build-expression.js';
import { unsupportedStatement } from './build-statement.js';
import type { Expression, FunctionCall } from './expression.js';
import type { Scope } from './scope.js';
import type { CalledProcedure, Statement } from './statement.js';
import type { StatementContext } from './statement-context.js';

/** From here on CALL also lists OUT arguments, which are not evaluated. */
const callListsOut = 140000;

type Given = FunctionCall['arguments'][number];

/** Outside the kinds that have rows and columns, like TRUNCATE; with `called` where one procedure fits. */
export function buildCallStatement(context: StatementContext, scope: Scope, node: CallStmt): Statement {
  const call = node.funccall;
  const names = (call?.funcname ?? []).map((part) => ('String' in part ? (part.String.sval ?? '') : ''));
  const name = names.at(-1) ?? '';
  const schema = names.length > 1 ? (names.at(-2) ?? null) : null;
  const given = (call?.args ?? []).map((argument): Given =>
    'NamedArgExpr' in argument
      ? {
          name: argument.NamedArgExpr.name ?? null,
          value: buildExpression(context, scope, argument.NamedArgExpr.arg ?? argument),
        }
      : { name: null, value: buildExpression(context, scope, argument) },
  );
  const incomplete = context.incomplete;
  const plain = unsupportedStatement(context, { CallStmt: node }, 'CALL');
  const fitting = context.lookup
    .routines(schema, name)
    .filter(({ kind }) => kind === 'procedure')
    .flatMap((routine) => {
      const called = calledOf(routine, given, schema, context);
      return called === null ? [] : [{ routine, called }];
    });
  const [one, ...others] = fitting;
  if (plain.kind !== 'unsupported-statement' || one === undefined || others.length > 0) return plain;
  if (call === undefined || call.func_variadic === true || one.routine.extension !== null) return plain;
  context.incomplete = incomplete;
  noteRoutineSchema(context, call, schema, one.routine);
  return { ...plain, called: one.called };
}

/** Null: the arguments do not fit by number and name. */
function calledOf(
  routine: Routine,
  given: readonly Given[],
  schema: string | null,
  { lookup }: StatementContext,
): CalledProcedure | null {
  const listsOut = lookup.catalog.serverVersionNumber >= callListsOut;
  const listed = routine.arguments.filter(({ mode }) => mode !== 'out' || listsOut);
  const values = byPlace(listed, given);
  if (values === null || listed.some(({ mode }) => mode === 'variadic')) return null;
  const named = given.some(({ name }) => name !== null);
  const outs: CalledProcedure['outs'][number][] = [];
  const inputs: Given[] = [];
  for (const [index, argument] of listed.entries()) {
    const value = values[index] ?? null;
    if (argument.mode !== 'out' && value !== null) inputs.push({ name: named ? argument.name : null, value });
    if (argument.mode === 'out' || argument.mode === 'inout') {
      // An omitted one has no variable that takes its value, which PL/pgSQL refuses.
      if (value === null) return null;
      const name = argument.name ?? `column${String(outs.length + 1)}`;
      outs.push({ name, type: argument.type, inout: argument.mode === 'inout', given: value });
    }
  }
  return { call: callOf(routine, schema, inputs), outs };
}

function byPlace(
  listed: readonly RoutineArgument[],
  given: readonly Given[],
): readonly (Expression | null)[] | null {
  const values: (Expression | null)[] = listed.map(() => null);
  for (const [index, { name, value }] of given.entries()) {
    const at = name === null ? index : listed.findIndex((argument) => argument.name === name);
    if (at < 0 || at >= values.length || values[at] !== null) return null;
    values[at] = value;
  }
  const whole = listed.every(({ default: initial }, index) => values[index] !== null || initial !== null);
  return whole ? values : null;
}

function callOf(routine: Routine, schema: string | null, inputs: readonly Given[]): FunctionCall {
  return {
    kind: 'call',
    schema,
    name: routine.name,
    arguments: inputs,
    star: false,
    distinct: false,
    variadic: false,
    orderBy: [],
    filter: null,
    withinGroup: false,
    over: null,
    routine: routine.oid,
    aggregate: false,
    volatile: true,
    type: null,
  };
}
