/** The accepted sites of all parts as one list of file changes. */
import { assemble } from '../6-rewrite/assemble.js';
import type { FileChange } from '../6-rewrite/site-plan.js';
import type { Part } from './open-parts.js';
import type { Candidate } from './site-state.js';

/**
 * Each file once. Two packages may need the same generated module, beside a client that they share: the later
 * one then joins what the earlier one made, as it would join what stands on the disk.
 */
export function assembleParts(candidates: readonly Candidate[]): readonly FileChange[] {
  const changes = new Map<string, FileChange>();
  for (const [part, own] of byPart(candidates)) {
    const existing = (path: string): string | null => changes.get(path)?.after ?? part.place.existing(path);
    const plans = own.map(({ plan }) => plan);
    for (const change of assemble(plans, part.texts, { ...part.place, existing })) {
      const earlier = changes.get(change.path);
      changes.set(change.path, earlier === undefined ? change : joined(earlier, change));
    }
  }
  return [...changes.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The candidates of each part, in their order. */
export function byPart<C extends Candidate>(candidates: readonly C[]): ReadonlyMap<Part, readonly C[]> {
  const groups = new Map<Part, C[]>();
  for (const candidate of candidates) {
    groups.set(candidate.part, [...(groups.get(candidate.part) ?? []), candidate]);
  }
  return groups;
}

function joined(earlier: FileChange, later: FileChange): FileChange {
  return { ...later, before: earlier.before, sites: [...(earlier.sites ?? []), ...(later.sites ?? [])] };
}
