/** The user's own routines that a body calls: their calls stay in the query, so they stay in the database. */
import type { Catalog } from '../1-read/catalog.js';
import type { Body } from '../3-parse/body.js';
import { walkBody } from './walk-body.js';

/** `public.is_member`, each once, in the order of the body. */
export function calledRoutines(body: Body, catalog: Catalog): readonly string[] {
  const found = new Set<number>();
  walkBody(body, ({ node }) => {
    const routine = node.kind === 'call' ? node['routine'] : null;
    if (typeof routine === 'number') found.add(routine);
  });
  return [...found].flatMap((oid) => {
    const routine = catalog.routines.find((candidate) => candidate.oid === oid);
    return routine === undefined ? [] : [`${routine.schema}.${routine.name}`];
  });
}
