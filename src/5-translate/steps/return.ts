/** RETURN, RETURN QUERY and the end of the body: the routine's value as the driver would have given it. */
import type { Step } from '../../3-parse/body.js';
import type { Expression, VariableReference } from '../../3-parse/expression.js';
import type { Statement } from '../../3-parse/statement.js';
import type { Code, Line } from '../code.js';
import { nullable } from '../nullability.js';
import { outerJoined, outputTargets } from '../selection.js';
import { unsupported } from '../untranslatable.js';
import type { StepsContext } from './context.js';
import type { CountSource, Flow } from './flow.js';
import { setFound } from './found.js';
import { noteStatement } from './note-statement.js';
import { generated } from './call-routine.js';
import { calledRows, rowOfCall } from './call-statement.js';
import { raised } from './raise.js';
import { withKnown } from './read-variable.js';
import { resultOf, type Result, type ResultColumn } from './result.js';
import { returnedRow, returnedValue } from './returned-values.js';
import { rowsQuery, type Field } from './rows-query.js';
import { noteSent } from './send.js';
import { standalone } from './standalone.js';

type ReturnStep = Extract<Step, { kind: 'return' }>;

export function returnStep(step: ReturnStep, context: StepsContext, flow: Flow, out: Line[]): void {
  const result = resultOf(context.input);
  switch (result.kind) {
    case 'void':
      if (step.value !== null && step.value.kind !== 'null') unsupported('RETURN of a value of type void');
      return finish({ kind: 'return', value: null }, context, flow, out);
    case 'set':
      return finish({ kind: 'return', value: { kind: 'local', name: 'rows' } }, context, flow, out, true);
    case 'out':
      return finish({ kind: 'return', value: outValue(result, context, flow, out) }, context, flow, out);
    case 'row': {
      const called = rowOfCall(step.value, result.columns, context, flow, out);
      if (called !== null) return finish({ kind: 'return', value: called }, context, flow, out);
      const row = rowValue(step.value, result.columns, context, flow, out);
      return finish({ kind: 'return', value: { kind: 'array', items: [row] } }, context, flow, out);
    }
    case 'scalar': {
      if (step.value === null) return unsupported('RETURN without a value');
      if (mayBeNull(step.value, context, flow)) context.mayGiveNull = true;
      const value = returnedValue(step.value, result.type, context, flow, out);
      return finish({ kind: 'return', value }, context, flow, out);
    }
  }
}

/** What stands after the last step. */
export function endOfBody(context: StepsContext, flow: Flow, out: Line[]): void {
  if (flow.ended) return;
  const result = resultOf(context.input);
  const end: ReturnStep = { kind: 'return', value: null, line: 0, sql: 'RETURN' };
  if (result.kind === 'void') return finish(null, context, flow, out);
  if (result.kind === 'out' || result.kind === 'set') return returnStep(end, context, flow, out);
  out.push(raised('2F005', 'control reached end of function without RETURN', {}));
  flow.ended = true;
}

/** `last`: nothing was collected before and nothing comes after, so that the rows are the result. */
export function returnQuery(
  statement: Statement,
  last: boolean,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): void {
  const result = resultOf(context.input);
  if (result.kind !== 'set') return unsupported('RETURN QUERY');
  const targets = outputTargets(statement);
  if (targets.length !== result.columns.length) unsupported('RETURN QUERY of another number of columns');
  const outer = outerJoined(statement);
  const fields = targets.map((target, index): Field => {
    const column = result.columns[index];
    if (column === undefined) return unsupported('RETURN QUERY of another number of columns');
    const type = target.expression.type ?? statement.columns?.[index]?.type ?? null;
    if (type !== column.type) return unsupported('RETURN QUERY of another type');
    const mayBeNull = nullable(withKnown(target.expression, context, flow), outer);
    return { key: column.name, target, type, cast: '', nullable: mayBeNull, returned: true };
  });
  const value =
    calledRows(statement, result.columns, context, flow, out) ??
    queriedRows(statement, fields, context, flow, out);
  if (last && context.result.returned === 'none') {
    return finish({ kind: 'return', value }, context, flow, out);
  }
  context.result.returned = 'collected';
  // A spread of the rows would be an argument for each of them.
  const name = context.names.unique('found');
  const source: CountSource = { list: out, index: out.length, query: value, form: 'rows', name };
  out.push({ kind: 'const', pattern: name, value });
  setFound({ kind: 'count', source }, context, flow, out);
  flow.rowCount = source;
  out.push({
    kind: 'for-of',
    binding: 'row',
    iterable: { kind: 'local', name },
    body: [
      {
        kind: 'expression',
        value: { kind: 'call', callee: push, arguments: [{ kind: 'local', name: 'row' }] },
      },
    ],
    label: null,
  });
}

