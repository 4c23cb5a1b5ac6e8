/** WHILE and LOOP. */
import type { Step } from '../../3-parse/body.js';
import type { Code, Line } from '../code.js';
import { apply, conditionOf, type Condition } from './condition.js';
import type { StepsContext } from './context.js';
import type { Flow } from './flow.js';
import { leave, turnOf } from './loop.js';

const always: Code = { kind: 'keyword', value: 'true' };

export function loopStep(
  step: Extract<Step, { kind: 'loop' }>,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): void {
  const turn = turnOf(step, context, flow, () => undefined);
  out.push({ kind: 'while', test: always, body: turn.body, label: turn.label });
  leave(turn, false, context, flow);
}

/** A condition that needs a statement of its own is asked at the start of each turn. */
export function whileStep(
  step: Extract<Step, { kind: 'while' }>,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): void {
  let condition: Condition = { test: always, whenTrue: [], whenFalse: [] };
  let asked = false;
  const turn = turnOf(step, context, flow, (inner, body) => {
    condition = conditionOf(step.condition, context, inner, body);
    asked = body.length > 0;
    if (asked) body.push(unless(condition.test));
    apply(condition.whenTrue, inner);
  });
  out.push({ kind: 'while', test: asked ? always : condition.test, body: turn.body, label: turn.label });
  leave(turn, true, context, flow);
  if (turn.exits.length === 0 && !asked) apply(condition.whenFalse, flow);
}

function unless(test: Code): Line {
  const then: readonly Line[] = [{ kind: 'break', label: null }];
  const value: Code = test.kind === 'not' ? test.value : { kind: 'not', value: test };
  return { kind: 'if', test: value, then, otherwise: null };
}
