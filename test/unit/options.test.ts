import { describe, expect, it } from 'vitest';
import { notBuiltYet } from '../../src/config.js';
import { MigrateError } from '../../src/errors.js';
import type { Source } from '../../src/io/resolve-source.js';
import { buildOptions, type Options } from '../../src/options.js';

const source: Source = { kind: 'files', paths: ['/x/a.sql'], label: 'a.sql' };
const flag = (key: string): string => `--${key}`;

function build(
  flags: Readonly<Record<string, unknown>>,
  given: { config?: Readonly<Record<string, unknown>>; interactive?: boolean } = {},
): Options {
  return buildOptions(
    [
      { label: flag, values: flags },
      { label: (key) => `${key} in migrate-rpc.config.ts`, values: given.config ?? {} },
    ],
    { cwd: '/x', interactive: given.interactive ?? true, source: () => source },
  );
}

function refusal(run: () => unknown): MigrateError {
  try {
    run();
  } catch (error) {
    if (error instanceof MigrateError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('buildOptions', () => {
  it('has a value for everything that is left out', () => {
    expect(build({ paths: ['src'] })).toEqual({
      cwd: '/x',
      source,
      paths: ['src'],
      mode: 'review',
      only: [],
      skip: [],
      placement: 'auto',
      out: null,
      schema: [],
      client: [],
      transaction: [],
      prove: 'run',
      seed: 1,
      budget: { cases: 300, seconds: 10 },
      applies: 'same',
      scratch: null,
      sample: null,
      skeletons: 'ask',
      context: [],
      maxRows: null,
      reports: [],
      dirtyTree: 'refuse',
    });
  });

  it.each([
    ['--yes', { yes: true }, { mode: 'apply-all' }],
    ['--dry-run', { dryRun: true }, { mode: 'plan' }],
    ['--dry-run wins over --yes', { dryRun: true, yes: true }, { mode: 'plan' }],
    ['--force', { force: true }, { dirtyTree: 'allow' }],
    ['--no-prove', { prove: false }, { prove: 'off' }],
    ['--sample as text', { sample: '25' }, { sample: 25 }],
    ['--seed', { seed: '7' }, { seed: 7 }],
    ['--budget', { budget: '50,5' }, { budget: { cases: 50, seconds: 5 } }],
    ['--require-proven', { requireProven: true }, { applies: 'proven' }],
    ['--skeletons with --yes', { skeletons: true, yes: true }, { skeletons: 'apply' }],
    ['--placement', { placement: 'module' }, { placement: 'module' }],
    ['--placement', { placement: 'inline' }, { placement: 'inline' }],
    ['names with commas and repeated', { only: ['a, b', 'app.c'] }, { only: ['a', 'b', 'app.c'] }],
    ['--client', { client: ['db@src/db.ts'] }, { client: ['db@src/db.ts'] }],
    [
      '--report by extension',
      { report: ['a.json', 'docs/b.MD'] },
      {
        reports: [
          { path: 'a.json', format: 'json' },
          { path: 'docs/b.MD', format: 'markdown' },
        ],
      },
    ],
  ] as const)('%s', (_name, flags, options) => {
    expect(build({ paths: ['src'], ...flags })).toMatchObject(options);
  });

  it('lets flags win over the configuration, key by key', () => {
    const options = build(
      { paths: ['src'], only: 'a' },
      { config: { paths: ['lib'], only: 'b', skip: 'c', yes: true } },
    );
    expect(options).toMatchObject({ paths: ['src'], only: ['a'], skip: ['c'], mode: 'apply-all' });
  });

  it.each(Object.keys(notBuiltYet))('refuses %s by name', (key) => {
    const error = refusal(() => build({ paths: ['src'], [key]: true }));
    expect(error.exitCode).toBe(2);
    expect(error.detail).toBe(`--${key}: ${notBuiltYet[key as keyof typeof notBuiltYet]} is not built yet`);
  });

  it('reads what gives the identity of the caller', () => {
    const context = {
      'auth.uid( )': 'session.userId',
      "auth.jwt()->'app_metadata' ->> 'org'": { expression: 'org(session)', import: 'org@src/org.ts' },
      "current_setting('app.tenant', true)": { expression: 'tenant', type: 'string' },
    };
    expect(build({ paths: ['src'] }, { config: { context } }).context).toEqual([
      { key: 'auth.uid()', expression: 'session.userId', import: null, type: null },
      {
        key: "auth.jwt() -> 'app_metadata' ->> 'org'",
        expression: 'org(session)',
        import: { name: 'org', path: 'src/org.ts' },
        type: null,
      },
      { key: "current_setting('app.tenant')", expression: 'tenant', import: null, type: 'string' },
    ]);
  });

  it.each([
    [3, 'must be an object: { "auth.uid()": "session.userId" }'],
    [{ 'auth.uid()': '' }, 'auth.uid(): the expression is empty'],
    [{ 'auth.uid()': 3 }, 'auth.uid(): must be an expression, or { expression, import: "name@path", type }'],
    [{ 'auth.uid()': { expression: 'a', from: 'b' } }, 'auth.uid(): from: no such setting'],
    [{ 'auth.uid()': { expression: 'a', import: 'b' } }, 'auth.uid(): import must be written name@path'],
    [{ 'auth.userid()': 'a' }, 'auth.userid(): is nothing of the caller that is known; write auth.uid(),'],
    [{ "current_setting('work_mem')": 'a' }, "current_setting('work_mem'): is nothing of the caller"],
  ])('says what is wrong with the context %j', (context, message) => {
    const { detail } = refusal(() => build({ paths: ['src'] }, { config: { context } }));
    expect(detail).toContain(`context in migrate-rpc.config.ts: ${message}`);
  });

  it('tells every problem at once, each with its place', () => {
    const error = refusal(() =>
      build(
        { placement: 'beside', client: ['nope'], report: ['a.html', 'b.txt'], skeletons: true, scratch: 'x' },
        { config: { only: 3, colour: true } },
      ),
    );
    expect(error.title).toBe('Some options are wrong');
    expect(error.detail?.split('\n').sort()).toEqual(
      [
        '--placement: must be auto, inline or module',
        '--client: must be written name@path',
        '--report a.html: reports as .html are not built yet; use .json or .md',
        '--report b.txt: the extension must be .json or .md',
        '--skeletons: needs --yes; the review asks for each incomplete translation',
        '--scratch: must be a PostgreSQL URL, or env:NAME of a variable that holds one',
        'only in migrate-rpc.config.ts: must be a name or a list of names',
        'colour in migrate-rpc.config.ts: no such setting',
        'paths: name at least one file or folder to look at',
      ].sort(),
    );
  });

  it('does not call a good value missing because another one is wrong', () => {
    expect(refusal(() => build({ paths: ['src'], placement: 'x' })).detail).toBe(
      '--placement: must be auto, inline or module',
    );
  });

  it('refuses a review without a terminal before it resolves the source', () => {
    const error = refusal(() =>
      buildOptions([{ label: flag, values: { paths: ['src'] } }], {
        cwd: '/x',
        interactive: false,
        source: () => {
          throw new Error('asked for the source');
        },
      }),
    );
    expect([error.code, error.exitCode]).toEqual(['no-terminal', 2]);
  });
});
