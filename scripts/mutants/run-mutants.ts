/** Runs the mutants of one pair beside its old side. */
import type { Pair, RunResult } from '../../src/7-prove/pair.js';
import type { ProofSession } from '../../src/7-prove/proof-session.js';
import type { Mutant } from './plant-faults.js';

export interface JudgedMutant {
  readonly mutant: Mutant;
  /** What gave it away, or null when it survived. */
  readonly caught: string | null;
  /** The cases took every branch of the body. */
  readonly complete: boolean;
}

/** For one run of a side; long, because a busy machine is no endless loop. */
const deadlineMs = 10_000;
const group = 40;

/** A sentence where the unchanged candidate itself differs or does not run, for then nothing is told by mutants. */
export async function runMutants(
  session: ProofSession,
  pair: Pair,
  mutants: readonly Mutant[],
): Promise<readonly JudgedMutant[] | string> {
  const judged: JudgedMutant[] = [];
  for (let from = 0; from < mutants.length; from += group) {
    const some = mutants.slice(from, from + group);
    const [own, ...results] = await ask(
      session,
      pair,
      some.map(({ text }) => text),
    );
    if (own?.status !== 'same') {
      const { summary = '', before = '', after = '', input = '' } = own?.difference ?? {};
      const sides = [before, after, input].map((text) => text.slice(0, 600)).join(' | ');
      return own?.reason ?? (own === null ? 'it does not end' : `${summary}: ${sides}`);
    }
    for (const [index, mutant] of some.entries()) {
      const result = results[index];
      // What does not even load is no mutant.
      if (result?.reason?.startsWith('the new side does not load') === true) continue;
      judged.push({ mutant, caught: caughtBy(result), complete: own.branches?.missing.length === 0 });
    }
  }
  return judged;
}

/**
 * Results of the unchanged candidate and of the mutants. One that does not end is named by where the thread stood,
 * and the others are asked again without it.
 */
async function ask(
  session: ProofSession,
  pair: Pair,
  mutants: readonly string[],
): Promise<(RunResult | null)[]> {
  const candidates = [pair.after, ...mutants];
  const answer = await session.ask({ kind: 'candidates', pair, candidates }, deadlineMs);
  if (answer.kind === 'results') return [...answer.results];
  const reason = answer.kind === 'none' ? answer.reason : '';
  // Where the unchanged sides do not end, no mutant is to blame.
  if (/\bthe (?:old side|counted copy|new side 1) in case\b/.test(reason)) return candidates.map(() => null);
  const stuck = Number(/the new side (\d+) in case/.exec(reason)?.[1] ?? 0) - 2;
  if (stuck >= 0 && stuck < mutants.length) {
    const others = await ask(
      session,
      pair,
      mutants.filter((_, index) => index !== stuck),
    );
    return [...others.slice(0, stuck + 1), null, ...others.slice(stuck + 1)];
  }
  if (mutants.length <= 1) return candidates.map(() => null);
  const half = Math.ceil(mutants.length / 2);
  const some = await ask(session, pair, mutants.slice(0, half));
  const rest = await ask(session, pair, mutants.slice(half));
  return [...some, ...rest.slice(1)];
}

function caughtBy(result: RunResult | null | undefined): string | null {
  if (result === null || result === undefined) return 'it does not end';
  if (result.status === 'not_run') return result.reason;
  return result.difference?.summary ?? null;
}
