/** Statements whose calls lead back to their own routine, over any other routines. */
import type { Catalog, Routine } from '../1-read/catalog.js';
import { nameLookup, searchPathOf } from '../3-parse/name-lookup.js';
import type { Statement } from '../3-parse/statement.js';
import { textFacts } from './text-facts.js';
import { walk } from './walk-body.js';

/** Bodies that are not parsed here are searched for the names of routines. */
export function callsBack(statement: Statement, routine: Routine, catalog: Catalog): boolean {
  const reached = new Set<number>();
  walk(statement, null, ({ node }) => {
    if (node.kind === 'call' && typeof node['routine'] === 'number') reached.add(node['routine']);
  });
  // A set grows while it is gone through.
  for (const oid of reached) {
    if (oid === routine.oid) return true;
    const called = catalog.routines.find((each) => each.oid === oid);
    if (called === undefined) continue;
    const lookup = nameLookup(catalog, searchPathOf(called, catalog));
    for (const { schema, name } of textFacts(called.sqlBody ?? called.source).calls)
      for (const target of lookup.routines(schema, name))
        if (target.extension === null) reached.add(target.oid);
  }
  return false;
}
