/** Runs old and new on one embedded clone and compares what each leaves behind. */
import type { Clone, Pair, ProofProject, RunResult } from './pair.js';
import { openProofSession, type ProofSession } from './proof-session.js';

export interface RunOptions {
  /** For each run of a side, and for loading the modules. */
  readonly deadlineMs: number;
  readonly onProgress?: (done: number, all: number) => void;
}

/**
 * Results by pair id, in the order of the pairs. A pair that hangs, breaks the clone or does not load
 * is `not_run` with its reason; the others run all the same.
 */
export async function runPairs(
  clone: Clone,
  project: ProofProject,
  pairs: readonly Pair[],
  options: RunOptions,
): Promise<ReadonlyMap<string, RunResult>> {
  const session = openProofSession(clone, project);
  try {
    return await runPairsIn(session, pairs, options);
  } finally {
    await session.close();
  }
}

/** The same in a session that is already open and stays open. */
export async function runPairsIn(
  session: ProofSession,
  pairs: readonly Pair[],
  options: RunOptions,
): Promise<ReadonlyMap<string, RunResult>> {
  const results = new Map<string, RunResult>();
  for (const pair of pairs) {
    const answer = await session.ask({ kind: 'pair', pair }, options.deadlineMs);
    results.set(pair.id, answer.kind === 'result' ? answer.result : unanswered(answer));
    options.onProgress?.(results.size, pairs.length);
  }
  return results;
}

function unanswered(answer: { readonly kind: string; readonly reason?: string }): RunResult {
  return {
    status: 'not_run',
    cases: 0,
    outcomes: 0,
    difference: null,
    notes: [],
    reason: answer.reason ?? answer.kind,
    branches: null,
  };
}
