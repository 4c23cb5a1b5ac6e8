/**
 * Counts on the clone which branches of the old body its runs take, in a copy of the body that is marked
 * (sql/mark-branches.ts). The copy is there during a counted run only, and it is believed only while it does
 * what the body does.
 */
import { counterSchema, type Branch } from '../sql/mark-branches.js';
import type { CloneSession } from './clone-session.js';

/** A marked copy of the routine. */
export interface Counting {
  /** CREATE OR REPLACE FUNCTION of the copy, and what it needs. */
  readonly definition: string;
  readonly branches: readonly Branch[];
  readonly counters: number;
}

export interface BranchCounter {
  readonly branches: readonly Branch[];
  /** Labels of the branches that no run took so far. */
  missing(): readonly string[];
  /** Did the counting fall back to a copy with fewer marks, so that earlier runs are not counted? */
  fell(): boolean;
  /**
   * Runs the marked copy under a savepoint of the caller's. `run` gives whether it did what the body does and
   * ended in a value. Gives how many branches are new.
   */
  count(run: () => Promise<CountedRun>): Promise<number>;
}

export interface CountedRun {
  readonly alike: boolean;
  readonly ended: boolean;
}

/** Null when no copy can be made. The copies are tried in turn, the one with the most marks first. */
export async function openBranchCounter(
  session: CloneSession,
  copies: readonly Counting[],
): Promise<BranchCounter | null> {
  const counters = Math.max(0, ...copies.map((copy) => copy.counters));
  if (copies.length === 0) return null;
  await session.exec(countersSql(counters));
  let at = 0;
  let taken = new Set<Branch>();
  const current = (): Counting | undefined => copies[at];
  const values = async (): Promise<readonly number[]> =>
    counters === 0 ? [] : ((await session.column(readSql(counters)))[0] ?? '').split(',').map(Number);

  const counter: BranchCounter = {
    get branches() {
      return current()?.branches ?? [];
    },
    missing: () => counter.branches.filter((branch) => !taken.has(branch)).map(({ label }) => label),
    fell: () => at > 0,
    async count(run) {
      const copy = current();
      if (copy === undefined) return 0;
      const before = await values();
      const result = await attempt(session, copy, run);
      if (result?.alike !== true) {
        at += 1;
        taken = new Set();
        return counter.count(run);
      }
      const after = await values();
      const size = taken.size;
      for (const branch of copy.branches) {
        const moved = after[branch.counter - 1] !== before[branch.counter - 1];
        if (branch.taken === 'hit' ? moved : !moved && result.ended) taken.add(branch);
      }
      return taken.size - size;
    },
  };
  return counter;
}

async function attempt(
  session: CloneSession,
  { definition }: Counting,
  run: () => Promise<CountedRun>,
): Promise<CountedRun | null> {
  await session.exec('SAVEPOINT mrpc_counted');
  try {
    await session.exec(definition);
    return await run();
  } catch {
    return null;
  } finally {
    await session.exec('ROLLBACK TO SAVEPOINT mrpc_counted; RELEASE SAVEPOINT mrpc_counted');
  }
}

function countersSql(counters: number): string {
  const names = Array.from({ length: counters }, (_, index) => `${counterSchema}.b${String(index + 1)}`);
  return [
    `CREATE SCHEMA ${counterSchema}`,
    `GRANT USAGE ON SCHEMA ${counterSchema} TO PUBLIC`,
    ...names.flatMap((name) => [`CREATE SEQUENCE ${name}`, `GRANT ALL ON SEQUENCE ${name} TO PUBLIC`]),
    `CREATE FUNCTION ${counterSchema}.seen(given int, value anyelement) RETURNS anyelement LANGUAGE plpgsql AS
     $$ BEGIN
       PERFORM nextval(format('${counterSchema}.b%s', CASE WHEN value IS NULL THEN given + 1 ELSE given END)::regclass);
       RETURN value;
     END $$`,
  ].join(';\n');
}

function readSql(counters: number): string {
  const reads = Array.from(
    { length: counters },
    (_, index) =>
      `(SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM ${counterSchema}.b${String(index + 1)})`,
  );
  return `SELECT array_to_string(ARRAY[${reads.join(', ')}], ',')`;
}
