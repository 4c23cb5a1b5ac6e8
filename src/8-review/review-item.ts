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
  /** Other forms, in the order in which they are offered after the one above. */
  readonly alternatives: readonly Alternative[];
  /** A person has changed the code, and the proof is of what they wrote. */
  readonly edited?: boolean;
}

export interface Alternative {
  /** What is other about it: `inline`, `module`, or what makes it shorter. */
  readonly name: string;
  /** What a caller or the tables would see another way; null: nothing. */
  readonly difference: string | null;
  readonly diff: string;
  /** Of this form, where it is another translation than the first. */
  readonly proof?: Evidence;
}

/** `apply 1` takes the first alternative. */
export type Decision = 'apply' | 'decline' | `apply ${number}`;

/** The alternative that a decision takes, from 0 on; null: the form that is shown first, or none at all. */
export function chosenAlternative(decision: Decision): number | null {
  const [, number] = /^apply (\d+)$/.exec(decision) ?? [];
  return number === undefined ? null : Number(number) - 1;
}

/** By site id. A site that is absent was not decided on: it stays rewritable. */
export type Decisions = ReadonlyMap<string, Decision>;
