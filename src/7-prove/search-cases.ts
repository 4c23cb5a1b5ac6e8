/**
 * The search for inputs that take new branches: a case that did is varied, one argument or a few rows at a
 * time. The same seed gives the same cases.
 */
import type { Pair, ProofCase, RowCandidates } from './pair.js';
import { openRandom, type Random } from './random.js';

/** What a case may be varied by. Plain data. */
export interface SearchSpace {
  readonly seed: number;
  /** At most so many varied cases. */
  readonly cases: number;
  readonly seconds: number;
  /** Values of each argument by its key, in tagged JSON. */
  readonly arguments: Readonly<Record<string, readonly unknown[]>>;
}

export interface CaseSearch {
  /** Tells how many branches a case was the first to take. */
  found(proofCase: ProofCase, fresh: number): void;
  /** The next case, or null when the budget is spent or nothing can be varied. */
  next(): ProofCase | null;
}

export function openSearch({ cases, search }: Pair): CaseSearch {
  const parents: ProofCase[] = cases.slice(0, 3);
  const end = Date.now() + (search?.seconds ?? 0) * 1000;
  const random = openRandom(search?.seed ?? 0);
  let made = 0;
  return {
    found(proofCase, fresh) {
      // What took something new is varied more often than the rest.
      if (fresh > 0) parents.push(proofCase, proofCase);
    },
    next() {
      if (search === undefined || made >= search.cases || Date.now() > end) return null;
      const parent = parents[random.below(parents.length)];
      if (parent === undefined) return null;
      made += 1;
      return { ...varied(parent, search, random), name: `varied ${String(made)}` };
    },
  };
}

function varied(parent: ProofCase, space: SearchSpace, random: Random): ProofCase {
  const keys = Object.keys(space.arguments);
  const rows = parent.rows ?? [];
  const what = random.below(3);
  return {
    ...parent,
    args:
      keys.length > 0 && (what !== 1 || rows.length === 0)
        ? variedArguments(parent, space, random)
        : parent.args,
    ...(rows.length > 0 && what !== 0 ? { rows: variedRows(rows, random) } : {}),
  };
}

function variedArguments(parent: ProofCase, space: SearchSpace, random: Random): unknown {
  const args = { ...(parent.args as Record<string, unknown>) };
  const keys = Object.keys(space.arguments);
  for (let count = 1 + random.below(2); count > 0; count -= 1) {
    const key = keys[random.below(keys.length)] ?? '';
    const values = space.arguments[key] ?? [];
    if (values.length > 0) args[key] = values[random.below(values.length)];
  }
  return args;
}

/** Other spellings of a few rows, or a few rows less. */
function variedRows(rows: readonly RowCandidates[], random: Random): readonly RowCandidates[] {
  return rows.flatMap((row) => {
    const chance = random.below(10);
    if (chance === 0) return [];
    if (chance > 4 || row.inserts.length < 2) return [row];
    const turn = 1 + random.below(row.inserts.length - 1);
    return [{ ...row, inserts: [...row.inserts.slice(turn), ...row.inserts.slice(0, turn)] }];
  });
}
