/** One change that a person decides on: all that the review shows, as plain data. */
import type { Hazard } from '../4-classify/verdict.js';
import type { Evidence } from '../7-prove/evidence.js';

export interface ReviewItem {
  /** CallSite.id. */
  readonly siteId: string;
  /** Relative to the working directory, with forward slashes. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** The routine with its argument types: `public.apply_payment(integer, numeric)`. */
  readonly routine: string;
  readonly verdict: 'single statement' | 'several steps';
  readonly completeness: 'complete' | 'skeleton';
  /** What is left to do by hand, one sentence each; empty when complete. */
  readonly todos: readonly string[];
  readonly proof: Evidence;
  readonly hazards: readonly Hazard[];
  /** The routine's definition as the database prints it. */
  readonly sql: string;
  /** Unified diff of this site alone, generated modules included. */
  readonly diff: string;
  /** Shorter forms with a named difference; none are made yet. */
  readonly alternatives: readonly [];
}

export type Decision = 'apply' | 'decline';

/** By site id. A site that is absent was not decided on: it stays rewritable. */
export type Decisions = ReadonlyMap<string, Decision>;
