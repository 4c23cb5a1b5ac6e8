/** One run of one side from the rows that a case has put in place, and those rows themselves. */
import { decodeArguments } from './case-values.js';
import type { CloneSession } from './clone-session.js';
import { withoutErrorTexts } from './failing-read.js';
import { guardDatabase } from './guarded-database.js';
import { refusesArgument, representError, type Outcome } from './outcome.js';
import type { ProofCase } from './pair.js';
import { represent } from './represent.js';
import type { SentStatement } from './sent-checks.js';
import type { ScratchCopies } from './scratch-copies.js';
import type { ProtocolServer, TransactionServer } from './transaction-server.js';
import type { UserRuntime } from './user-runtime.js';

export interface Bench {
  readonly session: CloneSession;
  readonly server: TransactionServer;
  readonly runtime: UserRuntime;
  /** Told before each run, so that one that does not end can be named. */
  at(position: string): void;
  /** On a scratch server: further copies, and the user's driver on one of them while `work` runs. */
  readonly real?: RealServer;
}

export interface RealServer {
  readonly copies: ScratchCopies;
  through<T>(target: ProtocolServer, work: () => Promise<T>): Promise<T>;
}

export type Side = (db: unknown, args: unknown) => unknown;

export interface SideRun {
  readonly outcome: Outcome;
  readonly sent: readonly SentStatement[];
}

/** The `run` of a module, or a sentence on why there is none. */
export async function loadSide({ runtime }: Bench, source: string, filename: string): Promise<Side | string> {
  try {
    const module = await runtime.evaluate(source, filename);
    const side = module['run'] ?? module['default'];
    return typeof side === 'function' ? (side as Side) : 'it exports no run(db, args)';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export async function runSide(bench: Bench, side: Side, proofCase: ProofCase): Promise<SideRun> {
  const { session, server, runtime } = bench;
  const guard = guardDatabase(runtime.db);
  const { broken } = proofCase;
  const isBroken = broken !== undefined && (await attempt(session, broken.sql)) === null;
  server.sent();
  let outcome: Omit<Outcome, 'tables'>;
  try {
    const value = await side(guard.db, decodeArguments(proofCase.args));
    outcome = { kind: 'value', shown: represent(value) };
  } catch (error) {
    outcome = { kind: 'error', shown: representError(error), ofArgument: refusesArgument(error) };
  }
  const sent = server.sent();
  await runtime.drain();
  server.sent();
  const misuse = guard.misuse();
  if (misuse !== null) outcome = { kind: 'error', shown: representError(misuse) };
  const failed = (shown: Outcome['shown']): SideRun => ({
    outcome: { kind: 'error', shown, tables: [] },
    sent,
  });
  if (server.reset()) return failed({ $: 'a transaction was left open' });
  if (isBroken) {
    await session.exec(broken.mended);
    outcome = { ...outcome, shown: withoutErrorTexts(outcome.shown) };
  }
  try {
    const tables = await session.rows('SET CONSTRAINTS ALL IMMEDIATE');
    return { outcome: { ...outcome, tables }, sent };
  } catch (error) {
    return failed({ $: 'deferred constraint', value: session.failure(error) });
  }
}

/** Statements that were accepted for the same rows before. */
export type KnownRows = WeakMap<object, readonly string[]>;

/** Gives the statements that were accepted. */
export async function seedRows(
  session: CloneSession,
  proofCase: ProofCase,
  notes: Set<string>,
  known: KnownRows = new WeakMap(),
): Promise<readonly string[]> {
  const { seed, rows } = proofCase;
  const likely = known.get(rows ?? seed) ?? [
    ...seed,
    ...(rows ?? []).flatMap(({ inserts }) => inserts[0] ?? []),
  ];
  const whole = (rows ?? []).every(({ inserts }) => inserts.length > 0) || known.has(rows ?? seed);
  if (whole && (await attempt(session, likely.join(';\n'))) === null) {
    await takeAway(session, proofCase);
    return likely;
  }
  const accepted = await seedSingly(session, proofCase, notes);
  known.set(rows ?? seed, accepted);
  await takeAway(session, proofCase);
  return accepted;
}

/** What others refer to stays. */
async function takeAway(session: CloneSession, { removed }: ProofCase): Promise<void> {
  for (const sql of removed ?? []) await attempt(session, sql);
}

async function seedSingly(
  session: CloneSession,
  { seed, rows }: ProofCase,
  notes: Set<string>,
): Promise<readonly string[]> {
  const accepted: string[] = [];
  for (const sql of seed) {
    const failure = await attempt(session, sql);
    if (failure === null) accepted.push(sql);
    else notes.add(`a seed statement failed: ${failure}`);
  }
  for (const { label, inserts, reason, optional } of rows ?? []) {
    let last: string | null = reason ?? 'no spelling';
    for (const sql of inserts) {
      last = await attempt(session, sql);
      if (last !== null) continue;
      accepted.push(sql);
      break;
    }
    if (last !== null && optional !== true) notes.add(`no row could be made for ${label}: ${last}`);
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
