/** What a person should know of the finished function. */
import type { Step } from '../../3-parse/body.js';
import type { Expression } from '../../3-parse/expression.js';
import { nullable } from '../nullability.js';
import type { StepsContext } from './context.js';
import type { Flow } from './flow.js';
import { withKnown } from './read-variable.js';

/** A guard that raises does not stop a NULL: the comparison is not true. */
export function nullHazard(
  condition: Expression,
  then: readonly Step[],
  context: StepsContext,
  flow: Flow,
): void {
  const raises = then.some((step) => step.kind === 'raise' && step.level === 'exception');
  if (!raises || !nullable(withKnown(condition, context, flow), new Set())) return;
  context.hazards.set(
    'null-passes-guard',
    'A NULL passes a test that raises an error, as it did in the function: the comparison is not true then.',
  );
}

export function lockHazard(context: StepsContext, flow: Flow): void {
  const after = flow.locked === null ? 0 : Math.max(flow.statements, flow.peak) - flow.locked;
  if (after < 1) return;
  context.hazards.set(
    'locks-across-round-trips',
    `Its locks are held over up to ${after + 1} more round trips of the client, COMMIT included; the function held them inside one.`,
  );
}
