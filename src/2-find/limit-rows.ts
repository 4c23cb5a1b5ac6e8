/** PostgREST's limit on the rows of a set, as one more method of the request. */
import { noQuery } from './request-query.js';
import type { ResolvedSite } from './resolved-site.js';
import type { ResultUse } from './result-use.js';

/** Does the request give a set, of which PostgREST gave so many rows at most? */
export function givesSet({ site, routine }: ResolvedSite): boolean {
  return site.rpc !== undefined && routine.returnsSet;
}

/** A request for a set asks for so many rows at most; any other use as it is. */
export function withRowLimit(site: ResolvedSite, use: ResultUse, rows: number | null): ResultUse {
  const { request } = use;
  if (rows === null || request === undefined || !givesSet(site)) return use;
  const query = request.query ?? noQuery;
  const { limit } = query;
  // One that the code computes may be greater.
  if (limit !== null && limit.kind !== 'text') return use;
  const least = limit === null ? rows : Math.min(rows, Number(limit.text));
  if (!Number.isInteger(least)) return use;
  return {
    ...use,
    request: { ...request, query: { ...query, limit: { kind: 'text', text: String(least) } } },
  };
}
