/** How a person undoes what was written, as shell commands. */
import type { Report } from './report-schema.js';

/** What a version control system can do for the changed files. */
export type History = 'git' | 'none';

/**
 * `git restore` of each changed file and `rm` of each new one; empty when nothing was written.
 * Without git there is nothing to restore from: the sentence says where the old text still stands.
 */
export function takeBackCommands(report: Report, history: History): readonly string[] {
  const { changed, created } = report.files;
  const commands: string[] = [];
  if (changed.length > 0 && history === 'git')
    commands.push(`git restore -- ${changed.map(quote).join(' ')}`);
  if (changed.length > 0 && history === 'none') {
    commands.push(`# no git repository: undo the diffs of the report in ${changed.join(', ')}`);
  }
  if (created.length > 0) commands.push(`rm -- ${created.map(quote).join(' ')}`);
  return commands;
}

/** True for every run that rewrote something. */
export const keepFunctions =
  'The functions must stay in the database until no old instance of the application runs any more.';

function quote(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
