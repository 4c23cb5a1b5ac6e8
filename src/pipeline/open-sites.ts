/** The sites of one part that may be rewritten, with what is done with their results and what fills their arguments. */
import type { SiteRefusal } from '../2-find/call-site.js';
import { findResultUses } from '../2-find/find-result-uses.js';
import { withRowLimit } from '../2-find/limit-rows.js';
import type { ResolvedSite } from '../2-find/resolved-site.js';
import type { ResultUse } from '../2-find/result-use.js';
import type { MultiStep, SingleStatement } from '../4-classify/verdict.js';
import type { DraftInput } from './draft-sites.js';
import { giveIdentities } from './give-identity.js';
import { settled, type Settled } from './site-state.js';

/** The sites of one part that may be rewritten, with what is done with their results, and the others. */
export interface OpenSites {
  readonly open: readonly OpenSite[];
  readonly settled: readonly Settled[];
  readonly uses: ReturnType<typeof findResultUses>;
}

interface OpenSite {
  readonly site: ResolvedSite;
  readonly verdict: SingleStatement | MultiStep;
}

export async function openSites(sites: readonly ResolvedSite[], input: DraftInput): Promise<OpenSites> {
  const open: OpenSite[] = [];
  const done: Settled[] = [];
  for (const site of sites) {
    const verdict = input.judged.get(site.routine.oid)?.verdict;
    if (verdict === undefined) throw new Error(`The routine of ${site.site.id} was not judged`);
    if (site.site.refusal !== null)
      done.push(settled(site, site.site.refusal.reason, site.site.refusal.detail));
    else if (verdict.kind === 'keep')
      done.push(settled(site, verdict.reasons[0].id, verdict.reasons[0].detail, verdict.reasons[0]));
    else open.push({ site, verdict });
  }
  const found = open.map(({ site }) => site);
  const uses =
    open.length === 0
      ? new Map<string, ResultUse | SiteRefusal>()
      : findResultUses(input.part.program, found, input.part.project);
  const told: OpenSite[] = [];
  const known = new Map(uses);
  const limit = input.rowLimit?.applied ?? null;
  const plain = open.flatMap(({ site }) => {
    const use = uses.get(site.site.id);
    if (use === undefined || 'reason' in use) return [];
    return [{ site: use.resolved ?? site, use: withRowLimit(site, use, limit) }];
  });
  const identities = await giveIdentities(plain, input);
  for (const { site, verdict } of open) {
    const given = identities.get(site.site.id);
    if (given !== undefined) known.set(site.site.id, 'reason' in given ? given : given.use);
    told.push({ site: given === undefined || 'reason' in given ? site : given.site, verdict });
  }
  return { open: told, settled: done, uses: known };
}
