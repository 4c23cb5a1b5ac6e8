/** The main command on two bundled projects, in copies of their own and on an embedded PostgreSQL. */
import { cp, mkdtemp, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExitCode } from '../errors.js';
import { resolveSource } from '../io/resolve-source.js';
import { buildOptions } from '../options.js';
import { migrate, type MigrateContext, type PlannedRun } from './migrate.js';

interface Show {
  readonly project: string;
  readonly db: string;
  /** The one routine whose calls are shown; null: all. */
  readonly only: string | null;
}

const shows: readonly Show[] = [
  { project: 'collections', db: 'sql', only: null },
  { project: 'storefront', db: 'supabase/migrations', only: 'redeem_coupon' },
];

/** Rewrites the copies as `--yes` would and shows plan, diffs, proof and result. 0 when the runs came to their end. */
export async function demo<Plan extends PlannedRun>(
  context: Omit<MigrateContext<Plan>, 'show'>,
): Promise<ExitCode> {
  for (const show of shows) {
    const code = await run(show, context);
    // What is kept on purpose is part of the show, not a failure of it.
    if (code !== 0 && code !== 1) return code;
  }
  return 0;
}

async function run<Plan extends PlannedRun>(
  { project, db, only }: Show,
  context: Omit<MigrateContext<Plan>, 'show'>,
): Promise<ExitCode> {
  const folder = await copyProject(project);
  const { terminal } = context;
  const filter = only === null ? '' : ` --only ${only}`;
  terminal.out(`A copy of the bundled project ${project} lies in ${folder}\n`);
  terminal.out(`There runs: migrate-rpc --db ${db} --yes${filter} --report report.md src\n\n`);
  const values = { db, yes: true, report: 'report.md', paths: ['src'], ...(only === null ? {} : { only }) };
  const options = buildOptions([{ label: (key) => key, values }], {
    cwd: folder,
    interactive: false,
    source: (name) => resolveSource(name, {}, folder),
  });
  const code = await migrate(options, { ...context, show: 'diffs' });
  terminal.out(`\nThe rewritten project and report.md lie in ${folder}\n\n`);
  return code;
}

/** The project without its installed packages, which are linked to ours. */
async function copyProject(name: string): Promise<string> {
  const original = fileURLToPath(new URL(`../../fixtures/projects/${name}`, import.meta.url));
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
