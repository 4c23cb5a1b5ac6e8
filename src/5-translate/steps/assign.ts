/** `v := expression`: JavaScript where it is exact, a fragment where only SQL reads it, else PostgreSQL's value. */
import type { Step, Variable } from '../../3-parse/body.js';
import type { Expression } from '../../3-parse/expression.js';
import { atMostOne } from '../../4-classify/at-most-one.js';
import type { Code, Line } from '../code.js';
import { expression } from '../expressions/expression.js';
import { bind, fragment, template, within } from '../fragment.js';
import { jsTypeOf, type JsValue } from '../javascript/js-value.js';
import { jsValue } from '../javascript/value.js';
import { baseType, rawType } from '../representation.js';
import { mayRefuseNull } from '../refuses-null.js';
import { unsupported } from '../untranslatable.js';
import { calledValue, generated } from './call-routine.js';
import { arrayConstant } from './array-constant.js';
import { assignedPart, assignElement } from './assign-element.js';
import { assignmentTo, type Assignment } from './assignment.js';
import { cannotFail } from './cannot-fail.js';
import { carrier } from './carrier.js';
import { bareName, isGiven, notAssignable, useOf, variableOf, type StepsContext } from './context.js';
import type { Binding, Flow } from './flow.js';
import { jsScope, readVariable, sqlScope } from './read-variable.js';
import { forget } from './bind-row.js';
import { selectInto } from './select-into.js';
import { rowColumns } from './row-columns.js';
import { columnOfRow } from './row-origin.js';
import { argumentsIn, evaluated, isVolatile } from './send.js';
import { noteRead } from './note-statement.js';
import { wideConstant } from './wide-constant.js';

type AssignStep = Extract<Step, { kind: 'assign' }>;

export function assign(step: AssignStep, context: StepsContext, flow: Flow, out: Line[]): void {
  const { target, value } = step;
  if (target.kind === 'element') return assignElement(target, value, context, flow, out);
  if (target.kind !== 'variable') return unsupported(assignedPart(target));
  const variable = variableOf(context, target.variable);
  if (variable.type === null) return unsupported('an assignment of a whole record');
  const { catalog } = context.input;
  if (catalog.types.get(variable.type)?.kind === 'composite')
    return unsupported('an assignment of a whole row');
  const typed = { type: variable.type, typmod: variable.typmod };
  if (value.kind === 'scalar-subquery' && asStatement(step, context, flow, out)) return;
  const how = assignmentTo(catalog, value.type, typed, modifierOf(value, context));
  if (how.cast === '' && carrier(catalog, typed.type, context.driver).raw) {
    const called = calledValue(value, typed.type, context, flow, out);
    const awaited: Code | null = called === null ? null : { kind: 'await', value: called };
    const mayBeNull = value.kind !== 'call' || (generated(value, context)?.nullable ?? true);
    if (awaited !== null && !useOf(context, variable.id).whole && variable.origin === 'declared')
      return void out.push({ kind: 'expression', value: awaited });
    if (awaited !== null)
      return store(variable, how, { code: awaited, nullable: mayBeNull }, context, flow, out);
  }
  const given = isGiven(variable, context);
  const wanted = {
    type: typed.type,
    typmod: how.check === null && how.cast !== '' ? typed.typmod : -1,
    given,
  };
  const computed = valueInJavaScript(value, wanted, context, flow);
  if (computed !== null) {
    if (how.check === null && isSteady(value, context) && isOwnName(variable.id, context)) {
      const { code, nullable } = stored(variable, how, computed);
      forget(variable.id, flow);
      flow.bindings.set(variable.id, { kind: 'local', code, type: typed.type, nullable, given });
      return;
    }
    return store(variable, how, computed, context, flow, out);
  }
  if (how.check === null && !variable.notNull && travels(target.variable, value, how, context, flow)) {
    return storeFragment(target.variable, value, how.cast, typed.type, context, flow, out);
  }
  if (useOf(context, target.variable).single && variable.typmod === -1 && !variable.notNull) {
    const wanted = { name: bareName(variable.name), type: variable.type };
    const column = columnOfRow(value, wanted, context, flow);
    if (column !== null) return void flow.bindings.set(target.variable, column);
  }
  noteRead(value, flow);
  const raw = given ? rawType(catalog, typed.type, context.driver) : null;
  store(variable, how, evaluated(value, how.cast, typed.type, context, flow, out, raw), context, flow, out);
}

/** What a variable holds has the length and precision of its declaration. */
function modifierOf(node: Expression, context: StepsContext): number {
  if (node.kind !== 'variable') return -1;
  const { type, typmod } = variableOf(context, node.variable);
  const [field, ...deeper] = node.path;
  if (field === undefined) return typmod;
  const columns = type === null || deeper.length > 0 ? null : rowColumns(context.input.catalog, type);
  return columns?.find(({ name }) => name === field)?.typmod ?? -1;
}

/** The driver's text of a value is the one that a cast to text gives; a domain's value is its base's. */
function isSameValue(from: number, to: number, { input: { catalog }, driver }: StepsContext): boolean {
  if (from === to || baseType(catalog, from)?.oid === to) return true;
  const carried = carrier(catalog, from, driver);
  return (to === text || to === 1043) && carried.raw && carried.type === 'string' && from !== 1042;
}

const text = 25;

/** The variable would only be another name for something that stays as it is. */
function isSteady(node: Expression, context: StepsContext): boolean {
  if (node.kind === 'parameter') return node.path.length === 0;
  return node.kind === 'variable' && useOf(context, node.variable).single;
}

