/** FOR over integers: bounds evaluated once, as int4, none of them NULL (PostgreSQL manual, 41.6.5.5). */
import type { Step } from '../../3-parse/body.js';
import type { Expression } from '../../3-parse/expression.js';
import type { Code, Line } from '../code.js';
import { binary, isRepeatable } from '../javascript/js-value.js';
import { unsupported } from '../untranslatable.js';
import { valueInJavaScript } from './assign.js';
import { assignmentTo } from './assignment.js';
import { useOf, variableOf, type StepsContext } from './context.js';
import type { Flow } from './flow.js';
import { leave, madeTurn, turnOf } from './loop.js';
import { assignedIn } from './loop-assigned.js';
import { noteRead } from './note-statement.js';
import { evaluated } from './send.js';
import { readsIn } from './variable-uses.js';

type RangeStep = Extract<Step, { kind: 'for-range' }>;

const int4 = 23;

export function forRange(step: RangeStep, context: StepsContext, flow: Flow, out: Line[]): void {
  const { from, to, by } = bounds(step, context, flow, out);
  const variable = variableOf(context, step.variable);
  const name = context.names.ofVariable(variable.name);
  const { single } = useOf(context, step.variable);
  const own = single ? name : context.names.unique(`${name}_value`);
  const turn = turnOf(step, context, flow, (inner, body) => {
    // The loop counts by itself, whatever the body does to its variable.
    if (!single) body.push({ kind: 'let', name: own, type: 'number | null', value: { kind: 'local', name } });
    const code: Code = { kind: 'local', name: own };
    inner.bindings.set(step.variable, { kind: 'local', code, type: int4, nullable: !single });
    inner.known.add(`v${step.variable}`);
  });
  const down = step.reverse;
  out.push({ kind: 'for', name, from, to, by, down, body: turn.body, label: turn.label });
  leave(turn, true, context, flow);
  madeTurn(binary(from, down ? '>=' : '<=', to), context, flow, out);
}

interface Bounds {
  readonly from: Code;
  readonly to: Code;
  readonly by: Code;
}

/** In the order in which they are evaluated, each as code that gives the same at every turn. */
function bounds(step: RangeStep, context: StepsContext, flow: Flow, out: Line[]): Bounds {
  const from = checked(int4Value(step.from, context, flow, out), 'lower');
  const rest: Line[] = [];
  const stable = (value: Code, node: Expression | null, name: string, lines: Line[]): Code => {
    const changes = [...assignedIn(step)].some((id) => readsIn(node, id).length > 0);
    if (isRepeatable(value) && !changes) return value;
    const local = context.names.unique(name);
    lines.push({ kind: 'const', pattern: local, value });
    return { kind: 'local', name: local };
  };
  const to = stable(checked(int4Value(step.to, context, flow, rest), 'upper'), step.to, 'last', rest);
  const by = stable(stride(step.by, context, flow, rest), step.by, 'stride', rest);
  const inPlace = rest.length === 0 && from.kind !== 'await' && context.foundName === null;
  const first = inPlace || isRepeatable(from) ? from : stable(from, null, 'first', out);
  out.push(...rest);
  return { from: first, to, by };
}

function checked({ code, nullable }: Value, which: 'lower' | 'upper'): Code {
  return nullable ? helper('loopBound', code, { kind: 'string', value: which }) : code;
}

function stride(node: Expression | null, context: StepsContext, flow: Flow, out: Line[]): Code {
  if (node === null) return { kind: 'number', text: '1' };
  const { code, nullable } = int4Value(node, context, flow, out);
  if (!nullable && code.kind === 'number' && Number(code.text) > 0) return code;
  return helper('loopStride', code);
}

interface Value {
  readonly code: Code;
  readonly nullable: boolean;
}

function int4Value(node: Expression, context: StepsContext, flow: Flow, out: Line[]): Value {
  const computed = valueInJavaScript(node, { type: int4, typmod: -1 }, context, flow);
  if (computed !== null) return computed;
  const how = assignmentTo(context.input.catalog, node.type, { type: int4, typmod: -1 });
  if (how.check !== null) return unsupported('a bound of FOR');
  noteRead(node, flow);
  return evaluated(node, how.cast, int4, context, flow, out);
}

function helper(name: string, ...items: readonly Code[]): Code {
  return { kind: 'call', callee: { kind: 'routine', module: 'support', name }, arguments: items };
}
