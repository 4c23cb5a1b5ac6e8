/** `check --fix`: what codemods mend is written, all files or none; what they leave is said. */
import { dirname } from 'node:path';
import { compareBaseline } from '../guard/baseline.js';
import type { BodyDatabase } from '../guard/bodies/body-database.js';
import type { Finding } from '../guard/finding.js';
import { fixFindings } from '../guard/fix-findings.js';
import { loadCodemod } from '../io/load-codemod.js';
import { findAbove } from '../io/project-files.js';
import { acquireRunLock, stateFolder } from '../io/run-lock.js';
import type { Terminal } from '../io/terminal.js';
import { type Change, writeFiles } from '../io/write-files.js';
import { loadSqlParser } from '../sql/load-sql-parser.js';
import { readBaseline } from './check-baseline.js';
import type { CheckOptions } from './check-options.js';
import type { Interrupts } from './interrupts.js';
import { openRpcOptions } from './rpc-options.js';

export interface FixContext {
  readonly terminal: Terminal;
  /** Runs what no signal may cut in two. */
  readonly hold: Interrupts['hold'];
  readonly findings: readonly Finding[];
  readonly database: BodyDatabase | null;
  /** How a path is shown. */
  readonly name: (path: string) => string;
}

/** Whether files were changed. What is left is said with its reason. */
export async function fixFound(
  options: CheckOptions,
  { findings, database, terminal, hold, name }: FixContext,
): Promise<boolean> {
  await loadSqlParser();
  const { cwd } = options;
  const baseline = readBaseline(options);
  const { changes, left } = await fixFindings({
    findings,
    cwd,
    rules: options.rules,
    database,
    load: loadCodemod,
    options: openRpcOptions(cwd, database),
    fresh: (found) => (baseline === null ? found : compareBaseline(baseline, found, name).fresh),
  });
  for (const { file, reason } of left) terminal.err(`${name(file)} ${reason}\n`);
  if (changes.length === 0) return false;
  await hold(() => write(changes, cwd));
  terminal.err(
    `${changes.length} ${changes.length === 1 ? 'file' : 'files'} mended; \`git diff\` shows how.\n`,
  );
  return true;
}

async function write(changes: readonly Change[], cwd: string): Promise<void> {
  const root = findAbove('package.json', cwd)[0];
  const folder = root === undefined ? cwd : dirname(root);
  const lock = await acquireRunLock(folder);
  try {
    await writeFiles(changes, stateFolder(folder));
  } finally {
    await lock.release();
  }
}
