/** `check`: finds what fails, hangs, leaks or lies between Drizzle, the drivers and a pooler. Writes only a baseline. */
import { dirname, relative, resolve, sep } from 'node:path';
import type { ExitCode } from '../errors.js';
import { MigrateError } from '../errors.js';
import { compareBaseline, makeBaseline, parseBaseline } from '../guard/baseline.js';
import { checkPaths } from '../guard/check-paths.js';
import type { Finding } from '../guard/finding.js';
import { fixFindings } from '../guard/fix-findings.js';
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
import { loadCodemod } from '../io/load-codemod.js';
import { findAbove, readTextIfPresent } from '../io/project-files.js';
import { writeReportFile } from '../io/report-file.js';
import { acquireRunLock, stateFolder } from '../io/run-lock.js';
import type { Terminal } from '../io/terminal.js';
import { readFiles } from '../io/workspace.js';
import { writeFiles } from '../io/write-files.js';
import { loadSqlParser } from '../sql/load-sql-parser.js';
import type { CheckOptions } from './check-options.js';

/** 1 when something is found that the baseline does not accept, else 0. User mistakes leave as MigrateError. */
export async function check(options: CheckOptions, terminal: Terminal, version: string): Promise<ExitCode> {
  const { cwd } = options;
  const name = (path: string): string => relative(cwd, path).split(sep).join('/');
  const [listed, changed] = await Promise.all([
    listSourceFiles(options.paths, cwd),
    options.changed === null ? null : readGitChanges(cwd, options.changed),
  ]);
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
  if (options.fix && (await fix(options, fresh, terminal, name))) {
    result = await find();
    ({ fresh, notes } = await applyBaseline(options, result.findings, name));
  }
  const shown = fresh.map((finding) => ({ ...finding, shownFile: name(finding.file) }));
  terminal.out(render(shown, options, terminal, version));
  const summary = [
    `${many(shown.length, 'finding')} in ${many(new Set(shown.map(({ file }) => file)).size, 'file')}`,
    `${many(result.looked, 'file')} of ${listed.files.length} looked at`,
    ...notes,
  ];
  const line = `${summary.join(', ')}.\n`;
  if (options.format === 'pretty') terminal.out(line);
  else terminal.err(line);
  return shown.length > 0 ? 1 : 0;
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

/** Whether files were changed. What is left is said with its reason. */
async function fix(
  { cwd, rules: chosen }: CheckOptions,
  findings: readonly Finding[],
  terminal: Terminal,
  name: (path: string) => string,
): Promise<boolean> {
  await loadSqlParser();
  const { changes, left } = await fixFindings({ findings, cwd, rules: chosen, load: loadCodemod });
  for (const { file, reason } of left) terminal.err(`${name(file)} ${reason}\n`);
  if (changes.length === 0) return false;
  const root = findAbove('package.json', cwd)[0];
  const folder = root === undefined ? cwd : dirname(root);
  const lock = await acquireRunLock(folder);
  try {
    await writeFiles(changes, stateFolder(folder));
  } finally {
    await lock.release();
  }
  terminal.err(`${many(changes.length, 'file')} mended; \`git diff\` shows how.\n`);
  return true;
}

async function applyBaseline(
  options: CheckOptions,
  findings: readonly Finding[],
  name: (path: string) => string,
): Promise<{ readonly fresh: readonly Finding[]; readonly notes: readonly string[] }> {
  if (options.baseline === null) return { fresh: findings, notes: [] };
  const path = resolve(options.cwd, options.baseline);
  const text = readTextIfPresent(path);
  if (options.updateBaseline) {
    await writeReportFile(path, `${JSON.stringify(makeBaseline(findings, name), null, 2)}\n`);
    return { fresh: [], notes: [`${findings.length} kept in ${options.baseline}`] };
  }
  if (text === null)
    throw new MigrateError('no-baseline', `${options.baseline} cannot be read`, {
      hint: 'Make it with --update-baseline, which accepts what is found today.',
    });
  const { fresh, accepted, mended } = compareBaseline(parseBaseline(text, options.baseline), findings, name);
  const gone =
    options.changed !== null || mended === 0 ? [] : [`${mended} mended (--update-baseline removes them)`];
  return { fresh, notes: [`${accepted} accepted by ${options.baseline}`, ...gone] };
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