function isOwnName(id: number, context: StepsContext): boolean {
  return useOf(context, id).single && !variableOf(context, id).notNull;
}

/** With the checks that the variable makes. */
function stored(
  variable: Variable,
  how: Assignment,
  value: { readonly code: Code; readonly nullable: boolean },
): { readonly code: Code; readonly nullable: boolean } {
  const code = how.check === null ? value.code : how.check(value.code);
  if (!variable.notNull || !value.nullable) return { code, nullable: value.nullable };
  return { code: required(code, variable.name), nullable: false };
}

/** NULL into a NOT NULL variable is 22004. */
export function required(value: Code, name: string): Code {
  const callee: Code = { kind: 'routine', module: 'support', name: 'required' };
  return { kind: 'call', callee, arguments: [value, { kind: 'string', value: name }] };
}

/** The value where JavaScript has it as the type wants it, text for character; `given`: as the driver gives it. */
export function valueInJavaScript(
  node: Expression,
  to: { readonly type: number; readonly typmod: number; readonly given?: boolean },
  context: StepsContext,
  flow: Flow,
): JsValue | null {
  // A domain may refuse NULL.
  if (node.kind === 'null' && context.input.catalog.types.get(to.type)?.kind !== 'domain')
    return { code: { kind: 'keyword', value: 'null' }, type: 'other', nullable: true };
  if (to.typmod !== -1) return null;
  const constant = to.given === true ? null : arrayConstant(node, to.type, context.input.catalog);
  if (constant !== null) return { code: { kind: 'string', value: constant }, type: 'other', nullable: false };
  if (node.kind === 'variable') {
    const read = readVariable(node, flow);
    // The text of an array or a row is not what the driver makes of it.
    const raw = carrier(context.input.catalog, to.type, context.driver).raw;
    const sameForm = raw || (read?.given ?? false) === (to.given ?? false);
    if (read !== null && sameForm && isSameValue(read.type, to.type, context))
      return { code: read.code, type: 'other', nullable: read.nullable };
  }
  const type = to.type === 1042 ? 'text' : jsTypeOf(to.type);
  const checked = [...context.checked];
  const value = type === null ? null : jsValue(node, jsScope(context, flow));
  const sameType = node.type === to.type || node.type === null || type === 'text';
  if (value !== null && value.type === type && sameType) return value;
  context.checked.clear();
  for (const position of checked) context.checked.add(position);
  return wideConstant(node, to.type);
}

function store(
  variable: Variable,
  how: Assignment,
  given: { readonly code: Code; readonly nullable: boolean },
  context: StepsContext,
  flow: Flow,
  out: Line[],
): void {
  const { id } = variable;
  const current = flow.bindings.get(id);
  const { code: value, nullable } = stored(variable, how, given);
  const type = variable.type ?? 25;
  forget(id, flow);
  if (useOf(context, id).single) {
    const name = context.names.ofVariable(variable.name);
    out.push({ kind: 'const', pattern: name, value });
    const local: Code = { kind: 'local', name };
    const binding: Binding = {
      kind: 'local',
      code: local,
      type,
      nullable,
      given: isGiven(variable, context),
    };
    flow.bindings.set(id, binding);
    return;
  }
  if (current?.kind !== 'local' || current.code.kind !== 'local') return notAssignable(variable);
  out.push({ kind: 'set', target: current.code.name, value });
  if (!nullable) flow.known.add(`v${id}`);
}

function storeFragment(
  id: number,
  node: Expression,
  cast: string,
  type: number,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): void {
  const scope = sqlScope(node, context, flow);
  const inner = expression(node, scope);
  const whole = cast === '' ? within(bind.cast, inner) : fragment(bind.cast, within(bind.cast, inner), cast);
  const definition = template(whole, carrier(context.input.catalog, type, context.driver).type);
  const name = context.names.ofVariable(variableOf(context, id).name);
  out.push({ kind: 'const', pattern: name, value: definition });
  flow.bindings.set(id, {
    kind: 'fragment',
    code: { kind: 'local', name },
    definition,
    type,
    sends: argumentsIn(node, flow),
  });
}

/** `v := (SELECT …)` of at most one row reads like SELECT INTO, but leaves FOUND alone. */
function asStatement(step: AssignStep, context: StepsContext, flow: Flow, out: Line[]): boolean {
  const { value, target } = step;
  if (value.kind !== 'scalar-subquery' || !atMostOne(value.select, context.input.catalog)) return false;
  if (value.select.from.length === 0) return false;
  // Without a row the value is NULL of the column's type, which is not cast to a domain that it already has.
  if (target.kind !== 'variable') return false;
  if (mayRefuseNull(context.input.catalog, variableOf(context, target.variable).type ?? 0)) return false;
  const { found, rowCount } = flow;
  const { foundName } = context;
  context.foundName = null;
  selectInto(
    {
      kind: 'execute-sql',
      statement: value.select,
      into: { strict: false, targets: [target] },
      line: step.line,
      sql: step.sql,
    },
    context,
    flow,
    out,
  );
  context.foundName = foundName;
  flow.found = found;
  flow.rowCount = rowCount;
  return true;
}

/** Only statements read it, its inputs cannot change, and computing it neither fails nor acts. */
function travels(id: number, node: Expression, how: Assignment, context: StepsContext, flow: Flow): boolean {
  const use = useOf(context, id);
  if (how.mayFail || !use.single || !use.onlyInStatements || !use.whole) return false;
  return !isVolatile(node) && cannotFail(node, context, flow);
}
