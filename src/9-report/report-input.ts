/**
 * What a report is made of, as plain data from the end of a run (or of its planning).
 * Texts may still hold a password here; buildReport redacts them.
 */
import type { CallSite } from '../2-find/call-site.js';
import type { Hazard, RoutineReason, Verdict } from '../4-classify/verdict.js';
import type { Difference, Evidence } from '../7-prove/evidence.js';
import type { ReasonId } from '../reasons.js';

export interface ReportInput {
  readonly database: { readonly source: string; readonly serverVersion: string };
  readonly routines: readonly ReportedRoutine[];
  readonly callSites: readonly ReportedSite[];
  /** Test files that mock a rewritten call, relative paths. */
  readonly testsToLookAt: readonly string[];
  /** What was written, relative paths; both empty in a plan. */
  readonly files: WrittenFiles;
  /** Sentences on what was skipped, made or not visible: of the source, the catalog and the project. */
  readonly notes: readonly string[];
}

export interface WrittenFiles {
  readonly changed: readonly string[];
  readonly created: readonly string[];
}

export interface ReportedRoutine {
  /** `public.apply_payment(integer, numeric)`; unique in a report. */
  readonly signature: string;
  readonly schema: string;
  readonly name: string;
  readonly language: string;
  readonly verdict: Verdict['kind'];
  /** Gravest first; empty unless the routine is kept. */
  readonly reasons: readonly RoutineReason[];
  readonly hazards: readonly Hazard[];
  readonly translation: 'complete' | 'skeleton' | 'none';
  readonly todos: readonly string[];
  /** Statements on the longest path of the translation; 0 when there is none. */
  readonly statements: number;
  /** `after` is null when there is no translation. */
  readonly roundTrips: { readonly before: number; readonly after: number | null };
  readonly proof: Evidence;
  /** Views, triggers, policies and other routines that still need it. */
  readonly stillUsedBy: readonly string[];
}

export type SiteStatus = 'rewritable' | 'rewritten' | 'kept' | 'declined' | 'unresolved';

export interface ReportedSite {
  /** CallSite.id. */
  readonly id: string;
  /** Relative to the working directory, with forward slashes. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly kind: CallSite['kind'];
  /** Signature of a routine of the report, or null when the site was not resolved. */
  readonly routine: string | null;
  /** The name as written at the site. */
  readonly routineName: string;
  readonly status: SiteStatus;
  /** Set for kept and unresolved sites. */
  readonly reason: (Pick<RoutineReason, 'detail' | 'line' | 'text'> & { readonly id: ReasonId }) | null;
  /** Unified diff of this site alone; empty when there is no translation. */
  readonly diff: string;
  /** What a person accepted by name although it differs. */
  readonly acceptedDifference?: AcceptedDifference;
  /** Other translations, each proven, that the review offers. */
  readonly otherForms?: readonly {
    readonly name: string;
    readonly difference: string | null;
    readonly proof: Evidence;
  }[];
  /** Set where a person changed the code in the review: the proof of what they wrote. */
  readonly editedByHand?: Evidence;
}

export interface AcceptedDifference {
  /** What the caller or the tables see another way. */
  readonly sentence: string;
  /** Null where the form was offered with its difference spelled out and nothing was run to show it. */
  readonly counterExample: Difference | null;
}
