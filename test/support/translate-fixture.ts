import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { settingsSchema } from '../../src/config.js';
import { silentProgress } from '../../src/io/progress.js';
import { readAsOnDiskIfPresent } from '../../src/io/project-files.js';
import { resolveSource } from '../../src/io/resolve-source.js';
import type { Options } from '../../src/options.js';
import { assembleParts } from '../../src/pipeline/assemble-parts.js';
import { planRun, type Plan, type Ports } from '../../src/pipeline.js';
import type { Evidence } from '../../src/7-prove/evidence.js';
import { openProgram, type Program } from '../../src/source/open-program.js';
import { refusalFixtures, ruleFixtures, type RuleFixture } from './rule-fixtures.js';
import { openShared } from './shared-server.js';

export interface TranslatedFixture {
  /** Text of `input.ts` after the rewriting, or null when nothing was rewritten. */
  readonly text: string | null;
  /** Generated files by their path from the fixture's folder. */
  readonly made: ReadonlyMap<string, string>;
  /** Status and reason of each call site. */
  readonly sites: readonly {
    readonly status: string;
    readonly reason: string;
    readonly detail: string;
    /** Of the body, and what stands there. */
    readonly line: number | null;
    readonly text: string | null;
  }[];
}

/** What the program makes of `input.ts`. Nothing is proven, and nothing is written. */
export async function translateFixture(fixture: Pick<RuleFixture, 'folder'>): Promise<TranslatedFixture> {
  const { folder } = fixture;
  const file = join(folder, 'input.ts');
  const { state, report } = await planFixture(folder, 'off');
  const { proposals } = state.proven;
  const changes = assembleParts(proposals.filter(({ draft }) => draft.completeness === 'complete'));
  const sites = report.callSites.map(({ status, reason }, index) => {
    // Only a person takes what is left to finish by hand.
    const { draft } = report.callSites.length === proposals.length ? (proposals[index] ?? {}) : {};
    if (draft?.completeness === 'skeleton') return unfinished(draft.todos[0] ?? '');
    return {
      status,
      reason: reason?.id ?? '',
      detail: reason?.detail ?? '',
      line: reason?.line ?? null,
      text: reason?.text ?? null,
    };
  });
  const made = changes
    .filter(({ before }) => before === null)
    .map(({ path, after }) => [relative(folder, path), after] as const);
  return { text: changes.find(({ path }) => path === file)?.after ?? null, made: new Map(made), sites };
}

/** `line 6: CALL add(v) (why)` */
function unfinished(todo: string): TranslatedFixture['sites'][number] {
  const [, line = '', text = '', detail = ''] = /^line (\d+): (.*) \(([^()]*)\)$/s.exec(todo) ?? [];
  return { status: 'skeleton', reason: 'unsupported', detail, line: Number(line), text };
}

/** What the proof says of each site of `input.ts` that is rewritten. */
export async function proveFixture(folder: string): Promise<readonly Evidence[]> {
  const { state } = await planFixture(folder, 'run');
  return state.proven.proposals.map(({ evidence }) => evidence);
}

/** The run on `input.ts` as planned, its report among it. */
export function planFixture(
  folder: string,
  prove: Options['prove'],
  others: Pick<Ports, 'askIdentity'> = {},
): Promise<Plan> {
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
    ...configurationOf(folder),
    dirtyTree: 'allow',
  };
  return planRun(options, {
    ...others,
    progress: silentProgress,
    openDatabase: openShared,
    openTypes: sharedTypes,
    // The modules of an earlier run would be taken as they are.
    existing: (path) => (path.startsWith(join(folder, 'routines')) ? null : readAsOnDiskIfPresent(path)),
  });
}

/** What the configuration of a fixture says, where it has one. */
function configurationOf(folder: string): Pick<Options, 'context' | 'maxRows'> {
  const path = join(folder, 'config.json');
  const given: unknown = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  const { context = [], maxRows = null } = settingsSchema.parse(given);
  return { context, maxRows };
}

let types: Program | null = null;

/** One program for all fixtures: they have one tsconfig, and most of its cost is drizzle-orm's declarations. */
function sharedTypes({ tsconfig }: Parameters<typeof openProgram>[0]): Program {
  const files = [...ruleFixtures(), ...refusalFixtures()].map(({ folder }) => join(folder, 'input.ts'));
  types ??= openProgram({ tsconfig, files });
  return types;
}
