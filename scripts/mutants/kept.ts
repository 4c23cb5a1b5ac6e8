/** What was found of each project, one JSON line each, so that a run goes on where another one ended. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Judged } from './tally.js';

export interface ProjectResult {
  readonly project: string;
  readonly judged: readonly Judged[];
  /** Pairs that were not run, and why. */
  readonly skipped: readonly (readonly [string, string])[];
}

/** Results by project; without a file nothing is kept. Lines of several runs may stand in one file. */
export function openKept(path: string | undefined): Map<string, ProjectResult> & {
  keep(result: ProjectResult): void;
} {
  const lines = path !== undefined && existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  const results = new Map(
    lines
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as ProjectResult)
      .map((result) => [result.project, result]),
  );
  return Object.assign(results, {
    keep(result: ProjectResult): void {
      results.set(result.project, result);
      if (path !== undefined) appendFileSync(path, `${JSON.stringify(result)}\n`);
    },
  });
}
