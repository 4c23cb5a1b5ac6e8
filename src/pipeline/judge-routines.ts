/** The verdict on each routine that a site calls, and on those that these call: each body is parsed and classified once. */
import type { Catalog, Routine } from '../1-read/catalog.js';
import type { ResolvedSite } from '../2-find/resolved-site.js';
import type { Body } from '../3-parse/body.js';
import { parseRoutines } from '../3-parse/parse-routines.js';
import { classify } from '../4-classify/classify.js';
import type { Verdict } from '../4-classify/verdict.js';
import { walkBody } from '../4-classify/walk-body.js';
import type { Database } from '../io/database.js';

export interface Judged {
  readonly routine: Routine;
  readonly verdict: Verdict;
  /** Missing where it was not read. */
  readonly body?: Body;
  /** No site calls it, only the body of another routine. */
  readonly onlyFromBodies?: boolean;
}

/** By OID. One round of parsing for each depth of calls. */
export async function judgeRoutines(
  sites: readonly ResolvedSite[],
  catalog: Catalog,
  db: Database,
): Promise<ReadonlyMap<number, Judged>> {
  const judged = new Map<number, Judged>();
  let next = new Map(sites.map((site) => [site.routine.oid, site.routine]));
  for (let depth = 0; next.size > 0; depth += 1) {
    const round = await judge([...next.values()], catalog, db, depth > 0);
    next = new Map();
    for (const one of round) judged.set(one.routine.oid, one);
    for (const one of round) {
      for (const routine of calledBy(one, catalog))
        if (!judged.has(routine.oid)) next.set(routine.oid, routine);
    }
  }
  return judged;
}

async function judge(
  routines: readonly Routine[],
  catalog: Catalog,
  db: Database,
  onlyFromBodies: boolean,
): Promise<readonly Judged[]> {
  const bodies = await parseRoutines(routines, catalog, db);
  return routines.map((routine): Judged => {
    const body = bodies.get(routine.oid) ?? [];
    return {
      routine,
      verdict: classify(routine, body, catalog),
      ...('kind' in body ? { body } : {}),
      ...(onlyFromBodies ? { onlyFromBodies } : {}),
    };
  });
}

/** A routine that stays calls what it calls inside the database, unless its caller's identity is all that keeps it. */
function calledBy({ verdict, body }: Judged, catalog: Catalog): readonly Routine[] {
  const stays = verdict.kind === 'keep' && verdict.reasons.some(({ id }) => id !== 'identity');
  const found = stays ? new Set<number>() : calledOids(body);
  return catalog.routines.filter((routine) => found.has(routine.oid));
}

/** OIDs of the user's routines that a body calls. */
export function calledOids(body: Body | undefined): ReadonlySet<number> {
  const found = new Set<number>();
  if (body === undefined) return found;
  walkBody(body, ({ node }) => {
    if (node.kind === 'call' && typeof node['routine'] === 'number') found.add(node['routine']);
  });
  return found;
}
