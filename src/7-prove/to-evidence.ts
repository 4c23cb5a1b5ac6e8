/** Turns what a run found into the evidence that stands beside the diff. */
import type { Evidence } from './evidence.js';
import type { RunResult } from './pair.js';

export interface EvidenceFacts {
  /** The body locks rows, or reads before it writes. */
  readonly locks: boolean;
  /** The body, or what it calls, sends notifications. */
  readonly notifies: boolean;
}

/**
 * `partial` when no difference was found: the embedded server is one session, branches are not counted
 * yet and the inputs are simple, and each of these is said.
 */
export function toEvidence(result: RunResult, facts: EvidenceFacts): Evidence {
  const base = { cases: result.cases, branchesHit: 0, branches: 0 };
  if (result.status === 'not_run') {
    return { ...base, status: 'not_run', notCompared: [], difference: null, reason: result.reason };
  }
  const notCompared = [
    ...(facts.locks ? ['locks'] : []),
    ...(facts.notifies ? ['notifications'] : []),
    'branches not counted',
    'inputs are simple',
    ...(result.status === 'same' && result.outcomes < 2 ? ['all cases gave the same result'] : []),
    ...result.notes,
  ];
  if (result.difference === null) {
    return { ...base, status: 'partial', notCompared, difference: null, reason: null };
  }
  const { case: name, summary, before, after, input } = result.difference;
  return {
    ...base,
    status: 'differs',
    notCompared,
    difference: { level: 'run', summary: `${summary} (case "${name}")`, before, after, input },
    reason: null,
  };
}
