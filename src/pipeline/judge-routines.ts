/** The verdict on each routine that a site calls: its body is parsed and classified once. */
import type { Catalog, Routine } from '../1-read/catalog.js';
import type { ResolvedSite } from '../2-find/resolved-site.js';
import { parseRoutines } from '../3-parse/parse-routines.js';
import { classify } from '../4-classify/classify.js';
import type { Verdict } from '../4-classify/verdict.js';
import type { Database } from '../io/database.js';

export interface Judged {
  readonly routine: Routine;
  readonly verdict: Verdict;
}

/** By OID. */
export async function judgeRoutines(
  sites: readonly ResolvedSite[],
  catalog: Catalog,
  db: Database,
): Promise<ReadonlyMap<number, Judged>> {
  const called = new Map(sites.map((site) => [site.routine.oid, site.routine]));
  const bodies = await parseRoutines([...called.values()], catalog, db);
  return new Map(
    [...called].map(([oid, routine]) => {
      const body = bodies.get(oid) ?? [];
      return [oid, { routine, verdict: classify(routine, body, catalog) }];
    }),
  );
}
