/** Calls of routines that are generated functions themselves: `await checkCredit(tx, { customerId })`. */
import type { Expression, FunctionCall } from '../../3-parse/expression.js';
import { inputArguments } from '../../3-parse/routine-names.js';
import type { Select } from '../../3-parse/statement.js';
import { routineByOid } from '../callees.js';
import type { Code, Line, ObjectEntry } from '../code.js';
import type { ModuleDraft } from '../draft.js';
import { givenArguments } from '../inline-calls-arguments.js';
import { documentation } from '../module-head.js';
import { elementsAt } from '../parameter-type.js';
import { rawType } from '../representation.js';
import { unsupported, Untranslatable } from '../untranslatable.js';
import { valueInJavaScript } from './assign.js';
import { assignmentCast } from './assignment.js';
import { carrier } from './carrier.js';
import type { StepsContext } from './context.js';
import { branchOf, type Flow } from './flow.js';
import { locksHeld, tell } from './hazards.js';
import { noteRead } from './note-statement.js';
import { readVariable } from './read-variable.js';
import { evaluated } from './send.js';

export interface RoutineCall {
  /** Not awaited. */
  readonly code: Code;
  readonly draft: ModuleDraft;
}

/** The call of the generated function that the expression is; null: it is none, and SQL says it. */
export function routineCall(
  node: Expression,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): RoutineCall | null {
  const draft = node.kind === 'call' ? generated(node, context) : null;
  if (node.kind !== 'call' || draft === null) return null;
  const lines = out.length;
  const described = context.describable.length;
  const saved = branchOf(flow);
  try {
    const entries = argumentEntries(node, draft, context, flow, out);
    noteCall(draft, context, flow);
    const callee: Code = { kind: 'routine', module: draft.documentation, name: draft.name };
    const given: readonly Code[] = draft.parameters.length === 0 ? [] : [{ kind: 'object', entries }];
    return { code: { kind: 'call', callee, arguments: [{ kind: 'executor' }, ...given] }, draft };
  } catch (error) {
    if (!(error instanceof Untranslatable) || error.reason !== 'unsupported') throw error;
    out.length = lines;
    context.describable.length = described;
    Object.assign(flow, saved);
    return null;
  }
}

/** The value of a call whose result has exactly this type, as the driver gives it. */
export function calledValue(
  node: Expression,
  type: number,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): Code | null {
  if (
    node.kind !== 'call' ||
    generated(node, context)?.shape !== 'value' ||
    resultType(node, context) !== type
  )
    return null;
  return routineCall(node, context, flow, out)?.code ?? null;
}

/** `SELECT * FROM f(…)` and no more, with f a generated function that gives rows of the same columns. */
export function rowsOfCall(select: Select): FunctionCall | null {
  const [item, ...others] = select.from;
  const plain =
    select.where === null &&
    select.groupBy.length === 0 &&
    select.having === null &&
    select.orderBy.length === 0 &&
    select.limit === null &&
    select.offset === null &&
    select.distinct === null &&
    select.setOperation === null &&
    select.with.length === 0 &&
    select.locking.length === 0;
  if (!plain || others.length > 0 || item?.kind !== 'function' || item.ordinality) return null;
  if (item.columnDefinitions !== null || item.call.kind !== 'call') return null;
  const { range } = item;
  const own = select.targets.every(
    ({ expression }) => expression.kind === 'column' && expression.range === range,
  );
  return own ? item.call : null;
}

/** The generated function that the call is of. */
export function generated(node: FunctionCall, { input }: StepsContext): ModuleDraft | null {
  if (node.routine === null || node.over !== null || node.filter !== null) return null;
  return input.callees?.module(node.routine) ?? null;
}

function resultType(node: FunctionCall, { input: { catalog } }: StepsContext): number | null {
  return routineByOid(catalog, node.routine)?.returnType ?? null;
}

function argumentEntries(
  node: FunctionCall,
  draft: ModuleDraft,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): readonly ObjectEntry[] {
  const { catalog, callees } = context.input;
  const routine = routineByOid(catalog, node.routine);
  const given = routine === null ? null : givenArguments(node, routine, catalog);
  if (routine === null || given === null) return unsupported(`a call of ${node.name} with such arguments`);
  const inputs = inputArguments(routine);
  return draft.parameters.flatMap((parameter): ObjectEntry[] => {
    const value = given[parameter.position - 1] ?? null;
    const declared = inputs[parameter.position - 1]?.type;
    if (declared === undefined) return unsupported(`the argument ${parameter.name}`);
    if (value === null)
      return parameter.default === null ? unsupported(`the default of ${parameter.name}`) : [];
    const array = arrayValue(value, declared, parameter.name, context, flow, out);
    if (array?.nullable === true) callees?.noteNullable?.(routine.oid, elementsAt(parameter.position));
    if (array !== null) return [{ kind: 'property', key: parameter.name, value: array.code }];
    const { code, nullable } = argumentValue(value, declared, parameter.name, context, flow, out);
    if (nullable) callees?.noteNullable?.(routine.oid, parameter.position);
    if (value.kind === 'parameter' && context.input.nullable.has(elementsAt(value.position)))
      callees?.noteNullable?.(routine.oid, elementsAt(parameter.position));
    if (value.kind === 'parameter' && !routine.strict) flow.sent.add(value.position);
    return [{ kind: 'property', key: parameter.name, value: code }];
  });
}

