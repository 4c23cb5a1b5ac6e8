/**
 * `a[i] := value`: a helper assigns it in the text that the array travels as. A subscript that is NULL fails before
 * the value is computed, as in PostgreSQL (ExecInitSubscriptingRef in execExpr.c).
 */
import type { Target } from '../../3-parse/body.js';
import type { Expression } from '../../3-parse/expression.js';
import { typeName } from '../arguments.js';
import type { Code, Line } from '../code.js';
import { unsupported } from '../untranslatable.js';
import { valueInJavaScript } from './assign.js';
import { assignmentTo } from './assignment.js';
import { notAssignable, variableOf, type StepsContext } from './context.js';
import type { Flow } from './flow.js';
import { noteRead } from './note-statement.js';
import { evaluated } from './send.js';

type ElementTarget = Extract<Target, { kind: 'element' }>;

interface Value {
  readonly code: Code;
  readonly nullable: boolean;
}

const int4 = 23;

export function assignElement(
  target: ElementTarget,
  value: Expression,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): void {
  const { catalog } = context.input;
  const variable = variableOf(context, target.variable);
  const type = catalog.types.get(variable.type ?? 0);
  const element = catalog.types.get(type?.element ?? 0);
  // The text of a domain's value is checked again, and other types that take subscripts have a text of their own.
  if (type?.kind !== 'base' || type.category !== 'A' || type.name[0] !== '_' || element === undefined)
    return unsupported(`an assignment to a part of ${type === undefined ? 'a variable' : type.sqlName}`);
  // Its text parts the elements by semicolons.
  if (typeName(catalog, element.oid) === 'box') return unsupported('an assignment to an element of box[]');
  const at = subscripts(target.element).map((node) => subscript(node, context, flow, out));
  const given = computed(value, { type: element.oid, typmod: variable.typmod }, context, flow, out);
  const current = flow.bindings.get(variable.id);
  if (current?.kind !== 'local' || current.code.kind !== 'local') return notAssignable(variable);
  const [only] = at;
  const place: Code = only !== undefined && at.length === 1 ? only : { kind: 'array', items: at };
  const assigned = helper('withElement', current.code, place, given.code);
  out.push({ kind: 'set', target: current.code.name, value: assigned });
  flow.known.add(`v${variable.id}`);
}

/** What is assigned, where it is no variable and no element of one. */
export function assignedPart(target: Target): string {
  const written = target.kind === 'unsupported-target' ? target.sql : '';
  return /\[[^\]]*:/.test(written)
    ? 'an assignment to a slice of an array'
    : 'an assignment to a field of a row variable';
}

/** One for each dimension, outermost first. */
function subscripts(node: Expression): readonly Expression[] {
  if (node.kind !== 'subscript') return [];
  const own = node.upper ?? node.lower;
  return own === null ? [] : [...subscripts(node.operand), own];
}

function subscript(node: Expression, context: StepsContext, flow: Flow, out: Line[]): Code {
  const { code, nullable } = computed(node, { type: int4, typmod: -1 }, context, flow, out);
  return nullable ? helper('subscript', code) : code;
}

function computed(
  node: Expression,
  to: { readonly type: number; readonly typmod: number },
  context: StepsContext,
  flow: Flow,
  out: Line[],
): Value {
  const how = assignmentTo(context.input.catalog, node.type, to);
  const wanted = { type: to.type, typmod: how.check === null && how.cast !== '' ? to.typmod : -1 };
  const own = valueInJavaScript(node, wanted, context, flow);
  if (own === null) noteRead(node, flow);
  const value = own ?? evaluated(node, how.cast, to.type, context, flow, out);
  return how.check === null ? value : { ...value, code: how.check(value.code) };
}

function helper(name: string, ...items: readonly Code[]): Code {
  return { kind: 'call', callee: { kind: 'routine', module: 'support', name }, arguments: items };
}
