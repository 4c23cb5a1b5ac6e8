/** What was found out about a translation by running it. */

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
}

export interface Difference {
  /** Where it was found: types, static, describe, run. */
  readonly level: 'static' | 'types' | 'describe' | 'run';
  readonly summary: string;
  readonly before: string;
  readonly after: string;
  /** The inputs, as JSON, and the rows that were in the tables. */
  readonly input: string;
}
