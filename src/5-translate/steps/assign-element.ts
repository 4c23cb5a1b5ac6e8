/**
 * `a[i] := value` and `a[i:j] := value`: a helper assigns it in the text that the array travels as. A subscript that
 * is NULL fails before the value is computed, as in PostgreSQL (ExecInitSubscriptingRef in execExpr.c). For one field
 * of an element, `a[i].f := value`, PostgreSQL makes the row anew.
 */
import type { Target } from '../../3-parse/body.js';
import type { PgType } from '../../1-read/catalog.js';
import type { Expression, Subscript } from '../../3-parse/expression.js';
import { typeName } from '../arguments.js';
import type { Code, Line } from '../code.js';
import { unsupported } from '../untranslatable.js';
import { valueInJavaScript } from './assign.js';
import { assignmentTo } from './assignment.js';
import { notAssignable, variableOf, type StepsContext } from './context.js';
import type { Flow } from './flow.js';
import { noteRead } from './note-statement.js';
import { rowColumns } from './row-columns.js';
import { evaluated, isVolatile } from './send.js';

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
  const places = subscripts(target.element);
  const sliced = places.some(({ slice }) => slice);
  const at = sliced
    ? places.map((place) => bounds(place, context, flow, out))
    : places.flatMap(({ upper, lower }) => subscriptOf(upper ?? lower, context, flow, out));
  const row = target.field === undefined ? value : withField(target, target.field, value, element, context);
  const to = { type: sliced ? type.oid : element.oid, typmod: variable.typmod };
  const given = computed(row, to, context, flow, out);
  const current = flow.bindings.get(variable.id);
  if (current?.kind !== 'local' || current.code.kind !== 'local') return notAssignable(variable);
  const [only] = at;
  const plain = only !== undefined && at.length === 1 && !sliced;
  const place: Code = plain ? only : { kind: 'array', items: at };
  const assigned = helper(sliced ? 'withSlice' : 'withElement', current.code, place, given.code);
  out.push({ kind: 'set', target: current.code.name, value: assigned });
  flow.known.add(`v${variable.id}`);
}

/** What is assigned, where it is no variable and no element of one. */
export function assignedPart(target: Target): string {
  const written = target.kind === 'unsupported-target' ? target.sql : '';
  return /\[/.test(written)
    ? 'an assignment to a part of an element'
    : 'an assignment to a field of a row variable';
}

/** The row that the element is with one field assigned, as an expression. */
function withField(
  { element }: ElementTarget,
  name: string,
  value: Expression,
  { oid }: PgType,
  { input: { catalog } }: StepsContext,
): Expression {
  const columns = rowColumns(catalog, oid);
  const own = columns?.find((column) => column.name === name);
  if (columns === null || own === undefined)
    return unsupported(`an assignment to the field ${name} of an element`);
  if (isVolatile(element))
    return unsupported('an assignment to a field of an element whose subscript is volatile');
  const how = assignmentTo(catalog, value.type, own);
  // The row's own cast is an explicit one, which cuts and reads what an assignment refuses.
  if (how.check !== null || how.cast.startsWith('::text::'))
    return unsupported(`an assignment to the field ${name} of an element, for its type`);
  const items = columns.map((column): Expression =>
    column === own ? value : { kind: 'field', operand: element, field: column.name, type: column.type },
  );
  const row: Expression = { kind: 'row', items, type: oid };
  return { kind: 'cast', operand: row, typeName: typeName(catalog, oid), type: oid };
}

/** One for each dimension, outermost first. */
function subscripts(node: Expression): readonly Subscript[] {
  return node.kind === 'subscript' ? [...subscripts(node.operand), node] : [];
}

/** `[lower, upper]`, null where it is left out; a single subscript beside a slice is the upper one. */
function bounds({ lower, upper, slice }: Subscript, context: StepsContext, flow: Flow, out: Line[]): Code {
  const nothing: Code = { kind: 'keyword', value: 'null' };
  const one: Code = { kind: 'number', text: '1' };
  const [last] = subscriptOf(slice ? upper : (upper ?? lower), context, flow, out);
  const [first] = slice ? subscriptOf(lower, context, flow, out) : [one];
  return { kind: 'array', items: [first ?? nothing, last ?? nothing] };
}

function subscriptOf(
  node: Expression | null,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): readonly Code[] {
  return node === null ? [] : [subscript(node, context, flow, out)];
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
