/** The pairs that the proof runs for the calls of a folder, made as the program makes them. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createJiti } from 'jiti';
import type { Driver } from '../../src/1-read/user-project.js';
import { atMostOne } from '../../src/4-classify/at-most-one.js';
import { readChecks } from '../../src/7-prove/read-checks.js';
import { silentProgress } from '../../src/io/progress.js';
import { readAsOnDiskIfPresent } from '../../src/io/project-files.js';
import { loadSqlFiles } from '../../src/io/load-sql-files.js';
import { resolveSource } from '../../src/io/resolve-source.js';
import { isSupabaseProject, supabaseBase } from '../../src/io/supabase-base.js';
import { contextSetting } from '../../src/config/context-setting.js';
import type { Options } from '../../src/options.js';
import { bodiesOf } from '../../src/pipeline/proof-bench.js';
import { isProvable, preparePair, textsOf } from '../../src/pipeline/prepare-pair.js';
import { planRun } from '../../src/pipeline.js';
import { openProgram, type Program } from '../../src/source/open-program.js';
import type { Pair } from '../../src/7-prove/pair.js';
import { openShared } from '../../test/support/shared-server.js';
import { randomPair } from './random-pair.js';

export interface PlannedPair {
  /** `update/by-key`, or `collections src/services/jobs.ts:12`. */
  readonly id: string;
  /** Both sides with the inputs of a column: `seed 1`, or `random` for those that are drawn at random. */
  of(inputs: string): Pair;
  /** Whether it may give more than one row. */
  readonly several: boolean;
  /** What the site's client speaks to the database with. */
  readonly driver: Driver;
}

export interface Project {
  readonly id: string;
  readonly folder: string;
  readonly sql: readonly string[];
  readonly paths: readonly string[];
  readonly schema: readonly string[];
  readonly client: readonly string[];
}

/** `fixtures/rules/<rule>/<case>` as a project of its own. */
export function ruleProject(id: string, folder: string): Project {
  return {
    id,
    folder,
    sql: ['schema.sql', 'function.sql'].map((name) => join(folder, name)),
    paths: [join(folder, 'input.ts')],
    schema: [join(folder, 'schema.ts')],
    client: existsSync(join(folder, 'client.ts')) ? [`db@${join(folder, 'client.ts')}`] : [],
  };
}

/** A folder with `src/` and `sql/` or `supabase/migrations/`, as in fixtures/projects. */
export function wholeProject(id: string, folder: string): Project {
  const own = join(folder, 'sql');
  const from = existsSync(own) ? own : join(folder, 'supabase', 'migrations');
  const sql = readdirSync(from)
    .sort()
    .map((name) => join(from, name));
  return { id, folder, sql, paths: [join(folder, 'src')], schema: [], client: [] };
}

/** SQL that makes the project's database from an empty one that has no extensions. */
export function setupOf({ sql }: Project): readonly string[] {
  const base = supabaseBase.replace(/^CREATE EXTENSION [^;]*;$/gm, '');
  return [...(isSupabaseProject(sql) ? [base] : []), ...sql.map((path) => readFileSync(path, 'utf8'))];
}

async function contextOf({ folder }: Project): Promise<Options['context']> {
  const file = join(folder, 'migrate-rpc.config.ts');
  if (!existsSync(file)) return [];
  const config = await createJiti(import.meta.url).import<{ readonly context?: unknown }>(file, {
    default: true,
  });
  return contextSetting.parse(config.context ?? {});
}

let types: Program | null = null;

export async function planPairs(
  project: Project,
  { seeds, budget }: { readonly seeds: readonly number[]; readonly budget: Options['budget'] },
): Promise<readonly PlannedPair[]> {
  const { folder } = project;
  const [seed = 1] = seeds;
  let checks: Awaited<ReturnType<typeof readChecks>> = new Map();
  const options: Options = {
    cwd: folder,
    source: resolveSource(project.sql.join(','), {}, folder),
    paths: project.paths,
    mode: 'plan',
    only: [],
    skip: [],
    placement: 'auto',
    out: null,
    schema: project.schema,
    client: project.client,
    transaction: [],
    prove: 'off',
    scratch: null,
    sample: null,
    seed,
    budget,
    applies: 'same',
    skeletons: 'ask',
    context: (await contextOf(project)) ?? [],
    reports: [],
    dirtyTree: 'allow',
  };
  const { state } = await planRun(options, {
    progress: silentProgress,
    async openDatabase(source) {
      const db = isSupabaseProject(project.sql)
        ? await loadSqlFiles(project.sql, { label: project.id, cwd: folder })
        : await openShared(source);
      checks = await readChecks(db);
      return db;
    },
    // Fixtures have one tsconfig, and most of its cost is drizzle-orm's declarations.
    openTypes: project.schema.length === 0 ? openProgram : (given) => (types ??= openProgram(given)),
    existing: (path) => (path.startsWith(join(folder, 'routines')) ? null : readAsOnDiskIfPresent(path)),
  });
  return state.proven.proposals.flatMap((proposal) => {
    if (!isProvable(proposal)) return [];
    const texts = textsOf(proposal);
    if (typeof texts === 'string') return [];
    const input = { catalog: state.catalog, checks, bodies: bodiesOf(state.judged) };
    const aimed = (own: number): Pair =>
      preparePair(proposal, texts, { ...input, options: { seed: own, budget } }).pair;
    const random = (): Pair => randomPair(proposal, aimed(seed), { ...input, options: { seed, budget } });
    const id = project.schema.length === 0 ? `${project.id} ${proposal.site.site.id}` : project.id;
    const of = (inputs: string): Pair => (inputs === 'random' ? random() : aimed(Number(inputs.slice(5))));
    const { verdict } = proposal;
    const one = verdict.kind === 'single-statement' && atMostOne(verdict.statement, state.catalog);
    return [
      {
        id,
        of,
        several: proposal.site.routine.returnsSet && !one,
        driver: proposal.use.client.driver ?? 'node-postgres',
      },
    ];
  });
}
