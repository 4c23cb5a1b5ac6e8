/** Which arguments of a routine its call sites pass as null, from the types of what they pass. */
import type { Hole } from '../2-find/call-site.js';
import type { ResolvedSite } from '../2-find/resolved-site.js';
import type { ResultUse } from '../2-find/result-use.js';
import { elementsAt, holdsNull } from '../5-translate/parameter-type.js';
import type { OpenSites } from './open-sites.js';

/** At one site; `elementsAt` a position where an array may hold null. */
export function nullablePositions(site: ResolvedSite, use: ResultUse): readonly number[] {
  const mayBeNull = (hole: Hole | null | undefined): boolean =>
    use.arguments.some((fact) => fact.hole === hole?.index && fact.mayBeNull);
  return site.bindings.flatMap(({ position, argument, parameter }) => {
    const items = argument?.collected?.items;
    if (items !== undefined) {
      const some = items.some((item) => mayBeNull(item.hole) || /^null\b/i.test(item.sql.trim()));
      return some ? [elementsAt(position)] : [];
    }
    const text = argument?.sql ?? parameter.default ?? 'null';
    const fact = use.arguments.find(({ hole }) => hole === argument?.hole?.index);
    return [
      ...(fact?.mayBeNull === true || /^null\b/i.test(text.trim()) ? [position] : []),
      ...(fact !== undefined && holdsNull(fact.type) ? [elementsAt(position)] : []),
    ];
  });
}

/** Positions that some site passes as null, by routine. */
export function nullableAtSites(all: readonly OpenSites[]): ReadonlyMap<number, ReadonlySet<number>> {
  const found = new Map<number, Set<number>>();
  for (const { open, uses } of all) {
    for (const { site } of open) {
      const use = uses.get(site.site.id);
      if (use === undefined || 'reason' in use) continue;
      const known = found.get(site.routine.oid) ?? new Set();
      for (const position of nullablePositions(site, use)) known.add(position);
      found.set(site.routine.oid, known);
    }
  }
  return found;
}
