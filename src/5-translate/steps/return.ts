/** RETURN, RETURN QUERY and the end of the body: the routine's value as the driver would have given it. */
import type { Step } from '../../3-parse/body.js';
import type { Expression, VariableReference } from '../../3-parse/expression.js';
import type { Statement } from '../../3-parse/statement.js';
import type { Code, Line, ObjectEntry } from '../code.js';
import { nullable } from '../nullability.js';
import { rawType } from '../representation.js';
import { outerJoined, outputTargets } from '../selection.js';
import { unsupported } from '../untranslatable.js';
import { valueInJavaScript } from './assign.js';
import { assignmentCast, carrier } from './carrier.js';
import type { StepsContext } from './context.js';
import type { Flow } from './flow.js';
import { noteRead, noteStatement } from './note-statement.js';
import { raised } from './raise.js';
import { readVariable, withKnown } from './read-variable.js';
import { resultOf, type Result } from './result.js';
import { rowsQuery, type Field } from './rows-query.js';
import { evaluated, noteSent } from './send.js';

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
      return finish({ kind: 'return', value: outValue(result, context, flow) }, context, flow, out);
    case 'row':
      return finish(
        { kind: 'return', value: rowValue(step.value, result, context, flow) },
        context,
        flow,
        out,
      );
    case 'scalar': {
      if (step.value === null) return unsupported('RETURN without a value');
      const value = scalarValue(step.value, result.type, context, flow, out);
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
  const query = rowsQuery(statement, fields, context, flow);
  noteSent(query.sent, statement, query.scope, context, flow, out);
  noteStatement(statement, context, flow);
  const rows: Code = { kind: 'await', value: query.code };
  const value: Code = query.form === 'rows' ? rows : { kind: 'member', object: rows, property: 'rows' };
  if (last && context.result.returned === 'none') {
    return finish({ kind: 'return', value }, context, flow, out);
  }
  context.result.returned = 'collected';
  flow.found = { kind: 'unknown' };
  flow.rowCount = null;
  const push: Code = { kind: 'member', object: { kind: 'local', name: 'rows' }, property: 'push' };
  // A spread of the rows would be an argument for each of them.
  const name = context.names.unique('found');
  out.push({ kind: 'const', pattern: name, value });
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

function finish(line: Line | null, context: StepsContext, flow: Flow, out: Line[], collected = false): void {
  if (collected) context.result.returned = 'collected';
  if (line !== null) out.push(line);
  context.endings.push(new Set(flow.sent));
  flow.ended = true;
}

function scalarValue(node: Expression, type: number, context: StepsContext, flow: Flow, out: Line[]): Code {
  const { catalog } = context.input;
  const raw = rawType(catalog, type, context.driver);
  const carried = carrier(catalog, type, context.driver);
  const to = { type, typmod: -1 };
  const value = carried.raw ? valueInJavaScript(node, to, context, flow) : null;
  if (value !== null) return value.code;
  if (node.kind === 'null') return { kind: 'keyword', value: 'null' };
  const cast = assignmentCast(catalog, node.type, to);
  noteRead(node, flow);
  return unwrapped(evaluated(node, cast, type, context, flow, out, raw).code);
}

/** An async function may return the promise itself. */
function unwrapped(code: Code): Code {
  return code.kind === 'await' ? code.value : code;
}

/** OUT arguments as they are now: one is the value itself, several are a row. */
function outValue(result: Extract<Result, { kind: 'out' }>, context: StepsContext, flow: Flow): Code {
  const values = result.columns.map(({ name, type }) => {
    const variable = context.variables.find((one) => one.origin === 'out' && one.name === name);
    if (variable === undefined) return unsupported(`the OUT argument ${name}`);
    const node: VariableReference = {
      kind: 'variable',
      variable: variable.id,
      name,
      path: [],
      type,
      inferred: type,
    };
    return { name, code: rawRead(node, context, flow) };
  });
  const [only] = values;
  if (values.length === 1 && only !== undefined) return only.code;
  const entries = values.map(({ name, code }): ObjectEntry => ({ kind: 'property', key: name, value: code }));
  return { kind: 'array', items: [{ kind: 'object', entries }] };
}

/** RETURN of a row variable. */
function rowValue(
  node: Expression | null,
  result: Extract<Result, { kind: 'row' }>,
  context: StepsContext,
  flow: Flow,
): Code {
  const nothing: Code = { kind: 'keyword', value: 'null' };
  if (node?.kind === 'null') {
    const entries = result.columns.map(({ name }): ObjectEntry => ({
      kind: 'property',
      key: name,
      value: nothing,
    }));
    return { kind: 'array', items: [{ kind: 'object', entries }] };
  }
  if (node?.kind !== 'variable' || node.path.length > 0)
    return unsupported('RETURN of a row that is no variable');
  const binding = flow.bindings.get(node.variable);
  if (binding?.kind !== 'record') return unsupported(`the variable ${node.name}`);
  const names = [...binding.fields.keys()];
  if (names.length !== result.columns.length) return unsupported('RETURN of a row of other columns');
  const entries = result.columns.map(({ name, type }, index): ObjectEntry => {
    const field = names[index] ?? name;
    const inner = binding.fields.get(field);
    if (inner?.kind !== 'field' || inner.type !== type) return unsupported('RETURN of a row of other types');
    const read: VariableReference = { ...node, path: [field], type, inferred: type };
    return { kind: 'property', key: name, value: rawRead(read, context, flow) };
  });
  return { kind: 'array', items: [{ kind: 'object', entries }] };
}

function rawRead(node: VariableReference, context: StepsContext, flow: Flow): Code {
  const read = readVariable(node, flow);
  if (read === null) return unsupported(`the variable ${node.name}`);
  if (read.type !== node.type) return unsupported('a value of another type');
  if (!carrier(context.input.catalog, read.type, context.driver).raw)
    return unsupported(
      `a ${context.input.catalog.types.get(read.type)?.sqlName ?? 'value'} in a returned row`,
    );
  return read.code;
}
