/**
 * Runs the cases of one pair on the clone, under savepoints of one transaction: seed, old, old again
 * (its own noise), the marked copy of old (its branches), new. Every run starts from the same rows, clock,
 * sequences and random seed.
 */
import { openBranchCounter, type BranchCounter } from './branch-counter.js';
import { compareOutcomes, findNoise, keyOrderDiffers, type Noise } from './compare-outcomes.js';
import type { Outcome } from './outcome.js';
import type { Pair, ProofCase, RunDifference, RunResult } from './pair.js';
import {
  loadSide,
  runSide,
  seedRows,
  type Bench,
  type KnownRows,
  type Side,
  type SideRun,
} from './run-side.js';
import { openSearch } from './search-cases.js';
import { breachOf, locksIn, lostLocks } from './sent-checks.js';

export type { Bench } from './run-side.js';

/** Throws only when the harness itself no longer works; the thread must then be remade. */
export async function runPair(bench: Bench, pair: Pair): Promise<RunResult> {
  const [result] = await runCandidates(bench, pair, [pair.after]);
  return result ?? notRun('no candidate');
}

/** The same for several candidates beside one old side, which is run once for all of them. */
export async function runCandidates(
  bench: Bench,
  pair: Pair,
  candidates: readonly string[],
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
    states.push({ side, result, cases: 0, locks: new Set() });
  }
  const { session } = bench;
  await session.exec('BEGIN');
  try {
    for (const sql of pair.setup ?? []) await session.exec(sql);
    await session.refresh();
    const counter = await openBranchCounter(session, pair.counting ?? []);
    return await runCases(
      { bench, pair, before, counter, known: new WeakMap(), notes: new Set(), outcomes: new Set() },
      states,
    );
  } finally {
    await session.exec('ROLLBACK');
  }
}

interface PairRun {
  readonly bench: Bench;
  readonly pair: Pair;
  readonly before: Side;
  readonly counter: BranchCounter | null;
  readonly known: KnownRows;
  readonly notes: Set<string>;
  /** The different outcomes of the old side. */
  readonly outcomes: Set<string>;
}

interface CandidateState {
  readonly side: Side | string;
  result: RunResult | null;
  cases: number;
  /** Lock clauses that it sent. */
  readonly locks: Set<string>;
}

async function runCases(run: PairRun, states: readonly CandidateState[]): Promise<readonly RunResult[]> {
  const { pair, counter } = run;
  const search = openSearch(pair);
  for (const proofCase of pair.cases) {
    if (states.every(({ result }) => result !== null)) break;
    search.found(proofCase, await runCase(run, proofCase, states, 'always'));
  }
  if (counter?.fell() === true) {
    for (const proofCase of pair.cases) search.found(proofCase, await runCase(run, proofCase, [], 'always'));
  }
  while (counter !== null && counter.missing().length > 0 && states.some(({ result }) => result === null)) {
    const proofCase = search.next();
    if (proofCase === null) break;
    search.found(proofCase, await runCase(run, proofCase, states, 'when new'));
  }
  return states.map((state) => state.result ?? settle(run, state));
}

