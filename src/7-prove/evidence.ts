/** What was found out about a translation by running it. */
import type { Latency } from './server/server-request.js';

export interface Evidence {
  readonly status: 'proven' | 'partial' | 'differs' | 'not_run';
  readonly cases: number;
  readonly branchesHit: number;
  readonly branches: number;
  /** What was not compared: `locks`, `branches not counted`, `inputs are simple` … */
  readonly notCompared: readonly string[];
  readonly difference: Difference | null;
  /** Why it did not run. */
  readonly reason: string | null;
  /** How long a call takes, where it ran on a scratch server. */
  readonly latency?: Latency;
}

export interface Difference {
  /** Where it was found: types, static, describe, run, races. */
  readonly level: 'static' | 'types' | 'describe' | 'run' | 'races';
  readonly summary: string;
  readonly before: string;
  readonly after: string;
  /** The inputs, as JSON, and the rows that were in the tables. */
  readonly input: string;
}
