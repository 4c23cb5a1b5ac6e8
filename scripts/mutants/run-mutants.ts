/** Runs the mutants of one pair beside its old side. */
import type { Pair, RunResult } from '../../src/7-prove/pair.js';
import type { ProofSession } from '../../src/7-prove/proof-session.js';
import type { Mutant } from './plant-faults.js';

export interface JudgedMutant {
  readonly mutant: Mutant;
  /** What gave it away, or null when it survived. */
  readonly caught: string | null;
}

const deadlineMs = 8_000;
const group = 40;

/** A sentence where the unchanged candidate itself differs or does not run, for then nothing is told by mutants. */
export async function runMutants(
  session: ProofSession,
  pair: Pair,
  mutants: readonly Mutant[],
): Promise<readonly JudgedMutant[] | string> {
  const judged: JudgedMutant[] = [];
  for (let from = 0; from === 0 || from < mutants.length; from += group) {
    const some = mutants.slice(from, from + group);
    const texts = [...(from === 0 ? [pair.after] : []), ...some.map(({ text }) => text)];
    const results = await ask(session, pair, texts);
    if (from === 0) {
      const own = results[0];
      if (own?.status !== 'same') {
        const { summary = '', before = '', after = '', input = '' } = own?.difference ?? {};
        return (
          own?.reason ??
          `${summary}: ${before.slice(0, 600)} | ${after.slice(0, 600)} | ${input.slice(0, 600)}`
        );
      }
      results.shift();
    }
    for (const [index, mutant] of some.entries()) {
      const result = results[index];
      // What does not even load is no mutant.
      if (result?.reason?.startsWith('the new side does not load') === true) continue;
      judged.push({ mutant, caught: caughtBy(result) });
    }
  }
  return judged;
}

/** One that does not end is named by where the thread stood, and the others are asked again without it. */
async function ask(
  session: ProofSession,
  pair: Pair,
  texts: readonly string[],
): Promise<(RunResult | null)[]> {
  const answer = await session.ask({ kind: 'candidates', pair, candidates: texts }, deadlineMs);
  if (answer.kind === 'results') return [...answer.results];
  if (texts.length === 1) return [null];
  const reason = answer.kind === 'none' ? answer.reason : '';
  const stuck = Number(/the new side (\d+) in case/.exec(reason)?.[1] ?? 0) - 1;
  if (stuck >= 0 && stuck < texts.length) {
    const others = await ask(
      session,
      pair,
      texts.filter((_, index) => index !== stuck),
    );
    return [...others.slice(0, stuck), null, ...others.slice(stuck)];
  }
  const results: (RunResult | null)[] = [];
  const half = Math.ceil(texts.length / 2);
  results.push(...(await ask(session, pair, texts.slice(0, half))));
  results.push(...(await ask(session, pair, texts.slice(half))));
  return results;
}

function caughtBy(result: RunResult | null | undefined): string | null {
  if (result === null || result === undefined) return 'it does not end';
  if (result.status === 'not_run') return result.reason;
  return result.difference?.summary ?? null;
}
