/**
 * FOREACH over the elements of an array (PostgreSQL manual, 41.6.7), in the order in which they are stored, whatever
 * its dimensions. An argument is a JavaScript array already; another array is taken apart by PostgreSQL.
 */
import type { Step } from '../../3-parse/body.js';
import type { Expression } from '../../3-parse/expression.js';
import type { Code, Line } from '../code.js';
import { expression } from '../expressions/expression.js';
import { bind, fragment, template, within } from '../fragment.js';
import { binary, jsTypeOf } from '../javascript/js-value.js';
import { jsValue } from '../javascript/value.js';
import { baseType, rawType } from '../representation.js';
import { unsupported } from '../untranslatable.js';
import { valueInJavaScript } from './assign.js';
import { carrier } from './carrier.js';
import { useOf, variableOf, type StepsContext } from './context.js';
import type { Flow } from './flow.js';
import { leave, madeTurn, turnOf } from './loop.js';
import { noteRead } from './note-statement.js';
import { jsScope, sqlScope } from './read-variable.js';
import { evaluated, executedForm, noteSent } from './send.js';

type ArrayStep = Extract<Step, { kind: 'foreach' }>;

interface Elements {
  readonly code: Code;
  readonly nullable: boolean;
}

export function forEach(step: ArrayStep, context: StepsContext, flow: Flow, out: Line[]): void {
  const { target } = step;
  if (target.kind !== 'variable') return unsupported('FOREACH into a part of a variable');
  const variable = variableOf(context, target.variable);
  const { catalog } = context.input;
  const array = baseType(catalog, step.array.type ?? 0);
  const element = (step.slice > 0 ? array?.oid : array?.element) ?? 0;
  if (element === 0 || variable.type !== element || variable.typmod !== -1)
    return unsupported('FOREACH into a variable of another type');
  const elements =
    step.slice > 0
      ? slices(step, element, context, flow, out)
      : elementsOf(step, element, context, flow, out);
  const { single } = useOf(context, variable.id);
  if (variable.notNull && elements.nullable) unsupported('FOREACH into a variable that is NOT NULL');
  const name = context.names.ofVariable(single ? variable.name : 'element');
  const iterable = context.foundName === null ? elements.code : named(elements.code, context, out);
  const turn = turnOf(step, context, flow, (inner, body) => {
    const own: Code = { kind: 'local', name };
    const current = inner.bindings.get(variable.id);
    if (single) {
      inner.bindings.set(variable.id, {
        kind: 'local',
        code: own,
        type: element,
        nullable: elements.nullable,
      });
    } else if (current?.kind === 'local' && current.code.kind === 'local') {
      body.push({ kind: 'set', target: current.code.name, value: own });
      if (elements.nullable) inner.known.delete(`v${variable.id}`);
      else inner.known.add(`v${variable.id}`);
    }
  });
  out.push({ kind: 'for-of', binding: name, iterable, body: turn.body, label: turn.label });
  leave(turn, true, context, flow);
  const length: Code = { kind: 'member', object: iterable, property: 'length' };
  madeTurn(binary(length, '>', { kind: 'number', text: '0' }), context, flow, out);
}

function elementsOf(
  { array }: ArrayStep,
  element: number,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): Elements {
  const taken = given(array, element, context) ?? listed(array, element, context, flow);
  return taken ?? asked(array, element, context, flow, out);
}

/** Each an array, as an array variable is carried. */
function slices(
  { array, slice }: ArrayStep,
  type: number,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): Elements {
  const own = valueInJavaScript(array, { type, typmod: -1 }, context, flow);
  if (own === null) noteRead(array, flow);
  const { code } = own ?? evaluated(array, '', type, context, flow, out);
  const dimensions: Code = { kind: 'number', text: String(slice) };
  const callee: Code = { kind: 'routine', module: 'support', name: 'arraySlices' };
  return { code: { kind: 'call', callee, arguments: [code, dimensions] }, nullable: false };
}

/** An argument whose elements JavaScript has as PostgreSQL does. */
function given(node: Expression, element: number, context: StepsContext): Elements | null {
  if (node.kind !== 'parameter' || node.path.length > 0 || jsTypeOf(element) === null) return null;
  const parameter = context.parameters[node.position - 1];
  const { type = '' } = parameter?.module ?? {};
  const form = /^(?:(?:number|string|boolean)|\((?:number|string|boolean) \| (null)\))\[\]/.exec(type);
  if (parameter?.source.kind !== 'expression' || form === null) return null;
  context.checked.add(node.position);
  const code: Code = { kind: 'argument', position: node.position };
  const mayBeNull = context.input.nullable.has(node.position);
  return { code: mayBeNull ? helper('foreachArray', code) : code, nullable: form[1] !== undefined };
}

/** `ARRAY['a', 'b']`. */
function listed(node: Expression, element: number, context: StepsContext, flow: Flow): Elements | null {
  const type = jsTypeOf(element);
  if (node.kind === 'cast')
    return node.operand.type === node.type ? listed(node.operand, element, context, flow) : null;
  if (node.kind !== 'array' || type === null || node.items.length === 0) return null;
  const values = node.items.map((item) =>
    item.kind === 'literal' ? jsValue(item, jsScope(context, flow)) : null,
  );
  const items = values.flatMap((value) => (value?.type === type ? [value.code] : []));
  return items.length < values.length ? null : { code: { kind: 'array', items }, nullable: false };
}

/** PostgreSQL's elements, each as a variable of their type is carried. */
function asked(node: Expression, element: number, context: StepsContext, flow: Flow, out: Line[]): Elements {
  const { catalog } = context.input;
  const carried = carrier(catalog, element, context.driver);
  const asIs = rawType(catalog, node.type ?? 0, context.driver) === `${carried.type}[]` && carried.raw;
  if (!asIs && carried.type !== 'string') unsupported('FOREACH over an array that the driver does not read');
  noteRead(node, flow);
  const scope = sqlScope(node, context, flow);
  const inner = expression(node, scope);
  const whole = asIs ? inner : fragment(bind.cast, within(bind.cast, inner), '::text[]');
  const sql = template(whole, null);
  noteSent(executedForm(sql), node, scope, context, flow, out);
  const callee: Code = { kind: 'routine', module: 'support', name: 'elements' };
  const typeArguments = [`${carried.type} | null`];
  const call: Code = { kind: 'call', callee, arguments: [{ kind: 'executor' }, sql], typeArguments };
  return { code: { kind: 'await', value: call }, nullable: true };
}

function named(code: Code, context: StepsContext, out: Line[]): Code {
  if (code.kind === 'argument') return code;
  const name = context.names.unique('elements');
  out.push({ kind: 'const', pattern: name, value: code });
  return { kind: 'local', name };
}

function helper(name: string, value: Code): Code {
  const callee: Code = { kind: 'routine', module: 'support', name };
  return { kind: 'call', callee, arguments: [value] };
}
