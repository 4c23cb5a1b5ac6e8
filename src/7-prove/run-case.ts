/** One case of a pair: its rows, old twice, the marked copy of old, and each candidate. */
import type { BranchCounter } from './branch-counter.js';
import { compareOutcomes, findNoise, keyOrderDiffers, type Noise } from './compare-outcomes.js';
import type { Outcome } from './outcome.js';
import type { Pair, ProofCase, RunDifference, RunResult } from './pair.js';
import { printExample } from './print-example.js';
import { compileAnew } from './compile-anew.js';
import { isList } from './represent.js';
import { runSide, seedRows, type Bench, type KnownRows, type Side, type SideRun } from './run-side.js';
import { breachOf, locksIn } from './sent-checks.js';

export interface PairRun {
  readonly bench: Bench;
  readonly pair: Pair;
  readonly before: Side;
  readonly counter: BranchCounter | null;
  readonly known: KnownRows;
  /** Whether the old side was seen to differ from itself, and in how many cases it ran. */
  readonly control: { varies: boolean; cases: number } & Compiled;
  readonly notes: Set<string>;
  /** The different outcomes of the old side. */
  readonly outcomes: Set<string>;
}

export interface CandidateState {
  readonly side: Side | string;
  result: RunResult | null;
  cases: number;
  /** Lock clauses that it sent. */
  readonly locks: Set<string>;
  /** The case in which it differs. */
  failing: ProofCase | null;
}

const none: Noise = { paths: new Set(), columns: new Set(), tables: new Set() };

/** Gives how many branches the case was the first to take. */
export async function runCase(
  { bench, pair, before, counter, known, control, notes, outcomes }: PairRun,
  proofCase: ProofCase,
  states: readonly CandidateState[],
  compared: 'always' | 'when new',
): Promise<number> {
  const { session } = bench;
  await session.exec('SAVEPOINT mrpc_case');
  const seedNotes = new Set<string>();
  await seedRows(session, proofCase, seedNotes, known);
  const restore = `${await session.sequenceState()};\nSELECT setseed(0.42)`.replace(/^;\n/, '');
  await session.exec('SAVEPOINT mrpc_seeded');

  const prepare = async (): Promise<void> => {
    if (control.stale === true) await session.exec(compileAnew);
    await session.exec(restore);
  };
  const run = async (side: Side, name: string): Promise<SideRun> => {
    bench.at(`${name} in case "${proofCase.name}"`);
    await prepare();
    const ran = await runSide(bench, side, proofCase);
    noteRun(control, ran.outcome, side === before);
    await session.exec('ROLLBACK TO SAVEPOINT mrpc_seeded');
    return ran;
  };
  const count = async (alike: (outcome: Outcome) => boolean): Promise<number> => {
    if (counter === null || counter.missing().length === 0) return 0;
    return counter.count(async () => {
      bench.at(`the counted copy in case "${proofCase.name}"`);
      await prepare();
      const { outcome } = await runSide(bench, before, proofCase);
      noteRun(control, outcome, true);
      return { alike: alike(outcome), ended: outcome.kind === 'value' };
    });
  };
  const end = async (): Promise<void> =>
    session.exec(`ROLLBACK TO SAVEPOINT mrpc_case; RELEASE SAVEPOINT mrpc_case;\n${restore}`);

  if (compared === 'when new') {
    const fresh = await count(() => true);
    if (fresh === 0) {
      await end();
      return 0;
    }
  }
  const start = await session.rows();
  const { outcome: first, sent: call } = await run(before, 'the old side');
  const limit = limitReached(first);
  if (limit !== null) {
    // How much memory there is says nothing of the two sides.
    notes.add(`case "${proofCase.name}", in which the old side ${limit}`);
    await end();
    return 0;
  }
  let noise: Noise | null = null;
  const learnNoise = async (): Promise<Noise> => {
    if (noise !== null) return noise;
    noise = findNoise(first, (await run(before, 'the old side')).outcome);
    if (noise.paths.size + noise.columns.size + noise.tables.size > 0) control.varies = true;
    nameNoise(noise, notes);
    return noise;
  };
  // What varies by itself mostly does so from the first; later it is asked for where something differs.
  if (control.varies || control.cases < 3) await learnNoise();
  control.cases += 1;
  const matches = (outcome: Outcome, by: Noise): boolean =>
    by.paths.size > 0 || compareOutcomes(first, outcome, by) === null;
  const countFirst = async (): Promise<number> => {
    let unlike: Outcome | null = null;
    const found = await count((outcome) => {
      if (!matches(outcome, noise ?? none)) unlike = outcome;
      return unlike === null || noise === null;
    });
    if (unlike === null || noise !== null) return found;
    const by = await learnNoise();
    return matches(unlike, by) ? found : count((outcome) => matches(outcome, by));
  };
  const fresh = compared === 'when new' ? 1 : await countFirst();
  for (const note of seedNotes) notes.add(note);
  const changed = first.tables.filter(
    (table, index) => JSON.stringify(table) !== JSON.stringify(start[index]),
  );
  outcomes.add(JSON.stringify([first.kind, first.shown, changed]));
  for (const [index, state] of states.entries()) {
    if (state.result !== null || typeof state.side === 'string') continue;
    const number = states.length > 1 ? ` ${String(index + 1)}` : '';
    const candidate = await run(state.side, `the new side${number}`);
    for (const { sql } of candidate.sent) for (const lock of locksIn(sql)) state.locks.add(lock);
    state.cases += 1;
    const seen = differenceOf(pair, proofCase, first, candidate, noise ?? none, notes);
    if (seen === null) continue;
    const found =
      noise === null ? differenceOf(pair, proofCase, first, candidate, await learnNoise(), notes) : seen;
    if (found === null) continue;
    const difference = {
      case: proofCase.name,
      ...found,
      input: printExample(proofCase, start, call),
    };
    state.failing = proofCase;
    state.result = { ...finished(state, notes, outcomes, counter), status: 'differs', difference };
  }
  await end();
  return fresh;
}

