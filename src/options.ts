/**
 * Flags and configuration become one typed value here; every problem is collected before one is told.
 * Pure: nothing is read, and whether a path exists is asked later by who reads it.
 */
import type { ContextEntry } from './config/context-setting.js';
import { notBuiltYet, settingsSchema, type Settings } from './config.js';
import { MigrateError } from './errors.js';
import type { LiveSource, Source } from './io/resolve-source.js';

/** What the main command does, decided. Paths are as the user wrote them, relative to `cwd`. */
export interface Options {
  readonly cwd: string;
  readonly source: Source;
  readonly paths: readonly string[];
  /** plan writes nothing · apply-all asks nothing · review asks for each site. */
  readonly mode: 'plan' | 'apply-all' | 'review';
  /** Routine names, with or without a schema; empty means all. */
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly placement: 'auto' | 'inline' | 'module';
  /** Folder of generated modules, or null for `routines/` beside the client. */
  readonly out: string | null;
  /** Files that declare tables. */
  readonly schema: readonly string[];
  /** `name@path`. */
  readonly client: readonly string[];
  readonly transaction: readonly string[];
  readonly prove: 'run' | 'off';
  /** The server that throw-away databases are made on, or null for the embedded one. */
  readonly scratch: LiveSource | null;
  /** Rows a table that are copied for the proof, or null for made rows alone. */
  readonly sample: number | null;
  /** From which the varied inputs of the proof follow. */
  readonly seed: number;
  /** What the proof of one call may cost: cases, and seconds in which branches are searched. */
  readonly budget: { readonly cases: number; readonly seconds: number };
  /** What `--yes` applies: all that does not differ, or only what is proven. */
  readonly applies: 'same' | 'proven';
  /** Whether incomplete translations are applied without being asked for. */
  readonly skeletons: 'ask' | 'apply';
  /** What gives the caller's identity at the calls; left out: nothing does. */
  readonly context?: readonly ContextEntry[];
  /** The limit on the rows of a set that requests had and queries keep; null or left out: none. */
  readonly maxRows?: number | null;
  readonly reports: readonly ReportFile[];
  /** What to do about uncommitted changes. */
  readonly dirtyTree: 'refuse' | 'allow';
}

export interface ReportFile {
  readonly path: string;
  readonly format: 'json' | 'markdown';
}

export interface SettingsLayer {
  /** Names a key as its user wrote it: `--dry-run`, or `dryRun in migrate-rpc.config.ts`. */
  readonly label: (key: string) => string;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Checks the layers (the first wins, key by key) and gives the options.
 * Throws one MigrateError (exit 2) that lists every problem.
 */
export function buildOptions(
  layers: readonly SettingsLayer[],
  surroundings: {
    readonly cwd: string;
    readonly interactive: boolean;
    readonly source: (db: string | undefined) => Source;
  },
): Options {
  const problems: string[] = [];
  const settings: Settings = {};
  for (const layer of layers.toReversed()) {
    Object.assign(settings, checkLayer(layer, problems));
  }
  const reports = (settings.report ?? []).flatMap((path) => reportFile(path, problems));
  if ((settings.paths ?? []).length === 0)
    problems.push('paths: name at least one file or folder to look at');
  if (settings.skeletons === true && settings.yes !== true && settings.dryRun !== true) {
    problems.push('--skeletons: needs --yes; the review asks for each incomplete translation');
  }
  const scratch = scratchSource(settings.scratch, surroundings.source, problems);
  if (settings.requireProven === true && settings.prove === false) {
    problems.push('--require-proven: needs the proof; leave --no-prove out');
  }
  if (problems.length > 0) {
    throw new MigrateError(
      'bad-options',
      problems.length === 1 ? 'One option is wrong' : 'Some options are wrong',
      {
        detail: problems.join('\n'),
        hint: 'Run migrate-rpc --help for what each option takes.',
      },
    );
  }
  const mode = settings.dryRun === true ? 'plan' : settings.yes === true ? 'apply-all' : 'review';
  if (mode === 'review' && !surroundings.interactive) {
    throw new MigrateError('no-terminal', 'There is no terminal to review the changes in', {
      hint: 'Add --yes to apply all that is complete, or --dry-run to see the plan.',
    });
  }
  return {
    cwd: surroundings.cwd,
    source: surroundings.source(settings.db),
    paths: settings.paths ?? [],
    mode,
    only: settings.only ?? [],
    skip: settings.skip ?? [],
    placement: settings.placement ?? 'auto',
    out: settings.out ?? null,
    schema: settings.schema ?? [],
    client: settings.client ?? [],
    transaction: settings.transaction ?? [],
    prove: settings.prove === false ? 'off' : 'run',
    scratch,
    sample: settings.sample ?? null,
    seed: settings.seed ?? 1,
    budget: settings.budget ?? { cases: 300, seconds: 10 },
    applies: settings.requireProven === true ? 'proven' : 'same',
    skeletons: settings.skeletons === true ? 'apply' : 'ask',
    context: settings.context ?? [],
    maxRows: settings.maxRows ?? null,
    reports,
    dirtyTree: settings.force === true ? 'allow' : 'refuse',
  };
}

function checkLayer(layer: SettingsLayer, problems: string[]): Settings {
  const values: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(layer.values)) {
    if (value === undefined) continue;
    if (Object.hasOwn(notBuiltYet, key)) {
      problems.push(`${layer.label(key)}: ${notBuiltYet[key as keyof typeof notBuiltYet]} is not built yet`);
    } else values[key] = value;
  }
  const checked = settingsSchema.safeParse(values);
  if (checked.success) return checked.data;
  for (const issue of checked.error.issues) {
    const key = issue.path.map(String)[0];
    const wrong = issue.code === 'unrecognized_keys' ? issue.keys : key === undefined ? [] : [key];
    const message = issue.code === 'unrecognized_keys' ? 'no such setting' : issue.message;
    for (const one of wrong) {
      problems.push(`${layer.label(one)}: ${message}`);
      // The rest is still checked, so that a good value is not reported as missing.
      delete values[one];
    }
  }
  return settingsSchema.safeParse(values).data ?? {};
}

function scratchSource(
  given: string | undefined,
  resolve: (db: string | undefined) => Source,
  problems: string[],
): LiveSource | null {
  if (given === undefined) return null;
  try {
    const source = /^\s*(env:|postgres(ql)?:\/\/)/i.test(given) ? resolve(given) : null;
    if (source?.kind === 'url') return source;
    problems.push('--scratch: must be a PostgreSQL URL, or env:NAME of a variable that holds one');
  } catch (error) {
    if (!(error instanceof MigrateError)) throw error;
    problems.push(`--scratch: ${error.message}${error.detail === null ? '' : ` (${error.detail})`}`);
  }
  return null;
}

function reportFile(path: string, problems: string[]): ReportFile[] {
  const extension = /\.[^./\\]+$/.exec(path)?.[0]?.toLowerCase();
  if (extension === '.json') return [{ path, format: 'json' }];
  if (extension === '.md') return [{ path, format: 'markdown' }];
  problems.push(
    extension === '.html'
      ? `--report ${path}: reports as .html are not built yet; use .json or .md`
      : `--report ${path}: the extension must be .json or .md`,
  );
  return [];
}
