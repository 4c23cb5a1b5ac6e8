/** GET DIAGNOSTICS v = ROW_COUNT. */
import type { Step } from '../../3-parse/body.js';
import type { Code, Line } from '../code.js';
import { unsupported } from '../untranslatable.js';
import { notAssignable, useOf, variableOf, type StepsContext } from './context.js';
import type { Flow } from './flow.js';
import { countCode } from './row-count.js';
import { forget } from './bind-row.js';

export function getDiagnostics(
  step: Extract<Step, { kind: 'get-diagnostics' }>,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): void {
  const [item, ...others] = step.items;
  if (item === undefined || others.length > 0 || step.stacked || item.item !== 'ROW_COUNT')
    return unsupported(`GET DIAGNOSTICS of ${step.items.map((each) => each.item).join(' and ')}`);
  if (item.target.kind !== 'variable') return unsupported('GET DIAGNOSTICS into a part of a variable');
  const variable = variableOf(context, item.target.variable);
  const value = typed(count(context, flow), variable.type);
  forget(variable.id, flow);
  const current = flow.bindings.get(variable.id);
  if (useOf(context, variable.id).single) {
    const name = context.names.ofVariable(variable.name);
    out.push({ kind: 'const', pattern: name, value });
    const type = variable.type ?? 20;
    flow.bindings.set(variable.id, { kind: 'local', code: { kind: 'local', name }, type, nullable: false });
  } else if (current?.kind === 'local' && current.code.kind === 'local') {
    out.push({ kind: 'set', target: current.code.name, value });
    flow.known.add(`v${variable.id}`);
  } else notAssignable(variable);
}

function count(context: StepsContext, flow: Flow): Code {
  const { rowCount } = flow;
  if (rowCount === null) return unsupported('ROW_COUNT of one of several statements');
  if (!('rows' in rowCount)) return countCode(rowCount, context);
  if (rowCount.rows === 'one') return { kind: 'number', text: '1' };
  return {
    kind: 'conditional',
    test: { kind: 'local', name: rowCount.rows.name },
    then: { kind: 'number', text: '1' },
    otherwise: { kind: 'number', text: '0' },
  };
}

/** As a value of the variable's type is carried. */
function typed(value: Code, type: number | null): Code {
  if (type === 23) return value;
  if (type === 20 || type === 1700 || type === 25)
    return { kind: 'call', callee: { kind: 'local', name: 'String' }, arguments: [value] };
  return unsupported('ROW_COUNT into a variable of another type');
}
