/** `check`: finds what fails, hangs, leaks or lies between Drizzle, the drivers and a pooler. Only a baseline and --fix write. */
import { relative, resolve, sep } from 'node:path';
import type { ExitCode } from '../errors.js';
import { checkPaths } from '../guard/check-paths.js';
import { formatGithub } from '../guard/formats/format-github.js';
import { formatJson } from '../guard/formats/format-json.js';
import { formatJunit } from '../guard/formats/format-junit.js';
import { formatPretty } from '../guard/formats/format-pretty.js';
import { formatSarif } from '../guard/formats/format-sarif.js';
import type { ShownFinding } from '../guard/formats/shown-finding.js';
import { bodyRules } from '../guard/body-rules.js';
import type { BodyDatabase } from '../guard/bodies/body-database.js';
import { readBodyDatabase } from '../guard/bodies/read-body-database.js';
import { rules } from '../guard/rules.js';
import { openCheckCache } from '../io/check-cache.js';
import { codeDigest } from '../io/code-digest.js';
import { openSource } from '../io/open-source.js';
import { readGitChanges } from '../io/git-changes.js';
import { listSourceFiles } from '../io/list-source-files.js';
import { readTextIfPresent } from '../io/project-files.js';
import type { Terminal } from '../io/terminal.js';
import { readFiles } from '../io/workspace.js';
import { loadSqlParser } from '../sql/load-sql-parser.js';
import type { Interrupts } from './interrupts.js';
import { applyBaseline } from './check-baseline.js';
import { fixFound } from './check-fix.js';
import type { CheckOptions } from './check-options.js';

export interface CheckContext {
  readonly terminal: Terminal;
  readonly version: string;
  /** Runs the writing of files, which no signal may cut in two. */
  readonly hold: Interrupts['hold'];
}

/** 1 when something is found that the baseline does not accept, else 0. User mistakes leave as MigrateError. */
export async function check(
  options: CheckOptions,
  { terminal, version, hold }: CheckContext,
): Promise<ExitCode> {
  const { cwd } = options;
  const name = (path: string): string => relative(cwd, path).split(sep).join('/');
  const [listed, differing] = await Promise.all([
    listSourceFiles(options.paths, cwd),
    options.changed === null ? null : readGitChanges(cwd, options.changed),
  ]);
  const changed = differing !== null && concernsAll(differing, options) ? null : differing;
  const database = await openBodies(options, name);
  const find = () =>
    checkPaths({
      files: listed.files,
      cwd,
      rules: options.rules,
      changed,
      cache: openCheckCache(cwd),
      code: codeDigest(['1-read', '2-find', '3-parse', 'guard', 'source', 'sql']),
      database,
    });
  let result = await find();
  let { fresh, notes } = await applyBaseline(options, result.findings, name);
  if (options.fix && (await fixFound(options, { findings: fresh, database, terminal, hold, name }))) {
    result = await find();
    ({ fresh, notes } = await applyBaseline(options, result.findings, name));
  }
  const shown = fresh.map((finding) => ({ ...finding, shownFile: name(finding.file) }));
  terminal.out(render(shown, options, terminal, version));
  const summary = [
    `${many(shown.length, 'finding')} in ${many(new Set(shown.map(({ file }) => file)).size, 'file')}`,
    `${many(result.looked, 'file')} of ${listed.files.length} looked at`,
    ...notes,
    ...rightsNote(options, database),
  ];
  const line = `${summary.join(', ')}.\n`;
  if (options.format === 'pretty') terminal.out(line);
  else terminal.err(line);
  return shown.length > 0 ? 1 : 0;
}

/** Every file depends on the settings, on what is installed, and with SQL files on these. */
function concernsAll(changed: ReadonlySet<string>, { source }: CheckOptions): boolean {
  const settings =
    /[\\/](?:tsconfig[^\\/]*\.json|migrate-rpc\.config\.\w+|package-lock\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lock)$/;
  const sql = new Set(source?.kind === 'files' ? source.paths : []);
  return [...changed].some((path) => settings.test(path) || sql.has(path));
}

/** The login of a database made of SQL files owns everything in it, so that nothing is missing. */
function rightsNote({ role }: CheckOptions, database: BodyDatabase | null): readonly string[] {
  if (database === null || role !== null || !database.bypassing.has(database.role.name)) return [];
  return [
    `rights and policies not judged, since ${database.role.name} may do anything (--role names a login)`,
  ];
}

/** The database is only read, and closed before this returns. */
async function openBodies(
  { source, role, cwd }: CheckOptions,
  name: (path: string) => string,
): Promise<BodyDatabase | null> {
  if (source === null) return null;
  const database = await openSource(source);
  try {
    const texts = source.kind === 'files' ? [...readFiles(source.paths)] : [];
    await loadSqlParser();
    return await readBodyDatabase({
      database,
      role,
      files: texts.map(([path, text]) => ({ name: name(resolve(cwd, path)), text })),
    });
  } finally {
    await database.close();
  }
}

function render(
  findings: readonly ShownFinding[],
  options: CheckOptions,
  terminal: Terminal,
  version: string,
): string {
  switch (options.format) {
    case 'json':
      return formatJson(findings);
    case 'sarif':
      return formatSarif(findings, [...rules, ...bodyRules], version);
    case 'github':
      return formatGithub(findings);
    case 'junit':
      return formatJunit(findings);
    case 'pretty':
      return formatPretty(findings, readTextIfPresent, terminal.palette);
  }
}

function many(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