/** Gives how many branches the case was the first to take. */
async function runCase(
  { bench, pair, before, counter, known, notes, outcomes }: PairRun,
  proofCase: ProofCase,
  states: readonly CandidateState[],
  compared: 'always' | 'when new',
): Promise<number> {
  const { session } = bench;
  await session.exec('SAVEPOINT mrpc_case');
  const seedNotes = new Set<string>();
  const seeded = await seedRows(session, proofCase, seedNotes, known);
  const restore = `${await session.sequenceState()};\nSELECT setseed(0.42)`.replace(/^;\n/, '');
  await session.exec('SAVEPOINT mrpc_seeded');

  const run = async (side: Side, name: string): Promise<SideRun> => {
    bench.at(`${name} in case "${proofCase.name}"`);
    await session.exec(restore);
    const outcome = await runSide(bench, side, proofCase);
    await session.exec('ROLLBACK TO SAVEPOINT mrpc_seeded');
    return outcome;
  };
  const count = async (like: Outcome | null): Promise<number> => {
    if (counter === null || counter.missing().length === 0) return 0;
    return counter.count(async () => {
      bench.at(`the counted copy in case "${proofCase.name}"`);
      await session.exec(restore);
      const { outcome } = await runSide(bench, before, proofCase);
      const alike = like === null || compareOutcomes(like, outcome, findNoise(like, like)) === null;
      return { alike, ended: outcome.kind === 'value' };
    });
  };
  const end = async (): Promise<void> =>
    session.exec(`ROLLBACK TO SAVEPOINT mrpc_case; RELEASE SAVEPOINT mrpc_case;\n${restore}`);

  if (compared === 'when new') {
    const fresh = await count(null);
    if (fresh === 0) {
      await end();
      return 0;
    }
  }
  const start = await session.rows();
  const first = (await run(before, 'the old side')).outcome;
  const second = (await run(before, 'the old side')).outcome;
  const noise = findNoise(first, second);
  const fresh = compared === 'when new' ? 1 : await count(noise.paths.size === 0 ? first : null);
  for (const note of seedNotes) notes.add(note);
  nameNoise(noise, notes);
  const changed = first.tables.filter(
    (table, index) => JSON.stringify(table) !== JSON.stringify(start[index]),
  );
  outcomes.add(JSON.stringify([first.kind, first.shown, changed]));
  for (const state of states) {
    if (state.result !== null || typeof state.side === 'string') continue;
    const candidate = await run(state.side, 'the new side');
    for (const { sql } of candidate.sent) for (const lock of locksIn(sql)) state.locks.add(lock);
    state.cases += 1;
    const found = differenceOf(pair, first, candidate, noise, notes);
    if (found === null) continue;
    const difference = { case: proofCase.name, ...found, input: printInput(proofCase, seeded) };
    state.result = { ...finished(state, notes, outcomes, counter), status: 'differs', difference };
  }
  await end();
  return fresh;
}

function differenceOf(
  pair: Pair,
  before: Outcome,
  { outcome, sent }: SideRun,
  noise: Noise,
  notes: Set<string>,
): Omit<RunDifference, 'case' | 'input'> | null {
  const difference = compareOutcomes(before, outcome, noise);
  if (difference !== null) return difference;
  if (keyOrderDiffers(before.shown, outcome.shown)) notes.add('the order of keys differs');
  const breach = pair.expected === undefined ? null : breachOf(pair.expected, sent);
  return breach === null
    ? null
    : { summary: breach, before: '', after: sent.map(({ sql }) => sql).join(';\n') };
}

/** What no single case shows: a lock that none of them saw although every branch was taken. */
function settle({ pair, counter, notes, outcomes }: PairRun, state: CandidateState): RunResult {
  if (state.cases === 0) return notRun('no cases');
  const result = finished(state, notes, outcomes, counter);
  const everywhere = counter !== null && counter.missing().length === 0;
  const [lost] = everywhere && pair.expected !== undefined ? lostLocks(pair.expected, state.locks) : [];
  if (lost === undefined) return result;
  const difference = { case: 'all', summary: `never sent: ${lost}`, before: lost, after: '', input: '' };
  return { ...result, status: 'differs', difference };
}

function finished(
  { cases }: CandidateState,
  notes: ReadonlySet<string>,
  outcomes: ReadonlySet<string>,
  counter: BranchCounter | null,
): RunResult {
  const missing = counter?.missing() ?? [];
  const all = counter?.branches.length ?? 0;
  return {
    status: 'same',
    cases,
    outcomes: outcomes.size,
    difference: null,
    notes: [...notes],
    reason: null,
    branches: counter === null ? null : { all, taken: all - missing.length, missing },
  };
}

function nameNoise(noise: Noise, notes: Set<string>): void {
  for (const path of noise.paths) notes.add(`${path === '' ? 'the value' : path} varies by itself`);
  for (const column of noise.columns) notes.add(`${column} varies by itself`);
  for (const table of noise.tables) notes.add(`rows of ${table} vary by themselves`);
}

function printInput(proofCase: ProofCase, seeded: readonly string[]): string {
  return [JSON.stringify(proofCase.args), ...seeded].join('\n');
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
