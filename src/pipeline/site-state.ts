/** Where a site stands while a plan is made: still a candidate, or settled with a reason. */
import type { Routine } from '../1-read/catalog.js';
import type { CallSite } from '../2-find/call-site.js';
import type { ResolvedSite } from '../2-find/resolved-site.js';
import type { ResultUse } from '../2-find/result-use.js';
import type { MultiStep, SingleStatement } from '../4-classify/verdict.js';
import type { Draft } from '../5-translate/draft.js';
import type { SitePlan } from '../6-rewrite/site-plan.js';
import type { Evidence } from '../7-prove/evidence.js';
import type { Part } from './open-parts.js';
import type { ReasonId } from '../reasons.js';

export interface Candidate {
  readonly part: Part;
  readonly site: ResolvedSite;
  readonly use: ResultUse;
  readonly verdict: SingleStatement | MultiStep;
  readonly draft: Draft;
  readonly plan: SitePlan;
  /**
   * What is tried in turn when a form does not type-check: plain · cautious, with arguments through `sql` ·
   * statement, the whole statement as `sql`.
   */
  readonly attempt: 'plain' | 'cautious' | 'statement';
}

export interface Settled {
  readonly site: CallSite;
  readonly routine: Routine | null;
  readonly reason: { readonly id: ReasonId; readonly detail: string; readonly line: number | null };
}

export interface Proposal extends Candidate {
  readonly evidence: Evidence;
}

export function settled(
  site: ResolvedSite,
  id: ReasonId,
  detail: string,
  line: number | null = null,
): Settled {
  return { site: site.site, routine: site.routine, reason: { id, detail, line } };
}
