import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Database } from '../../src/io/database.js';
import { startEmbedded, type EmbeddedDatabase } from '../../src/io/embedded-database.js';
import { loadSqlFiles } from '../../src/io/load-sql-files.js';
import { silentProgress } from '../../src/io/progress.js';
import { readAsOnDiskIfPresent } from '../../src/io/project-files.js';
import { resolveSource, type Source } from '../../src/io/resolve-source.js';
import type { Options } from '../../src/options.js';
import { assembleParts } from '../../src/pipeline/assemble-parts.js';
import { planRun, type Plan } from '../../src/pipeline.js';
import type { Evidence } from '../../src/7-prove/evidence.js';
import { openProgram, type Program } from '../../src/source/open-program.js';
import { refusalFixtures, ruleFixtures, type RuleFixture } from './rule-fixtures.js';

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
  const { state, report } = await planFixture(folder, 'off');
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

/** What the proof says of each site of `input.ts` that is rewritten. */
export async function proveFixture(folder: string): Promise<readonly Evidence[]> {
  const { state } = await planFixture(folder, 'run');
  return state.proven.proposals.map(({ evidence }) => evidence);
}

function planFixture(folder: string, prove: Options['prove']): Promise<Plan> {
  const files = [join(folder, 'schema.sql'), join(folder, 'function.sql')].join(',');
  const options: Options = {
    cwd: folder,
    source: resolveSource(files, {}, folder),
    paths: [join(folder, 'input.ts')],
    mode: 'plan',
    only: [],
    skip: [],
    // A rule about the place says where in its name; all others show the function.
    placement: folder.includes('placement-auto')
      ? 'auto'
      : folder.includes('placement-inline')
        ? 'inline'
        : 'module',
    out: null,
    schema: [join(folder, 'schema.ts')],
    // Routines of several steps name the client that the project exports.
    client: existsSync(join(folder, 'client.ts')) ? [`db@${join(folder, 'client.ts')}`] : [],
    transaction: [],
    prove,
    scratch: null,
    sample: null,
    seed: 1,
    budget: { cases: 300, seconds: 10 },
    applies: 'same',
    skeletons: 'ask',
    reports: [],
    dirtyTree: 'allow',
  };
  return planRun(options, {
    progress: silentProgress,
    openDatabase: openShared,
    openTypes: sharedTypes,
    // The modules of an earlier run would be taken as they are.
    existing: (path) => (path.startsWith(join(folder, 'routines')) ? null : readAsOnDiskIfPresent(path)),
  });
}

let empty: Promise<EmbeddedDatabase> | null = null;

/** One server for all fixtures, emptied after each, since starting one takes half of a fixture's time. */
async function openShared(source: Source): Promise<Database> {
  if (source.kind !== 'files') throw new Error('A fixture is made of files');
  const { label, paths } = source;
  const texts = paths.map((path) => readFileSync(path, 'utf8')).join('\n');
  if (outlivesSchemas.test(texts)) return loadSqlFiles(paths, { label, cwd: '/' });
  return loadSqlFiles(paths, { label, cwd: '/', start: sharedServer });
}

/** What dropping the schemas does not take back. */
const outlivesSchemas =
  /\b(create|alter)\s+(extension|role|user|database|cast|event\s+trigger|publication)\b/i;

async function sharedServer(): Promise<EmbeddedDatabase> {
  empty ??= startEmbedded({ extensions: [] });
  const server = await empty;
  const clear = async (): Promise<void> => {
    for (const statement of emptied) await server.query(statement);
  };
  return { ...server, close: clear, terminate: clear };
}

const emptied = [
  'ROLLBACK',
  'DISCARD ALL',
  `DO $$
DECLARE name text;
BEGIN
  FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
    EXECUTE format('DROP SCHEMA %I CASCADE', name);
  END LOOP;
END $$`,
  'CREATE SCHEMA public AUTHORIZATION pg_database_owner',
  'GRANT USAGE ON SCHEMA public TO PUBLIC',
];

let types: Program | null = null;

/** One program for all fixtures: they have one tsconfig, and most of its cost is drizzle-orm's declarations. */
function sharedTypes({ tsconfig }: Parameters<typeof openProgram>[0]): Program {
  const files = [...ruleFixtures(), ...refusalFixtures()].map(({ folder }) => join(folder, 'input.ts'));
  types ??= openProgram({ tsconfig, files });
  return types;
}
