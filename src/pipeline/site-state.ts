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
  /** Where a body of several steps stands. */
  readonly placement?: 'inline' | 'module';
  /** Other forms of the same site, which a person may take in review. */
  readonly alternatives?: readonly AlternativePlan[];
  /**
   * What is tried in turn when a form does not type-check: plain · claimed, with the types of a request's data as
   * its client has them · cautious, with arguments through `sql` too · statement, the whole statement as `sql`.
   */
  readonly attempt: 'plain' | 'claimed' | 'cautious' | 'statement';
  /** A person has changed the code in the review. */
  readonly edited?: true;
}

/** Another form of a site's rewriting. */
export interface AlternativePlan {
  /** `inline`, `module`, or what makes it shorter. */
  readonly name: string;
  /** What the caller or the tables would see another way; null: nothing. */
  readonly difference: string | null;
  readonly plan: SitePlan;
  /** Set where it is another translation, with a proof of its own: without one it is not offered. */
  readonly draft?: Draft;
  readonly evidence?: Evidence;
}

export interface SettledReason {
  readonly id: ReasonId;
  readonly detail: string;
  /** Line of the routine's body, and what stands there; null and missing where no line is the cause. */
  readonly line: number | null;
  readonly text?: string;
}

export interface Settled {
  readonly site: CallSite;
  readonly routine: Routine | null;
  readonly reason: SettledReason;
  /** The translation that would stand there but for the reason. */
  readonly preview?: Candidate;
}

export interface Proposal extends Candidate {
  readonly evidence: Evidence;
}

/** The candidate in the form of one of its alternatives, or as it is. */
export function withForm<C extends Candidate>(candidate: C, alternative: number | null): C {
  const other = alternative === null ? undefined : candidate.alternatives?.[alternative];
  if (other === undefined) return candidate;
  const { plan, draft = candidate.draft, evidence } = other;
  return { ...candidate, plan, draft, ...(evidence === undefined ? {} : { evidence }) };
}

export function settled(
  site: ResolvedSite,
  id: ReasonId,
  detail: string,
  at: Pick<SettledReason, 'text'> & { readonly line?: number | null } = {},
): Settled {
  const { line = null, text } = at;
  const reason = { id, detail, line, ...(text === undefined ? {} : { text }) };
  return { site: site.site, routine: site.routine, reason };
}
