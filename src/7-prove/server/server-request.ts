/** What is asked of a real server beyond the cases themselves, and what it answers. Plain data. */
import type { Pair, RunDifference } from '../pair.js';

export interface ServerRequest {
  /**
   * committed: the cases to COMMIT, notifications included · races: beside a second session ·
   * crossing: from eight connections at once · latency: how long the calls take.
   */
  readonly what: 'committed' | 'races' | 'crossing' | 'latency';
  readonly pair: Pair;
  /** Tables that the body reads or writes. */
  readonly tables: readonly RaceTable[];
  /** Quoted names of the channels that notifications may leave on. */
  readonly channels: readonly string[];
}

export interface RaceTable {
  /** Quoted and qualified. */
  readonly name: string;
  /** Literals that the body compares a column with or stores in it, by the column's name. */
  readonly literals: Readonly<Record<string, readonly string[]>>;
}

export interface ServerResult {
  readonly status: 'same' | 'differs' | 'not_run';
  /** How many times both sides were run. */
  readonly runs: number;
  readonly difference: RunDifference | null;
  readonly notes: readonly string[];
  readonly reason: string | null;
  readonly latency?: Latency;
}

/** Of one call, at no delay of the network and at one millisecond for each round trip. */
export interface Latency {
  readonly statements: BeforeAfter;
  readonly roundTrips: BeforeAfter;
  /** Median milliseconds. */
  readonly near: BeforeAfter;
  readonly far: BeforeAfter;
}

export interface BeforeAfter {
  readonly before: number;
  readonly after: number;
}

export function serverNotRun(reason: string): ServerResult {
  return { status: 'not_run', runs: 0, difference: null, notes: [], reason };
}
