/** What a proof found, in words. `proven` is said for nothing but a complete proof. */
import type { Evidence } from '../7-prove/evidence.js';

/** One line: `partial: 6 cases, 2 of 2 branches, not compared: locks`. */
export function describeProof(proof: Evidence): string {
  if (proof.status === 'not_run') return `not run: ${proof.reason ?? 'no reason given'}`;
  const parts = [proof.cases === 1 ? '1 case' : `${proof.cases} cases`];
  if (proof.branches > 0) parts.push(`${proof.branchesHit} of ${proof.branches} branches`);
  if (proof.status === 'differs') parts.push(proof.difference?.summary ?? 'old and new did not do the same');
  if (proof.notCompared.length > 0) parts.push(`not compared: ${proof.notCompared.join(', ')}`);
  return `${proof.status}: ${parts.join(', ')}`;
}

/** All that is known, one line an entry; a difference with its input and both sides. */
export function explainProof(proof: Evidence): readonly string[] {
  const lines = [describeProof(proof)];
  if (proof.difference !== null) {
    const { level, summary, before, after, input } = proof.difference;
    lines.push(`found by ${level}: ${summary}`, `old: ${before}`, `new: ${after}`, `input: ${input}`);
  }
  return lines;
}
