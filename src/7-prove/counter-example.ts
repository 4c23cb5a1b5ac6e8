/** The smallest counter-example of each candidate that differs. */
import type { RunDifference, RunResult } from './pair.js';
import { runCase, type CandidateState, type PairRun } from './run-case.js';
import { seedRows } from './run-side.js';
import { seededRows, shrinkCase } from './shrink-case.js';

/** The same results with the smallest counter-examples that were found. */
export async function shrunken(
  run: PairRun,
  states: readonly CandidateState[],
  results: readonly RunResult[],
): Promise<readonly RunResult[]> {
  const smaller: RunResult[] = [];
  for (const [index, result] of results.entries()) {
    const state = states[index];
    const small = state === undefined ? null : await smallDifference(run, state);
    smaller.push(small === null ? result : { ...result, difference: small });
  }
  return smaller;
}

async function smallDifference(run: PairRun, state: CandidateState): Promise<RunDifference | null> {
  const { side, failing } = state;
  if (failing === null) return null;
  const { session } = run.bench;
  const quiet: PairRun = { ...run, counter: null, notes: new Set(), outcomes: new Set() };
  let smallest: RunDifference | null = null;
  await session.exec('SAVEPOINT mrpc_case');
  await seedRows(session, failing, new Set(), run.known);
  const rows = await seededRows(session);
  await session.exec('ROLLBACK TO SAVEPOINT mrpc_case; RELEASE SAVEPOINT mrpc_case');
  const found = await shrinkCase(failing, rows, async (trial) => {
    const fresh: CandidateState = { side, result: null, cases: 0, locks: new Set(), failing: null };
    await runCase(quiet, trial, [fresh], 'always');
    const difference = fresh.result?.difference ?? null;
    if (difference === null || difference.summary.includes('left open')) return false;
    smallest = difference;
    return true;
  });
  return found === failing ? null : smallest;
}
