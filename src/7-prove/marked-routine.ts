/** The marked copies of a routine, in which its branches are counted. */
import type { Routine } from '../1-read/catalog.js';
import { markBranches } from '../sql/mark-branches.js';
import type { Counting } from './branch-counter.js';

/** The copy with the most marks first. Empty where the text of the body is not kept (BEGIN ATOMIC). */
export function markedRoutine({ language, source, definition }: Routine): readonly Counting[] {
  if (language !== 'plpgsql' && language !== 'sql') return [];
  if (definition === null || source === '' || !definition.includes(source)) return [];
  const copies = (['all', 'steps'] as const).flatMap((depth) => {
    const marked = markBranches(source, language, depth);
    if (marked === null) return [];
    const at = definition.lastIndexOf(source);
    const text = definition.slice(0, at) + marked.text + definition.slice(at + source.length);
    return [{ definition: text, branches: marked.branches, counters: marked.counters }];
  });
  return copies.filter(
    ({ branches }, index) => index === 0 || branches.length < (copies[0]?.branches.length ?? 0),
  );
}
