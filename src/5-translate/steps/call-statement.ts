/** Statements that only call a routine which is a generated function: PERFORM, SELECT INTO and RETURN QUERY of it. */
import type { Step } from '../../3-parse/body.js';
import type { Expression, FunctionCall } from '../../3-parse/expression.js';
import type { Select, Statement } from '../../3-parse/statement.js';
import { routineByOid } from '../callees.js';
import type { Code, Line, ObjectEntry } from '../code.js';
import type { ModuleDraft } from '../draft.js';
import { assign } from './assign.js';
import { generated, routineCall, rowsOfCall, type RoutineCall } from './call-routine.js';
import { carrier } from './carrier.js';
import type { StepsContext } from './context.js';
import type { CountSource, Flow } from './flow.js';
import type { ResultColumn } from './result.js';

/** PERFORM f(…) and PERFORM * FROM f(…). False: SQL says it. */
export function performCall(statement: Select, context: StepsContext, flow: Flow, out: Line[]): boolean {
  const value = valueOfCall(statement);
  const node = value ?? rowsOfCall(statement);
  if (node === null || (value !== null && givesSet(value, context))) return false;
  const call = routineCall(node, context, flow, out);
  if (call === null) return false;
  const counted = givesSet(node, context);
  const source: CountSource = {
    list: out,
    index: out.length,
    query: call.code,
    form: 'rows',
    name: null,
  };
  out.push({ kind: 'expression', value: { kind: 'await', value: call.code } });
  flow.found = counted ? { kind: 'count', source } : { kind: 'constant', value: true };
  flow.rowCount = counted ? source : { rows: 'one' };
  return true;
}

/** SELECT f(…) INTO v: an assignment that sets FOUND. False: it is none, or SQL says it. */
export function intoCall(
  step: Extract<Step, { kind: 'execute-sql' }>,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): boolean {
  const { statement, into } = step;
  const [target, ...others] = into?.targets ?? [];
  if (statement.kind !== 'select' || target?.kind !== 'variable' || others.length > 0) return false;
  const node = valueOfCall(statement) ?? rowsOfCall(statement);
  if (node === null || givesSet(node, context) || generated(node, context)?.shape !== 'value') return false;
  assign({ kind: 'assign', target, value: node, line: step.line, sql: step.sql }, context, flow, out);
  flow.found = { kind: 'constant', value: true };
  flow.rowCount = { rows: 'one' };
  return true;
}

export interface CalledRow {
  readonly call: RoutineCall;
  /** Key of each assigned column in the function's rows. */
  readonly keys: readonly string[];
  /** One row whatever the tables hold. */
  readonly certain: boolean;
}

/** SELECT … INTO a, b FROM f(…), when each column has the type of its target. */
export function calledRow(
  statement: Statement,
  wanted: readonly { readonly type: number; readonly cast: string }[],
  context: StepsContext,
  flow: Flow,
  out: Line[],
): CalledRow | null {
  const node = statement.kind === 'select' ? rowsOfCall(statement) : null;
  const draft = node === null ? null : generated(node, context);
  if (statement.kind !== 'select' || node === null || draft?.shape !== 'rows') return null;
  const keys = keysOf(statement, draft);
  const fits = wanted.every(
    ({ type, cast }) => cast === '' && carrier(context.input.catalog, type, context.driver).raw,
  );
  if (keys === null || !fits || keys.length !== wanted.length) return null;
  const call = routineCall(node, context, flow, out);
  return call === null ? null : { call, keys, certain: !givesSet(node, context) };
}

/** The rows of SELECT … FROM f(…) under the names of these columns; null: SQL says it. */
export function calledRows(
  statement: Statement,
  columns: readonly ResultColumn[],
  context: StepsContext,
  flow: Flow,
  out: Line[],
): Code | null {
  const node = statement.kind === 'select' ? rowsOfCall(statement) : null;
  const draft = node === null ? null : generated(node, context);
  if (statement.kind !== 'select' || node === null || draft?.shape !== 'rows') return null;
  const keys = keysOf(statement, draft);
  const types = statement.targets.map(({ expression }) => expression.type);
  if (keys === null || columns.some(({ type }, index) => types[index] !== type)) return null;
  if (keys.length !== columns.length) return null;
  const call = routineCall(node, context, flow, out);
  return call === null ? null : renamed({ kind: 'await', value: call.code }, draft, keys, columns);
}

/** RETURN f(…) of a row: the function's own row, if it has these columns. */
export function rowOfCall(
  node: Expression | null,
  columns: readonly ResultColumn[],
  context: StepsContext,
  flow: Flow,
  out: Line[],
): Code | null {
  const draft = node?.kind === 'call' ? generated(node, context) : null;
  if (node?.kind !== 'call' || draft?.shape !== 'rows' || givesSet(node, context)) return null;
  const names = draft.columns.map(({ key }) => key);
  if (names.join('\0') !== columns.map(({ name }) => name).join('\0')) return null;
  return routineCall(node, context, flow, out)?.code ?? null;
}

/** A FROM-less SELECT of one call. */
function valueOfCall(select: Select): FunctionCall | null {
  const [target, ...others] = select.targets;
  const alone = select.from.length === 0 && select.where === null && select.limit === null;
  if (!alone || others.length > 0 || select.setOperation !== null || select.with.length > 0) return null;
  return target?.expression.kind === 'call' ? target.expression : null;
}

function givesSet(node: FunctionCall, { input: { catalog } }: StepsContext): boolean {
  return routineByOid(catalog, node.routine)?.returnsSet ?? true;
}

/** Each selected column's key in the function's rows: its name there, which an alias of FROM does not change. */
function keysOf(select: Select, draft: ModuleDraft): readonly string[] | null {
  const [item] = select.from;
  const aliases = item?.kind === 'function' ? item.columnNames : [];
  const keys = select.targets.map(({ expression }) => {
    if (expression.kind !== 'column') return null;
    const at = aliases.indexOf(expression.column);
    const key = at < 0 ? expression.column : draft.columns[at]?.key;
    return draft.columns.some((column) => column.key === key) ? (key ?? null) : null;
  });
  return keys.some((key) => key === null) ? null : keys.flatMap((key) => key ?? []);
}

function renamed(
  rows: Code,
  draft: ModuleDraft,
  keys: readonly string[],
  columns: readonly ResultColumn[],
): Code {
  const same =
    draft.columns.length === columns.length &&
    columns.every(({ name }, index) => name === draft.columns[index]?.key && name === keys[index]);
  if (same) return rows;
  const entries = columns.map(({ name }, index): ObjectEntry => ({
    kind: 'property',
    key: name,
    value: { kind: 'member', object: { kind: 'local', name: 'row' }, property: keys[index] ?? name },
  }));
  const body: Code = { kind: 'object', entries };
  const each: Code = { kind: 'arrow', async: false, parameters: ['row'], body };
  return { kind: 'call', callee: { kind: 'member', object: rows, property: 'map' }, arguments: [each] };
}
