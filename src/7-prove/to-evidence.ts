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
 * `proven` when no difference was found, every branch was taken and nothing is left uncompared; `partial` says
 * what is missing.
 */
export function toEvidence(result: RunResult, facts: EvidenceFacts): Evidence {
  const { branches } = result;
  const base = { cases: result.cases, branchesHit: branches?.taken ?? 0, branches: branches?.all ?? 0 };
  if (result.status === 'not_run') {
    return { ...base, status: 'not_run', notCompared: [], difference: null, reason: result.reason };
  }
  const notCompared = [
    ...(facts.locks ? ['locks'] : []),
    ...(facts.notifies ? ['notifications'] : []),
    ...(branches === null ? ['branches not counted'] : []),
    ...(branches?.missing ?? []).map((label) => `branch not taken: ${label}`),
    ...(result.status === 'same' && result.outcomes < 2 ? ['all cases gave the same result'] : []),
    ...result.notes.filter(
      (note) => branches?.missing.length !== 0 || !note.startsWith('no row could be made'),
    ),
  ];
  if (result.difference === null) {
    const status = notCompared.length === 0 ? 'proven' : 'partial';
    return { ...base, status, notCompared, difference: null, reason: null };
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
