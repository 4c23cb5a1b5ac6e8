/** A call of one side on a fresh copy, outside any transaction of the harness: what it commits is committed. */
import type { ProtocolServer } from '../transaction-server.js';
import { decodeArguments } from '../case-values.js';
import { guardDatabase } from '../guarded-database.js';
import { representError, type Outcome } from '../outcome.js';
import type { ProofCase } from '../pair.js';
import { represent } from '../represent.js';
import { seedRows, type RealServer, type Side } from '../run-side.js';
import type { ScratchCopy } from '../scratch-copies.js';
import type { UserConnection } from '../user-runtime.js';

export type Seen = Pick<Outcome, 'kind' | 'shown'>;

/** A bench with a real server under it. */
export interface ServerBench {
  readonly real: RealServer;
  readonly runtime: UserConnection & { connect(server: ProtocolServer): Promise<UserConnection> };
  at(position: string): void;
}

/** A copy with the rows of the case, committed. Null when the rows cannot be committed. */
export async function stageCase(
  { real }: ServerBench,
  proofCase: ProofCase,
  setup: readonly string[] = [],
): Promise<ScratchCopy | null> {
  const copy = await real.copies.make();
  try {
    for (const sql of setup) await copy.session.exec(sql);
    if (setup.length > 0) await copy.session.refresh();
    await copy.session.exec('BEGIN');
    await seedRows(copy.session, proofCase, new Set());
    await copy.session.exec('COMMIT; SELECT setseed(0.42)');
    return copy;
  } catch (error) {
    await copy.drop();
    if (isRefusal(error)) return null;
    throw error;
  }
}

/** Calls the side through the user's driver, on the first connection of the copy. */
export function callOn(
  bench: ServerBench,
  copy: ScratchCopy,
  side: Side,
  proofCase: ProofCase,
): Promise<Seen> {
  return bench.real.through(copy.link, async () => {
    const seen = await callWith(bench.runtime, side, proofCase);
    return (await leftOpen(copy)) ? { kind: 'error', shown: { $: 'a transaction was left open' } } : seen;
  });
}

export async function callWith(connection: UserConnection, side: Side, proofCase: ProofCase): Promise<Seen> {
  const guard = guardDatabase(connection.db);
  let seen: Seen;
  try {
    seen = { kind: 'value', shown: represent(await side(guard.db, decodeArguments(proofCase.args))) };
  } catch (error) {
    seen = { kind: 'error', shown: representError(error) };
  }
  await connection.drain();
  const misuse = guard.misuse();
  return misuse === null ? seen : { kind: 'error', shown: representError(misuse) };
}

/** Outside a transaction each statement begins one, at its own time. */
async function leftOpen({ link }: ScratchCopy): Promise<boolean> {
  const state = await link.query('SELECT now() = statement_timestamp()').catch(() => null);
  if (state?.[0]?.[0]?.[0] === 't') return false;
  await link.query('ROLLBACK');
  return true;
}

/** An answer of the server, as against a lost connection. */
export function isRefusal(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && 'severity' in error;
}