interface Value {
  readonly code: Code;
  readonly nullable: boolean;
}

/** The array that a VARIADIC parameter makes of its arguments, of what JavaScript holds; `nullable` is that of an item. */
function arrayValue(
  node: Expression,
  declared: number,
  name: string,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): Value | null {
  const { types } = context.input.catalog;
  const element = types.get(types.get(declared)?.element ?? 0);
  if (node.kind !== 'cast' || node.operand.kind !== 'array' || node.type !== declared) return null;
  const { items } = node.operand;
  const fits = (type: number | null): boolean =>
    type === element?.oid || (element?.category === 'N' && types.get(type ?? 0)?.category === 'N');
  if (element === undefined || !items.every((item) => isUntyped(item) || fits(item.type))) return null;
  const values = items.map((item) => argumentValue(item, element.oid, name, context, flow, out));
  const code: Code = { kind: 'array', items: values.map((value) => value.code) };
  return { code, nullable: values.some((value) => value.nullable) };
}

/** It takes the type of its place. */
function isUntyped(node: Expression): boolean {
  return node.kind === 'null' || (node.kind === 'literal' && node.literal === 'string');
}

function argumentValue(
  node: Expression,
  declared: number,
  name: string,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): Value {
  const { catalog, nullable } = context.input;
  if (node.kind === 'null') return { code: { kind: 'keyword', value: 'null' }, nullable: true };
  if (node.kind === 'parameter' && node.path.length === 0 && node.type === declared) {
    const code: Code = { kind: 'argument', position: node.position };
    return { code, nullable: nullable.has(node.position) && !flow.known.has(`p${node.position}`) };
  }
  if (node.kind === 'literal') {
    const constant = literalValue(node, declared);
    if (constant !== null) return { code: constant, nullable: false };
  }
  const carried = carrier(catalog, declared, context.driver);
  if (!carried.raw)
    return unsupported(`an argument of the type ${rawType(catalog, declared, context.driver)}`);
  if (node.kind === 'variable') {
    const read = readVariable(node, flow);
    if (read !== null && read.type === declared) return { code: read.code, nullable: read.nullable };
  }
  const to = { type: declared, typmod: -1 };
  const computed = valueInJavaScript(node, to, context, flow);
  if (computed !== null) return computed;
  const cast = assignmentCast(catalog, node.type, to);
  noteRead(node, flow);
  const asked = evaluated(node, cast, declared, context, flow, out);
  const local = context.names.unique(name);
  out.push({ kind: 'const', pattern: local, value: asked.code });
  return { code: { kind: 'local', name: local }, nullable: asked.nullable };
}

/** A constant in the form that a parameter of the type takes. */
function literalValue(node: Extract<Expression, { kind: 'literal' }>, declared: number): Code | null {
  const texts = [25, 1043];
  const numbers = [20, 1700];
  if (node.literal === 'boolean' && declared === 16)
    return { kind: 'keyword', value: node.text === 'true' ? 'true' : 'false' };
  if (node.literal === 'string' && texts.includes(declared)) return { kind: 'string', value: node.text };
  if (node.literal === 'integer' && node.type === 23 && (declared === 23 || numbers.includes(declared)))
    return { kind: 'number', text: node.text };
  return node.literal === 'numeric' && declared === 1700 ? { kind: 'string', value: node.text } : null;
}

/** What the called function sends and warns of counts for this one too. */
function noteCall(draft: ModuleDraft, context: StepsContext, flow: Flow): void {
  const own = documentation(context.input);
  if (draft.pending === true || leadsTo(draft, own)) noteRecursion(context, flow);
  if (draft.documentation === own) return;
  const before = flow.statements;
  flow.statements += draft.statements;
  flow.reads += draft.statements;
  context.reads = Math.max(context.reads, flow.reads);
  context.called.set(draft.documentation, draft);
  if (draft.locks === true) flow.locked ??= before + 1;
  for (const { rule, message } of draft.hazards) if (rule !== locksHeld) tell(context, rule, message);
}

function leadsTo({ callees = [] }: ModuleDraft, own: string): boolean {
  return callees.some((callee) => callee.documentation === own || leadsTo(callee, own));
}

/** A recursion that is too deep is an error in PostgreSQL (54001), whose depth its memory sets. */
function noteRecursion(context: StepsContext, flow: Flow): void {
  context.recursive = true;
  const limit =
    'PostgreSQL ends a recursion that is deeper than max_stack_depth allows with the error 54001 and takes back what it did.';
  const waits = flow.statements > 0;
  const message = waits
    ? `It calls itself, and its statements are sent once for each call. ${limit} The generated function waits for the database before it calls itself, so that no depth ends it: a recursion without an end sends statements in its open transaction until the client runs out of memory or a timeout of the server ends it.`
    : `It calls itself before it waits for the database. ${limit} The generated function ends at the depth of the JavaScript stack, with a RangeError.`;
  tell(context, 'recursion', message);
}
