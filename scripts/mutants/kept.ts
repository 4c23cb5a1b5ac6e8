/** What was found of each project, one JSON line each, so that a run goes on where another one ended. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { RunMutant } from './tally.js';

export interface ProjectResult {
  readonly project: string;
  /** Kinds of inputs that it was run with. */
  readonly columns: readonly string[];
  readonly judged: readonly RunMutant[];
  /** Pairs that were not run, and why. */
  readonly skipped: readonly (readonly [string, string])[];
}

export interface Kept {
  /** All that is known of a project. */
  of(project: string): ProjectResult;
  keep(result: ProjectResult): void;
}

/** Without a file nothing is kept. Lines of several runs may stand in one file, and those of columns add up. */
export function openKept(path: string | undefined): Kept {
  const results = new Map<string, ProjectResult>();
  const add = (result: ProjectResult): void => {
    const { project } = result;
    const known = results.get(project);
    // Of a column that was run twice the last run holds.
    const before = known?.judged.filter(({ inputs }) => !result.columns.includes(inputs)) ?? [];
    const skipped = new Map([...(known?.skipped ?? []), ...result.skipped]);
    results.set(project, {
      project,
      columns: [...new Set([...(known?.columns ?? []), ...result.columns])],
      judged: [...before, ...result.judged],
      skipped: [...skipped],
    });
  };
  const lines = path !== undefined && existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  for (const line of lines) if (line !== '') add(JSON.parse(line) as ProjectResult);
  return {
    of: (project) => results.get(project) ?? { project, columns: [], judged: [], skipped: [] },
    keep(result) {
      add(result);
      if (path !== undefined) appendFileSync(path, `${JSON.stringify(result)}\n`);
    },
  };
}
