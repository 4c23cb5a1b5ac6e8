/** One race: a change in an open transaction, the call beside it, and what the server says of both. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BackendLink } from '../../io/backend-link.js';
import type { ProofCase } from '../pair.js';
import type { Side } from '../run-side.js';
import type { ScratchCopy } from '../scratch-copies.js';
import type { RaceOutcome } from './compare-races.js';
import type { RaceChange } from './race-changes.js';
import type { RaceTable } from './server-request.js';
import { callOn, isRefusal, stageCase, type Seen, type ServerBench } from './staged-call.js';

export type RaceEnd = 'COMMIT' | 'ROLLBACK';

export interface Race {
  readonly proofCase: ProofCase;
  readonly change: RaceChange;
  readonly end: RaceEnd;
  readonly tables: readonly RaceTable[];
  readonly setup: readonly string[];
}

/** Null when the rows cannot be committed or the change touches none of them. */
export async function runRace(bench: ServerBench, side: Side, race: Race): Promise<RaceOutcome | null> {
  const copy = await stageCase(bench, race.proofCase, race.setup);
  if (copy === null) return null;
  try {
    const other = await copy.connect();
    await other.query('BEGIN');
    if (!(await applyChange(other, race.change))) return null;
    let settled = false;
    const call: Promise<Seen> = callOn(bench, copy, side, race.proofCase).finally(() => (settled = true));
    call.catch(() => undefined);
    const waited = await isHeldUp(bench, copy.link, other, () => settled);
    const held = waited ? await locksOf(copy, race.tables) : [];
    await other.query(race.end);
    const seen = await call;
    return { waited, held, outcome: { ...seen, tables: await copy.session.rows() } };
  } finally {
    await copy.drop();
  }
}

/** Does it inside the open transaction of `link`; false when no row was touched. */
async function applyChange(link: BackendLink, { statements }: RaceChange): Promise<boolean> {
  let touched = false;
  for (const statement of statements) {
    await link.query('SAVEPOINT mrpc_change');
    try {
      const returning = statement.startsWith('SELECT') ? '' : ' RETURNING 1';
      const [rows] = await link.query(`${statement}${returning}`);
      touched ||= (rows?.length ?? 0) > 0;
      await link.query('RELEASE SAVEPOINT mrpc_change');
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await link.query('ROLLBACK TO SAVEPOINT mrpc_change');
    }
  }
  return touched;
}

/** Asks the server until the call has ended or stands in the queue behind the other session. */
async function isHeldUp(
  { real }: ServerBench,
  own: BackendLink,
  other: BackendLink,
  settled: () => boolean,
): Promise<boolean> {
  for (;;) {
    if (settled()) return false;
    const [rows] = await real.copies.watch(
      `SELECT ${String(other.pid)} = ANY (pg_blocking_pids(${String(own.pid)}))`,
    );
    if (rows?.[0]?.[0] === 't') return true;
    await sleep(2);
  }
}

/**
 * What the call holds: rows that a third session may not lock, without those of the other session, whose
 * changes are the same for both sides; locks of whole tables and advisory locks.
 */
async function locksOf(copy: ScratchCopy, tables: readonly RaceTable[]): Promise<readonly string[]> {
  const third = await copy.connect();
  const held: string[] = [];
  await third.query('BEGIN');
  for (const { name } of tables) {
    // A row that is being changed has its old place still.
    const [all = []] = await third.query(`SELECT ctid FROM ${name} ORDER BY ctid`);
    const [free = []] = await third
      .query(`SELECT ctid FROM ${name} ORDER BY ctid FOR UPDATE SKIP LOCKED`)
      .catch(() => []);
    const open = new Set(free.map(([place]) => place));
    for (const [index, [place]] of all.entries()) {
      if (!open.has(place)) held.push(`row ${String(index + 1)} of ${name}`);
    }
  }
  await third.query('ROLLBACK');
  const [others = []] = await third.query(`
    SELECT l.locktype || ' ' || coalesce(c.oid::regclass::text, concat_ws(',', l.classid, l.objid)) || ' ' || l.mode
    FROM pg_locks l LEFT JOIN pg_class c ON c.oid = l.relation
    WHERE l.pid = ${String(copy.link.pid)} AND l.granted AND (l.locktype = 'advisory' OR l.locktype = 'relation'
      AND l.mode NOT IN ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock'))
    ORDER BY 1`);
  held.push(...others.map(([lock]) => lock ?? ''));
  await third.close();
  return held;
}
