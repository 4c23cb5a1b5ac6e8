/** `v := expression`: JavaScript where it is exact, a fragment where only SQL reads it, else PostgreSQL's value. */
import type { Step } from '../../3-parse/body.js';
import type { Expression } from '../../3-parse/expression.js';
import { atMostOne } from '../../4-classify/at-most-one.js';
import type { Code, Line } from '../code.js';
import { expression } from '../expressions/expression.js';
import { bind, fragment, template, within } from '../fragment.js';
import { jsTypeOf, type JsValue } from '../javascript/js-value.js';
import { jsValue } from '../javascript/value.js';
import { unsupported } from '../untranslatable.js';
import { assignmentCast, carrier } from './carrier.js';
import { useOf, variableOf, type StepsContext } from './context.js';
import type { Binding, Flow } from './flow.js';
import { jsScope, readVariable, sqlScope } from './read-variable.js';
import { forget, selectInto } from './select-into.js';
import { argumentsIn, evaluated, isVolatile } from './send.js';
import { noteRead } from './note-statement.js';

type AssignStep = Extract<Step, { kind: 'assign' }>;

export function assign(step: AssignStep, context: StepsContext, flow: Flow, out: Line[]): void {
  const { target, value } = step;
  if (target.kind !== 'variable') return unsupported('an assignment to a part of a variable');
  const variable = variableOf(context, target.variable);
  if (variable.type === null) return unsupported('an assignment of a whole record');
  const { catalog } = context.input;
  if (catalog.types.get(variable.type)?.kind === 'composite')
    return unsupported('an assignment of a whole row');
  const typed = { type: variable.type, typmod: variable.typmod };
  if (value.kind === 'scalar-subquery' && asStatement(step, context, flow, out)) return;
  const cast = assignmentCast(catalog, value.type, typed);
  const computed = valueInJavaScript(value, typed, context, flow);
  if (computed !== null) {
    if (variable.notNull && computed.nullable) return unsupported('a NOT NULL variable');
    return store(target.variable, typed.type, computed.code, computed.nullable, context, flow, out);
  }
  if (variable.notNull) return unsupported('a NOT NULL variable');
  if (travels(target.variable, value, context, flow)) {
    return storeFragment(target.variable, value, cast, typed.type, context, flow, out);
  }
  noteRead(value, flow);
  const { code, nullable } = evaluated(value, cast, typed.type, context, flow, out);
  store(target.variable, typed.type, code, nullable, context, flow, out);
}

/** The value where JavaScript has it as the variable's type wants it. */
export function valueInJavaScript(
  node: Expression,
  to: { readonly type: number; readonly typmod: number },
  context: StepsContext,
  flow: Flow,
): JsValue | null {
  if (to.typmod !== -1) return null;
  if (node.kind === 'null')
    return { code: { kind: 'keyword', value: 'null' }, type: 'other', nullable: true };
  if (node.kind === 'variable') {
    const read = readVariable(node, flow);
    if (read !== null && read.type === to.type)
      return { code: read.code, type: 'other', nullable: read.nullable };
  }
  const type = jsTypeOf(to.type);
  const checked = [...context.checked];
  const value = type === null ? null : jsValue(node, jsScope(context, flow));
  const sameType = node.type === to.type || node.type === null || type === 'text';
  if (value !== null && value.type === type && sameType) return value;
  context.checked.clear();
  for (const position of checked) context.checked.add(position);
  const wide = to.type === 20 && node.kind === 'literal' && node.literal === 'integer';
  return wide ? { code: { kind: 'string', value: node.text }, type: 'int8', nullable: false } : null;
}

function store(
  id: number,
  type: number,
  value: Code,
  nullable: boolean,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): void {
  const current = flow.bindings.get(id);
  forget(id, flow);
  if (useOf(context, id).single) {
    const name = context.names.ofVariable(variableOf(context, id).name);
    out.push({ kind: 'const', pattern: name, value });
    const binding: Binding = { kind: 'local', code: { kind: 'local', name }, type, nullable };
    flow.bindings.set(id, binding);
    return;
  }
  if (current?.kind !== 'local' || current.code.kind !== 'local')
    return unsupported(`the variable ${variableOf(context, id).name}`);
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
  const { found, rowCount } = flow;
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
  flow.found = found;
  flow.rowCount = rowCount;
  return true;
}

/** Only statements read it, its inputs cannot change, and computing it neither fails nor acts. */
function travels(id: number, node: Expression, context: StepsContext, flow: Flow): boolean {
  const use = useOf(context, id);
  if (!use.single || !use.onlyInStatements || !use.whole) return false;
  return !isVolatile(node) && cannotFail(node, context, flow);
}

const steadyCalls = new Set([
  'now',
  'coalesce',
  'lower',
  'upper',
  'btrim',
  'ltrim',
  'rtrim',
  'concat',
  'transaction_timestamp',
]);

function cannotFail(node: Expression, context: StepsContext, flow: Flow): boolean {
  const all = (items: readonly (Expression | null)[]): boolean =>
    items.every((item) => item === null || cannotFail(item, context, flow));
  switch (node.kind) {
    case 'literal':
      return node.type !== null;
    case 'null':
    case 'value-function':
      return true;
    case 'parameter':
      return node.path.length === 0;
    case 'variable': {
      const binding = flow.bindings.get(node.variable);
      if (binding?.kind === 'fragment') return true;
      return useOf(context, node.variable).single && readVariable(node, flow) !== null;
    }
    case 'operator': {
      const numeric = node.type === 1700 && ['+', '-', '*'].includes(node.operator);
      const compared = /^(=|<>|!=|<|<=|>|>=)$/.test(node.operator);
      const joined = node.operator === '||' && (node.type === 25 || node.type === 1043);
      return (numeric || compared || joined) && all([node.left, node.right]);
    }
    case 'and':
    case 'or':
    case 'not':
    case 'coalesce':
    case 'greatest':
    case 'least':
      return all(node.operands);
    case 'null-test':
      return all([node.operand]);
    case 'case':
      return all([node.subject, node.otherwise, ...node.branches.flatMap(({ when, then }) => [when, then])]);
    case 'nullif':
      return all([node.left, node.right]);
    case 'cast':
      return (
        node.type !== null &&
        ['numeric', 'text'].includes(node.typeName) &&
        (node.typeName === 'text' || [21, 23, 20].includes(node.operand.type ?? 0)) &&
        all([node.operand])
      );
    case 'call':
      return (
        node.routine === null && steadyCalls.has(node.name) && all(node.arguments.map(({ value }) => value))
      );
    default:
      return false;
  }
}
