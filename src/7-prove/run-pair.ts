/**
 * Runs the cases of one pair on the clone, under savepoints of one transaction: seed, old, old again
 * (its own noise), the marked copy of old (its branches), new. Every run starts from the same rows, clock,
 * sequences and random seed.
 */
import { openBranchCounter } from './branch-counter.js';
import { shrunken } from './counter-example.js';
import type { Pair, RunResult } from './pair.js';
import { finished, runCase, type CandidateState, type PairRun } from './run-case.js';
import { loadSide, type Bench } from './run-side.js';
import { openSearch } from './search-cases.js';
import { lostLocks } from './sent-checks.js';

export type { Bench } from './run-side.js';

/** Throws only when the harness itself no longer works; the thread must then be remade. */
export async function runPair(bench: Bench, pair: Pair): Promise<RunResult> {
  const [result] = await runCandidates(bench, pair, [pair.after], 'all');
  return result ?? notRun('no candidate');
}

/**
 * The same for several candidates beside one old side, which is run once for all of them. With `others` the first
 * candidate is only run for as long as one of the others has shown no difference.
 */
export async function runCandidates(
  bench: Bench,
  pair: Pair,
  candidates: readonly string[],
  asked: 'all' | 'others' = 'others',
): Promise<readonly RunResult[]> {
  bench.at('loading the modules');
  const before = await loadSide(bench, pair.before, pair.filename);
  if (typeof before === 'string') {
    return candidates.map(() => notRun(`the old side does not load: ${before}`));
  }
  const states: CandidateState[] = [];
  for (const text of candidates) {
    const side = await loadSide(bench, text, pair.filename);
    const result = typeof side === 'string' ? notRun(`the new side does not load: ${side}`) : null;
    states.push({ side, result, cases: 0, locks: new Set(), failing: null });
  }
  const { session } = bench;
  await session.exec('BEGIN');
  try {
    for (const sql of pair.setup ?? []) await session.exec(sql);
    await session.refresh();
    const counter = await openBranchCounter(session, pair.counting ?? []);
    const run: PairRun = {
      bench,
      pair,
      before,
      counter,
      known: new WeakMap(),
      control: { varies: false, cases: 0 },
      notes: new Set(),
      outcomes: new Set(),
    };
    const results = await runCases(run, states, asked === 'all' ? states : states.slice(1));
    return asked === 'all' ? await shrunken(run, states, results) : results;
  } finally {
    await session.exec('ROLLBACK');
  }
}

async function runCases(
  run: PairRun,
  states: readonly CandidateState[],
  asked: readonly CandidateState[],
): Promise<readonly RunResult[]> {
  const { pair, counter } = run;
  const search = openSearch(pair);
  const open = (): boolean => asked.some(({ result }) => result === null);
  for (const proofCase of pair.cases) {
    if (!open()) break;
    search.found(proofCase, await runCase(run, proofCase, states, 'always'));
  }
  if (counter?.fell() === true) {
    for (const proofCase of open() ? pair.cases : [])
      search.found(proofCase, await runCase(run, proofCase, [], 'always'));
  }
  while (counter !== null && counter.missing().length > 0 && open()) {
    const proofCase = search.next();
    if (proofCase === null) break;
    search.found(proofCase, await runCase(run, proofCase, states, 'when new'));
  }
  return states.map((state) => state.result ?? settle(run, state));
}

/** What no single case shows: a lock that none of them saw although every branch was taken. */
function settle({ pair, counter, notes, outcomes }: PairRun, state: CandidateState): RunResult {
  if (state.cases === 0)
    return notRun(
      [...notes].find((note) => /, in which the old side (?:runs out|calls itself)/.test(note)) ?? 'no cases',
    );
  const result = finished(state, notes, outcomes, counter);
  const everywhere = pair.expected?.always === true || (counter !== null && counter.missing().length === 0);
  const [lost] = everywhere && pair.expected !== undefined ? lostLocks(pair.expected, state.locks) : [];
  if (lost === undefined) return result;
  const difference = { case: 'all', summary: `never sent: ${lost}`, before: lost, after: '', input: '' };
  return { ...result, status: 'differs', difference };
}

function notRun(reason: string): RunResult {
  return {
    status: 'not_run',
    cases: 0,
    outcomes: 0,
    difference: null,
    notes: [],
    reason,
    branches: null,
  };
}
