/** What a translation has noted so far, to be taken back where the same steps are translated again. */
import type { StepsContext } from './context.js';

/** Gives a function that puts everything back as it is now. */
export function checkpoint(context: StepsContext): () => void {
  const { reads, mayGiveNull, partial, wantsFound, recursive } = context;
  const { returned } = context.result;
  const names = context.names.used();
  const lists = [context.todos, context.describable, context.endings, context.raises, context.loops];
  const lengths = lists.map((list) => list.length);
  const sets = [context.staying, context.checked].map((set) => [set, [...set]] as const);
  const maps = [context.locals, context.called, context.hazards, context.rowTests, context.origins].map(
    (map) => [map as Map<unknown, unknown>, [...map] as [unknown, unknown][]] as const,
  );
  return () => {
    Object.assign(context, { reads, mayGiveNull, partial, wantsFound, recursive });
    context.result.returned = returned;
    context.names.restore(names);
    for (const [index, list] of lists.entries()) list.length = lengths[index] ?? 0;
    for (const [set, items] of sets) refill(set, items);
    for (const [map, entries] of maps) {
      map.clear();
      for (const [key, value] of entries) map.set(key, value);
    }
  };
}

function refill(set: Set<unknown>, items: readonly unknown[]): void {
  set.clear();
  for (const item of items) set.add(item);
}
