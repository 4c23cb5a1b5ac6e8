/** The settings of `check`, from flags and from the `check` part of migrate-rpc.config.ts; all problems are told together. */
import { z } from 'zod';
import { MigrateError } from '../errors.js';
import type { Rule, Severity } from '../guard/finding.js';
import type { ChosenRule } from '../guard/check-files.js';
import type { Source } from '../io/resolve-source.js';

export const checkFormats = ['pretty', 'json', 'sarif', 'github', 'junit'] as const;

export interface CheckOptions {
  readonly cwd: string;
  readonly paths: readonly string[];
  readonly format: (typeof checkFormats)[number];
  /** Path of the baseline, or null. */
  readonly baseline: string | null;
  readonly updateBaseline: boolean;
  /** Whether codemods mend what is found. */
  readonly fix: boolean;
  /** A git ref, or null for everything. */
  readonly changed: string | null;
  readonly rules: readonly ChosenRule[];
  /** What the statements reach, or null to look at TypeScript alone. */
  readonly source: Source | null;
  /** Whose statements they are; null is the login of `source`. */
  readonly role: string | null;
}

const settings = z.strictObject({
  paths: z.array(z.string().min(1)).optional(),
  format: z.enum(checkFormats, { error: `must be one of ${checkFormats.join(', ')}` }).optional(),
  baseline: z.string().min(1).optional(),
  updateBaseline: z.boolean().optional(),
  fix: z.boolean().optional(),
  changed: z.string().min(1).optional(),
  db: z.string().min(1).optional(),
  role: z.string().min(1).optional(),
  rules: z.record(z.string(), z.enum(['off', 'warning', 'error'])).optional(),
});

/** `config` is the `check` part of the file, or undefined. Throws one MigrateError that lists every problem. */
export function buildCheckOptions(
  flags: Readonly<Record<string, unknown>>,
  config: { readonly values: unknown; readonly paths: unknown; readonly file: string } | null,
  {
    cwd,
    rules,
    bodyRules,
    source,
  }: {
    readonly cwd: string;
    readonly rules: readonly Rule[];
    /** Those that run only with a database. */
    readonly bodyRules: readonly Rule[];
    readonly source: (db: string) => Source;
  },
): CheckOptions {
  const problems: string[] = [];
  const read = (values: unknown, label: (key: string) => string): z.output<typeof settings> => {
    const checked = settings.safeParse(values ?? {});
    if (checked.success) return checked.data;
    for (const issue of checked.error.issues)
      problems.push(`${label(issue.path.join('.'))}: ${issue.message}`);
    return {};
  };
  const fromFile = read(
    config?.values,
    (key) => `check${key === '' ? '' : `.${key}`} in ${config?.file ?? ''}`,
  );
  const fromFlags = read(flags, (key) => (key === '' ? 'flags' : `--${key}`));
  const filePaths = Array.isArray(config?.paths) ? (config.paths as string[]) : undefined;
  const paths = fromFlags.paths ?? fromFile.paths ?? filePaths ?? [];
  if (paths.length === 0) problems.push('paths: name at least one file or folder to look at');
  const severities = fromFile.rules ?? {};
  for (const id of Object.keys(severities)) {
    if (![...rules, ...bodyRules].some((rule) => rule.id === id))
      problems.push(`check.rules.${id}: there is no such rule`);
  }
  const baseline = fromFlags.baseline ?? fromFile.baseline ?? null;
  if (fromFlags.updateBaseline === true && baseline === null)
    problems.push('--update-baseline: needs --baseline <file>');
  if (fromFlags.updateBaseline === true && fromFlags.changed !== undefined)
    problems.push('--update-baseline: needs all files, so it does not go with --changed');
  if (fromFlags.fix === true && fromFlags.updateBaseline === true)
    problems.push('--fix: does not go with --update-baseline; mend first');
  const db = fromFlags.db ?? fromFile.db ?? null;
  const role = fromFlags.role ?? fromFile.role ?? null;
  if (role !== null && db === null) problems.push('--role: needs --db <source>');
  if (problems.length > 0)
    throw new MigrateError('bad-options', 'Some options are wrong', {
      detail: problems.join('\n'),
      hint: 'Run migrate-rpc check --help for what each option takes.',
    });
  return {
    cwd,
    paths,
    format: fromFlags.format ?? fromFile.format ?? 'pretty',
    baseline,
    updateBaseline: fromFlags.updateBaseline === true,
    fix: fromFlags.fix === true,
    changed: fromFlags.changed ?? null,
    source: db === null ? null : source(db),
    role,
    rules: [...rules, ...(db === null ? [] : bodyRules)].flatMap((rule) => {
      const asked: Severity | 'off' = severities[rule.id] ?? rule.severity;
      return asked === 'off' ? [] : [{ rule, severity: asked }];
    }),
  };
}
