/** Puts a translation in place of a request through `.rpc()`. */
import type { SiteRefusal } from '../2-find/call-site.js';
import type { RequestUse } from '../2-find/request-use.js';
import type { ResolvedSite } from '../2-find/resolved-site.js';
import type { ResultUse } from '../2-find/result-use.js';
import type { Code } from '../5-translate/code.js';
import type { InlineDraft, ModuleDraft } from '../5-translate/draft.js';
import { asRequest } from '../5-translate/requests/as-request.js';
import { placeInline } from './place-inline.js';
import type { PlaceContext } from './place-context.js';
import { keysAt } from './place-value.js';
import { refusalOfCount } from './refusal-of-count.js';
import type { SitePlan } from './site-plan.js';
import { checksAtOnce } from './walk-code.js';

/** `countsIndexes`: for the user's compiler `rows[0]` may be undefined. */
export function placeRequest(
  site: ResolvedSite,
  use: ResultUse,
  draft: InlineDraft,
  context: PlaceContext,
  countsIndexes: boolean,
): Promise<SitePlan | SiteRefusal> {
  if (use.request === undefined) throw new Error(`${site.site.id} is no request`);
  const refusal = refusalOfCount(draft, use.request, false);
  if (refusal !== null) return Promise.resolve(refusal);
  const query = requestCode(draft.query, site, use.request, draft, use, countsIndexes);
  const answer: InlineDraft = {
    ...draft,
    query,
    shape: 'nothing',
    synchronous: false,
    nullRowWhenEmpty: false,
  };
  return placeInline(site, { ...use, shape: 'nothing' }, answer, context);
}

/** The query as what resolves to the answer. */
export function requestCode(
  query: Code,
  site: ResolvedSite,
  request: RequestUse,
  draft: InlineDraft | ModuleDraft,
  use: ResultUse,
  countsIndexes = false,
): Code {
  const inline = draft.kind === 'inline';
  // `attempt` calls it inside of its own `try`.
  const throws = request.failure !== 'answer' && checksAtOnce(query);
  const given = {
    shape: draft.shape,
    nullRowWhenEmpty: inline && draft.nullRowWhenEmpty,
    synchronous: throws || (inline && draft.synchronous === true),
    keys: keysAt(site, draft),
    driver: use.client.driver ?? ('node-postgres' as const),
    countsIndexes,
  };
  return asRequest(query, given, request);
}
