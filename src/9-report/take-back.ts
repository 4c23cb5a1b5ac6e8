/** How a person undoes what was written, as shell commands. */
import type { Report } from './report-schema.js';

/** What git can do for the changed files. Clean: before the run they were as committed, and all else too. */
export type History = 'clean git' | 'git' | 'none';

/**
 * `git restore` of each changed file and `rm` of each new one; empty when nothing was written.
 * With `short`, many files of a clean tree become the folder that holds them all.
 * Without git there is nothing to restore from: the line says where the old text still stands.
 */
export function takeBackCommands(
  report: Report,
  history: History,
  form: 'full' | 'short' = 'full',
): readonly string[] {
  const { changed, created } = report.files;
  const commands: string[] = [];
  if (changed.length > 0 && history !== 'none') {
    const full = `git restore -- ${changed.map(quote).join(' ')}`;
    const folder = form === 'short' && history === 'clean git' && full.length > longCommand;
    commands.push(folder ? `git restore -- ${quote(commonFolder(changed))}` : full);
  }
  if (changed.length > 0 && history === 'none') {
    const names = changed.join(', ');
    const where = form === 'short' && names.length > longCommand / 2 ? `${changed.length} files` : names;
    commands.push(`# no git repository: undo the diffs of a report in ${where}`);
  }
  if (created.length > 0) commands.push(`rm -- ${created.map(quote).join(' ')}`);
  return commands;
}

/** True for every run that rewrote something. */
export const keepFunctions =
  'The functions must stay in the database until no old instance of the application runs any more.';

/** In characters: about two lines of a terminal. */
const longCommand = 160;

function commonFolder(paths: readonly string[]): string {
  const folders = paths.map((path) => path.split('/').slice(0, -1));
  const first = folders[0] ?? [];
  const differs = first.findIndex((part, depth) => folders.some((folder) => folder[depth] !== part));
  const common = differs === -1 ? first : first.slice(0, differs);
  return common.length === 0 ? '.' : common.join('/');
}

function quote(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
