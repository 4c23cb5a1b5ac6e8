/** What a race showed, and how two of them differ. */
import { compareOutcomes, type Noise, type OutcomeDifference } from '../compare-outcomes.js';
import type { Outcome } from '../outcome.js';

export interface RaceOutcome {
  /** The server said that the call waited for the other session. */
  readonly waited: boolean;
  /** Rows and other locks that the call held while it waited. */
  readonly held: readonly string[];
  /** Null when the call had to be stopped. */
  readonly outcome: Outcome | null;
}

export function compareRaces(
  before: RaceOutcome,
  after: RaceOutcome,
  noise: Noise,
): OutcomeDifference | null {
  if (before.waited !== after.waited) {
    const words = (waited: boolean): string => (waited ? 'waits for the other session' : 'does not wait');
    const [old, now] = [words(before.waited), words(after.waited)];
    return { summary: `old ${old}, new ${now}`, before: old, after: now };
  }
  const [old, now] = [before, after].map(({ held }) => held.join('\n') || '(nothing)');
  if (old !== now) {
    return { summary: 'other locks are held while it waits', before: old ?? '', after: now ?? '' };
  }
  if (before.outcome === null || after.outcome === null) {
    return before.outcome === after.outcome
      ? null
      : { summary: 'one side had to be stopped', before: ended(before), after: ended(after) };
  }
  return compareOutcomes(before.outcome, after.outcome, noise);
}

function ended({ outcome }: RaceOutcome): string {
  return outcome === null ? 'stopped' : 'ended by itself';
}
