/**
 * The types stage: what the compiler has against the changed files that it had not against the old ones, and which
 * sites are to blame. Everything happens in memory.
 */
import type { ts } from 'ts-morph';
import type { FileChange } from '../6-rewrite/site-plan.js';
import { newDiagnostics, type Diagnostic } from '../source/diagnostics.js';
import type { Program } from '../source/open-program.js';

export interface NewDiagnostic {
  readonly file: string;
  /** `2322`, without `TS`. */
  readonly code: number;
  readonly message: string;
  /** 1-based, in the new text. */
  readonly line: number;
  /** The sites to keep for it: never empty for a changed file. */
  readonly siteIds: readonly string[];
}

/**
 * Diagnostics that the changes bring, under the user's own compiler options. A diagnostic belongs to the sites
 * whose edits cover its line, else to those in the same function, else to all of the file.
 * @param alsoCheck absolute paths of unchanged files that use the changed ones.
 * @param inspect is given the compiler's program of the changed texts.
 */
export function checkTypes(
  program: Program,
  changes: readonly FileChange[],
  alsoCheck: readonly string[] = [],
  inspect?: (program: ts.Program) => void,
): readonly NewDiagnostic[] {
  if (changes.length === 0) return [];
  const files = [...new Set([...changes.map(({ path }) => path), ...alsoCheck])];
  const before = program.diagnostics(files);
  const after = program.withTexts(
    changes.map(({ path, after: text }) => ({ path, text })),
    files,
    inspect,
  );
  const everySite = [...new Set(changes.flatMap(({ sites = [] }) => sites.map(({ siteId }) => siteId)))];
  return newDiagnostics(before, after).map((diagnostic) => ({
    file: diagnostic.file,
    code: diagnostic.code,
    message: diagnostic.message,
    line: diagnostic.line,
    siteIds: toBlame(diagnostic, changes) ?? everySite,
  }));
}

function toBlame(diagnostic: Diagnostic, changes: readonly FileChange[]): readonly string[] | null {
  const sites = changes.find(({ path }) => path === diagnostic.file)?.sites ?? [];
  const { line } = diagnostic;
  const covering = sites.filter(({ first, last }) => first <= line && line <= last);
  const near = sites.filter(({ scope }) => scope.first <= line && line <= scope.last);
  const chosen = [covering, near, sites].find((group) => group.length > 0);
  return chosen === undefined ? null : [...new Set(chosen.map(({ siteId }) => siteId))];
}
