import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Database } from '../../src/io/database.js';
import { startEmbedded } from '../../src/io/embedded-database.js';
import { loadSqlFiles } from '../../src/io/load-sql-files.js';
import { silentProgress } from '../../src/io/progress.js';
import { readAsOnDiskIfPresent } from '../../src/io/project-files.js';
import { resolveSource, type Source } from '../../src/io/resolve-source.js';
import type { Options } from '../../src/options.js';
import { assembleParts } from '../../src/pipeline/assemble-parts.js';
import { planRun } from '../../src/pipeline.js';
import { openProgram, type Program } from '../../src/source/open-program.js';
import type { RuleFixture } from './rule-fixtures.js';

export interface TranslatedFixture {
  /** Text of `input.ts` after the rewriting, or null when nothing was rewritten. */
  readonly text: string | null;
  /** Generated files by their path from the fixture's folder. */
  readonly made: ReadonlyMap<string, string>;
  /** Status and reason of each call site. */
  readonly sites: readonly { readonly status: string; readonly reason: string; readonly detail: string }[];
}

/** What the program makes of `input.ts`. Nothing is proven, and nothing is written. */
export async function translateFixture(fixture: Pick<RuleFixture, 'folder'>): Promise<TranslatedFixture> {
  const { folder } = fixture;
  const file = join(folder, 'input.ts');
  const files = [join(folder, 'schema.sql'), join(folder, 'function.sql')].join(',');
  const options: Options = {
    cwd: folder,
    source: resolveSource(files, {}, folder),
    paths: [file],
    mode: 'plan',
    only: [],
    skip: [],
    placement: 'auto',
    out: null,
    schema: [join(folder, 'schema.ts')],
    // Routines of several steps name the client that the project exports.
    client: existsSync(join(folder, 'client.ts')) ? [`db@${join(folder, 'client.ts')}`] : [],
    transaction: [],
    prove: 'off',
    skeletons: 'ask',
    reports: [],
    dirtyTree: 'allow',
  };
  const { state, report } = await planRun(options, {
    progress: silentProgress,
    openDatabase: openFromBase,
    openTypes: sharedTypes,
    // The modules of an earlier run would be taken as they are.
    existing: (path) => (path.startsWith(join(folder, 'routines')) ? null : readAsOnDiskIfPresent(path)),
  });
  const changes = assembleParts(state.proven.proposals);
  const sites = report.callSites.map(({ status, reason }) => ({
    status,
    reason: reason?.id ?? '',
    detail: reason?.detail ?? '',
  }));
  const made = changes
    .filter(({ before }) => before === null)
    .map(({ path, after }) => [relative(folder, path), after] as const);
  return { text: changes.find(({ path }) => path === file)?.after ?? null, made: new Map(made), sites };
}

let base: Promise<Uint8Array> | null = null;

/** An embedded server starts about eight times faster from the dump of an empty one. */
async function openFromBase(source: Source): Promise<Database> {
  if (source.kind !== 'files') throw new Error('A fixture is made of files');
  base ??= emptyServer();
  return loadSqlFiles(source.paths, { label: source.label, cwd: '/', dataDir: await base });
}

async function emptyServer(): Promise<Uint8Array> {
  const server = await startEmbedded({ extensions: [] });
  try {
    return await server.dump();
  } finally {
    await server.terminate();
  }
}

let types: Program | null = null;

/** One program for all fixtures: they have one tsconfig, and most of its cost is drizzle-orm's declarations. */
function sharedTypes(options: Parameters<typeof openProgram>[0]): Program {
  types ??= openProgram(options);
  return types;
}
