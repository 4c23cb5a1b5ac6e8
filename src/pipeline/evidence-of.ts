/** Evidence of sites that were not run, or that need not be. */
import type { Evidence } from '../7-prove/evidence.js';

const nothing = { cases: 0, branchesHit: 0, branches: 0, notCompared: [], difference: null, reason: null };

export function differs(difference: NonNullable<Evidence['difference']>): Evidence {
  return { ...nothing, status: 'differs', difference };
}

export function notRun(reason: string): Evidence {
  return { ...nothing, status: 'not_run', reason };
}
