/** A loop by its kind. Where its head cannot be said exactly it stands as a piece to finish. */
import type { Line } from '../code.js';
import type { StepsContext } from './context.js';
import { exactOrUnfinished } from './exact-or-unfinished.js';
import type { Flow } from './flow.js';
import type { LoopStep } from './loop.js';
import { forEach } from './loop-array.js';
import { loopStep, whileStep } from './loop-plain.js';
import { forQuery } from './loop-query.js';
import { forRange } from './loop-range.js';
import { unfinishedLoop } from './loop-unfinished.js';

export function loop(step: LoopStep, context: StepsContext, flow: Flow, out: Line[]): void {
  exactOrUnfinished(
    () => {
      exact(step, context, flow, out);
    },
    (why) => {
      unfinishedLoop(step, why, context, flow, out);
    },
    context,
    flow,
    out,
  );
}

function exact(step: LoopStep, context: StepsContext, flow: Flow, out: Line[]): void {
  switch (step.kind) {
    case 'for-query':
      return forQuery(step, context, flow, out);
    case 'for-range':
      return forRange(step, context, flow, out);
    case 'foreach':
      return forEach(step, context, flow, out);
    case 'while':
      return whileStep(step, context, flow, out);
    case 'loop':
      return loopStep(step, context, flow, out);
  }
}