interface Compiled {
  /** A function whose compiled form met an error would be run as it is (compile-anew.ts). */
  stale?: boolean;
}

/** What a run after `compileAnew` compiled is of a version that the rollback takes away. */
function noteRun(control: Compiled, { kind }: Outcome, isOld: boolean): void {
  if (control.stale !== true) control.stale = kind === 'error';
  else if (isOld) control.stale = false;
}

/** By the SQLSTATE of the error or of its cause. */
function limitReached({ kind, shown }: Outcome): string | null {
  const text = kind === 'error' ? JSON.stringify(shown) : '';
  if (text.includes('["code","53200"]')) return 'runs out of memory';
  return text.includes('["code","54001"]') ? 'calls itself more deeply than the stack allows' : null;
}

function inOneOrder(shown: Outcome['shown']): Outcome['shown'] {
  if (!isList(shown)) return shown;
  return [...shown].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function differenceOf(
  pair: Pair,
  proofCase: ProofCase,
  before: Outcome,
  { outcome, sent }: SideRun,
  noise: Noise,
  notes: Set<string>,
): Omit<RunDifference, 'case' | 'input'> | null {
  const difference = compareOutcomes(before, outcome, noise);
  if (difference !== null) {
    const sameRows = compareOutcomes({ ...before, shown: null }, { ...outcome, shown: null }, noise) === null;
    const refused = proofCase.refused === true || before.ofArgument === true;
    if (refused && before.kind === 'error' && outcome.kind === 'error' && sameRows) {
      notes.add('which of two errors comes first');
      return null;
    }
    if (pair.unordered !== true) return difference;
    const turned = { ...outcome, shown: inOneOrder(outcome.shown) };
    if (compareOutcomes({ ...before, shown: inOneOrder(before.shown) }, turned, noise) !== null)
      return difference;
    notes.add('the order of rows, which the body leaves open');
  }
  if (keyOrderDiffers(before.shown, outcome.shown)) notes.add('the order of keys differs');
  const breach = pair.expected === undefined ? null : breachOf(pair.expected, sent);
  return breach === null
    ? null
    : { summary: breach, before: '', after: sent.map(({ sql }) => sql).join(';\n') };
}

/** The result as it stands, without a difference. */
export function finished(
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
