/** Steps that are translated as a whole or left as a piece to finish. */
import type { Line } from '../code.js';
import { Untranslatable } from '../untranslatable.js';
import { checkpoint } from './checkpoint.js';
import type { StepsContext } from './context.js';
import { branchOf, type Flow } from './flow.js';

/** Runs `exact`; where it refuses a construct, takes back all that it left and runs `unfinished` with the construct. */
export function exactOrUnfinished(
  exact: () => void,
  unfinished: (why: string) => void,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): void {
  const undo = checkpoint(context);
  const saved = branchOf(flow);
  const { length } = out;
  try {
    exact();
  } catch (error) {
    if (!(error instanceof Untranslatable) || error.reason !== 'unsupported') throw error;
    undo();
    out.length = length;
    Object.assign(flow, saved);
    unfinished(error.detail);
  }
}