function mayBeNull(value: Expression, context: StepsContext, flow: Flow): boolean {
  if (value.kind === 'call') return generated(value, context)?.nullable ?? true;
  return nullable(withKnown(value, context, flow), new Set());
}

function queriedRows(
  statement: Statement,
  fields: readonly Field[],
  context: StepsContext,
  flow: Flow,
  out: Line[],
): Code {
  const query = rowsQuery(statement, fields, context, flow);
  noteSent(query.sent, statement, query.scope, context, flow, out);
  noteStatement(statement, context, flow);
  const rows: Code = { kind: 'await', value: query.code };
  return query.form === 'rows' ? rows : { kind: 'member', object: rows, property: 'rows' };
}

function finish(line: Line | null, context: StepsContext, flow: Flow, out: Line[], collected = false): void {
  if (collected) context.result.returned = 'collected';
  if (line !== null) out.push(line);
  context.endings.push(new Set(flow.sent));
  flow.ended = true;
}

/** OUT arguments as they are now: of a function one is the value itself, all others are a row. */
function outValue(
  { columns, row }: Extract<Result, { kind: 'out' }>,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): Code {
  const nodes = outVariables(columns, context);
  const [only] = columns;
  const [node] = nodes;
  if (!row && only !== undefined && node !== undefined)
    return returnedValue(node, only.type, context, flow, out);
  return { kind: 'array', items: [returnedRow(nodes, columns, context, flow, out)] };
}

function outVariables(columns: readonly ResultColumn[], context: StepsContext): readonly VariableReference[] {
  return columns.map(({ name, type }) => {
    const variable = context.variables.find((one) => one.origin === 'out' && one.name === name);
    if (variable === undefined) return unsupported(`the OUT argument ${name}`);
    return { kind: 'variable', variable: variable.id, name, path: [], type, inferred: type };
  });
}

/** RETURN of a row variable, of `ROW(…)` and of NULL, which is a row of NULLs. */
function rowValue(
  node: Expression | null,
  columns: readonly ResultColumn[],
  context: StepsContext,
  flow: Flow,
  out: Line[],
): Code {
  const row = node?.kind === 'cast' ? node.operand : node;
  if (row?.kind === 'row') return returnedRow(row.items.map(standalone), columns, context, flow, out);
  if (row?.kind === 'null') {
    const nulls = columns.map((): Expression => ({ kind: 'null', type: null }));
    return returnedRow(nulls, columns, context, flow, out);
  }
  if (node?.kind !== 'variable' || node.path.length > 0)
    return unsupported('RETURN of a row that is no variable');
  const binding = flow.bindings.get(node.variable);
  if (binding?.kind !== 'record') return unsupported(`the row ${node.name}, which is not known here`);
  const names = [...binding.fields.keys()];
  const fields = names.map((name): Expression => {
    const inner = binding.fields.get(name);
    const type = inner !== undefined && 'type' in inner ? inner.type : null;
    return { ...node, path: [name], type, inferred: type };
  });
  return returnedRow(fields, columns, context, flow, out);
}

/** RETURN NEXT adds one row: of the OUT columns as they are, or of its value. */
export function returnNext(
  step: Extract<Step, { kind: 'return-next' }>,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): void {
  const result = resultOf(context.input);
  if (result.kind !== 'set') return unsupported('RETURN NEXT');
  const { columns } = result;
  const { value } = step;
  const composite = value !== null && isRow(value, context);
  const row =
    value === null
      ? returnedRow(outVariables(columns, context), columns, context, flow, out)
      : composite
        ? rowValue(value, columns, context, flow, out)
        : returnedRow([value], columns, context, flow, out);
  context.result.returned = 'collected';
  out.push({ kind: 'expression', value: { kind: 'call', callee: push, arguments: [row] } });
}

function isRow(node: Expression, context: StepsContext): boolean {
  if (node.kind === 'row') return true;
  if (node.kind === 'cast') return isRow(node.operand, context);
  return node.kind === 'variable' && flowsAsRow(node, context);
}

function flowsAsRow({ variable, path }: VariableReference, context: StepsContext): boolean {
  const type = context.variables[variable]?.type ?? null;
  return path.length === 0 && (type === null || context.input.catalog.types.get(type)?.kind === 'composite');
}

const push: Code = { kind: 'member', object: { kind: 'local', name: 'rows' }, property: 'push' };
