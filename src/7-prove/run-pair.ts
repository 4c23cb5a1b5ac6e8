/**
 * Runs the cases of one pair on the clone, under savepoints of one transaction: seed, old, old again
 * (its own noise), new. Every run starts from the same rows, clock, sequences and random seed.
 */
import { decodeArguments } from './case-values.js';
import type { CloneSession } from './clone-session.js';
import { compareOutcomes, findNoise, keyOrderDiffers, type Noise } from './compare-outcomes.js';
import { guardDatabase } from './guarded-database.js';
import { representError, type Outcome } from './outcome.js';
import type { Pair, ProofCase, RunDifference, RunResult } from './pair.js';
import { represent } from './represent.js';
import type { TransactionServer } from './transaction-server.js';
import type { UserRuntime } from './user-runtime.js';

export interface Bench {
  readonly session: CloneSession;
  readonly server: TransactionServer;
  readonly runtime: UserRuntime;
  /** Told before each run, so that one that does not end can be named. */
  at(position: string): void;
}

type Side = (db: unknown, args: unknown) => unknown;

/** Throws only when the harness itself no longer works; the thread must then be remade. */
export async function runPair(bench: Bench, pair: Pair): Promise<RunResult> {
  bench.at('loading the modules');
  const before = await load(bench, pair.before, pair.filename);
  if (typeof before === 'string') return notRun(`the old side does not load: ${before}`);
  const after = await load(bench, pair.after, pair.filename);
  if (typeof after === 'string') return notRun(`the new side does not load: ${after}`);

  const { session } = bench;
  await session.exec('BEGIN');
  try {
    for (const sql of pair.setup ?? []) await session.exec(sql);
    await session.refresh();
    return await runCases(bench, pair, before, after);
  } finally {
    await session.exec('ROLLBACK');
  }
}

async function runCases(bench: Bench, pair: Pair, before: Side, after: Side): Promise<RunResult> {
  const notes = new Set<string>();
  const outcomes = new Set<string>();
  let done = 0;
  for (const proofCase of pair.cases) {
    const difference = await runCase(bench, proofCase, before, after, notes, outcomes);
    done += 1;
    if (difference !== null) {
      return {
        status: 'differs',
        cases: done,
        outcomes: outcomes.size,
        difference,
        notes: [...notes],
        reason: null,
      };
    }
  }
  if (done === 0) return notRun('no cases');
  return {
    status: 'same',
    cases: done,
    outcomes: outcomes.size,
    difference: null,
    notes: [...notes],
    reason: null,
  };
}

async function runCase(
  bench: Bench,
  proofCase: ProofCase,
  before: Side,
  after: Side,
  notes: Set<string>,
  outcomes: Set<string>,
): Promise<RunDifference | null> {
  const { session } = bench;
  await session.exec('SAVEPOINT mrpc_case');
  const seeded = await seed(session, proofCase, notes);
  const restore = `${await session.sequenceState()};\nSELECT setseed(0.42)`.replace(/^;\n/, '');
  await session.exec('SAVEPOINT mrpc_seeded');

  const run = async (side: Side, name: string): Promise<Outcome> => {
    bench.at(`${name} in case "${proofCase.name}"`);
    await session.exec(restore);
    const outcome = await runSide(bench, side, proofCase);
    await session.exec('ROLLBACK TO SAVEPOINT mrpc_seeded');
    return outcome;
  };
  const start = await session.rows();
  const first = await run(before, 'the old side');
  const second = await run(before, 'the old side');
  const candidate = await run(after, 'the new side');
  await session.exec(`ROLLBACK TO SAVEPOINT mrpc_case; RELEASE SAVEPOINT mrpc_case;\n${restore}`);

  const noise = findNoise(first, second);
  nameNoise(noise, notes);
  const changed = first.tables.filter(
    (table, index) => JSON.stringify(table) !== JSON.stringify(start[index]),
  );
  outcomes.add(JSON.stringify([first.kind, first.shown, changed]));
  const difference = compareOutcomes(first, candidate, noise);
  if (difference === null) {
    if (keyOrderDiffers(first.shown, candidate.shown)) notes.add('the order of keys differs');
    return null;
  }
  return { case: proofCase.name, ...difference, input: printInput(proofCase, seeded) };
}

async function runSide(
  { session, server, runtime }: Bench,
  side: Side,
  proofCase: ProofCase,
): Promise<Outcome> {
  const guard = guardDatabase(runtime.db);
  let outcome: Omit<Outcome, 'tables'>;
  try {
    const value = await side(guard.db, decodeArguments(proofCase.args));
    outcome = { kind: 'value', shown: represent(value) };
  } catch (error) {
    outcome = { kind: 'error', shown: representError(error) };
  }
  await runtime.drain();
  const misuse = guard.misuse();
  if (misuse !== null) outcome = { kind: 'error', shown: representError(misuse) };
  if (server.reset()) {
    return { kind: 'error', shown: { $: 'a transaction was left open' }, tables: [] };
  }
  try {
    await session.exec('SET CONSTRAINTS ALL IMMEDIATE');
  } catch (error) {
    return { kind: 'error', shown: { $: 'deferred constraint', value: session.failure(error) }, tables: [] };
  }
  return { ...outcome, tables: await session.rows() };
}

/** Gives the statements that were accepted. */
async function seed(session: CloneSession, { seed, rows }: ProofCase, notes: Set<string>): Promise<string[]> {
  const accepted: string[] = [];
  for (const sql of seed) {
    const failure = await attempt(session, sql);
    if (failure === null) accepted.push(sql);
    else notes.add(`a seed statement failed: ${failure}`);
  }
  for (const { label, inserts, reason } of rows ?? []) {
    let last: string | null = reason ?? 'no spelling';
    for (const sql of inserts) {
      last = await attempt(session, sql);
      if (last !== null) continue;
      accepted.push(sql);
      break;
    }
    if (last !== null) notes.add(`no row could be made for ${label}: ${last}`);
  }
  return accepted;
}

async function attempt(session: CloneSession, sql: string): Promise<string | null> {
  await session.exec('SAVEPOINT mrpc_seed');
  try {
    await session.exec(sql);
    await session.exec('RELEASE SAVEPOINT mrpc_seed');
    return null;
  } catch (error) {
    await session.exec('ROLLBACK TO SAVEPOINT mrpc_seed; RELEASE SAVEPOINT mrpc_seed');
    return session.failure(error);
  }
}

async function load({ runtime }: Bench, source: string, filename: string): Promise<Side | string> {
  try {
    const module = await runtime.evaluate(source, filename);
    const side = module['run'] ?? module['default'];
    return typeof side === 'function' ? (side as Side) : 'it exports no run(db, args)';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
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
  return { status: 'not_run', cases: 0, outcomes: 0, difference: null, notes: [], reason };
}
