/** What a loop may change. */
import type { Step } from '../../3-parse/body.js';
import { assignedBy, innerLists } from './variable-uses.js';

/** Ids of the variables that a step or those inside it assign. */
export function assignedIn(step: Step): ReadonlySet<number> {
  const found = new Set<number>();
  const visit = (one: Step): void => {
    for (const id of assignedBy(one)) found.add(id);
    innerLists(one).flat().forEach(visit);
  };
  visit(step);
  return found;
}
