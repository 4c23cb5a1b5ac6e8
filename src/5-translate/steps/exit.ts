/** EXIT and CONTINUE, with a label and WHEN (PostgreSQL manual, 41.6.5). */
import type { Step } from '../../3-parse/body.js';
import type { Line } from '../code.js';
import { camelCase } from '../names.js';
import { unsupported } from '../untranslatable.js';
import { apply, conditionOf } from './condition.js';
import type { StepsContext } from './context.js';
import { branchOf, type Flow } from './flow.js';
import { setFound } from './found.js';

type ExitStep = Extract<Step, { kind: 'exit' }>;

export function exitStep(step: ExitStep, context: StepsContext, flow: Flow, out: Line[]): void {
  if (step.condition === null) return leaveTurn(step, context, flow, out);
  const condition = conditionOf(step.condition, context, flow, out);
  if (condition.test.kind === 'keyword' && condition.test.value === 'true')
    return leaveTurn(step, context, flow, out);
  const leaving = branchOf(flow);
  apply(condition.whenTrue, leaving);
  const then: Line[] = [];
  leaveTurn(step, context, leaving, then);
  out.push({ kind: 'if', test: condition.test, then, otherwise: null });
  apply(condition.whenFalse, flow);
}

function leaveTurn(step: ExitStep, context: StepsContext, flow: Flow, out: Line[]): void {
  const { loops } = context;
  const index = loops.findLastIndex(({ label, block }) =>
    step.label === null ? !block : label === step.label,
  );
  const target = loops[index];
  if (target === undefined) return unsupported(`${step.exit ? 'EXIT' : 'CONTINUE'} of a block`);
  const crossed = loops.slice(index + 1).filter(({ block }) => !block);
  // A FOR loop that is left has made at least one turn.
  if (crossed.some(({ setsFound }) => setsFound))
    setFound({ kind: 'constant', value: true }, context, flow, out);
  const named = target.block || crossed.length > 0;
  if (named) target.name ??= camelCase(step.label ?? 'loop');
  out.push({ kind: step.exit ? 'break' : 'continue', label: named ? target.name : null });
  (step.exit ? target.exits : target.turns).push(branchOf(flow));
  flow.ended = true;
}
