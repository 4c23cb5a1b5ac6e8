/** The main command on a bundled project, in a copy of its own and on an embedded PostgreSQL. */
import { cp, mkdtemp, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExitCode } from '../errors.js';
import { resolveSource } from '../io/resolve-source.js';
import { buildOptions } from '../options.js';
import { migrate, type MigrateContext, type PlannedRun } from './migrate.js';

/** Rewrites the copy as `--yes` would and shows plan, diffs, proof and result. 0 when the run came to its end. */
export async function demo<Plan extends PlannedRun>(
  context: Omit<MigrateContext<Plan>, 'show'>,
): Promise<ExitCode> {
  const folder = await copyProject();
  const { terminal } = context;
  terminal.out(`A copy of the bundled project collections lies in ${folder}\n`);
  terminal.out('There runs: migrate-rpc --db sql --yes --report report.md src\n\n');
  const options = buildOptions(
    [{ label: (key) => key, values: { db: 'sql', yes: true, report: 'report.md', paths: ['src'] } }],
    {
      cwd: folder,
      interactive: false,
      source: (db) => resolveSource(db, {}, folder),
    },
  );
  const code = await migrate(options, { ...context, show: 'diffs' });
  terminal.out(`\nThe rewritten project and report.md lie in ${folder}\n`);
  // What is kept on purpose is part of the show, not a failure of it.
  return code === 1 ? 0 : code;
}

/** The project without its installed packages, which are linked to ours. */
async function copyProject(): Promise<string> {
  const original = fileURLToPath(new URL('../../fixtures/projects/collections', import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), 'migrate-rpc-demo-'));
  await cp(original, folder, { recursive: true, filter: (path) => basename(path) !== 'node_modules' });
  await symlink(installedPackages(), join(folder, 'node_modules'), 'junction');
  return folder;
}

/** The node_modules folder that our own dependencies lie in, also when it is a folder above. */
function installedPackages(): string {
  const { resolve } = createRequire(import.meta.url);
  let folder = dirname(resolve('drizzle-orm'));
  while (basename(folder) !== 'node_modules') folder = dirname(folder);
  return folder;
}
