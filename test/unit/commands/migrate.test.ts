import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import pc from 'picocolors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Decisions, ReviewItem } from '../../../src/8-review/review-item.js';
import type { Interrupts } from '../../../src/commands/interrupts.js';
import { migrate, sourceLine, type PlannedRun } from '../../../src/commands/migrate.js';
import { MigrateError } from '../../../src/errors.js';
import { silentProgress } from '../../../src/io/progress.js';
import type { Terminal } from '../../../src/io/terminal.js';
import { buildOptions, type Options } from '../../../src/options.js';
import {
  evidence,
  reportedRoutine,
  reportedSite,
  reportInput,
  reviewItem,
} from '../../support/review-items.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'migrate-command-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const items: readonly ReviewItem[] = [
  reviewItem('src/services/records.ts:1:9'),
  reviewItem('src/services/records.ts:2:9', { completeness: 'skeleton', todos: ['line 4: FOR loop'] }),
  reviewItem('src/services/records.ts:3:9', { proof: evidence({ status: 'differs' }) }),
];

/** A plan of three sites; applying marks as rewritten what the decisions apply, and remembers them. */
function plannedPipeline() {
  const calls: { planned: number; decisions: Decisions | null } = { planned: 0, decisions: null };
  const state = (decisions: Decisions) =>
    reportInput({
      routines: [reportedRoutine('update_status')],
      callSites: items.map((item, index) => {
        const decision = decisions.get(item.siteId);
        const status =
          decision === 'apply' ? 'rewritten' : decision === 'decline' ? 'declined' : 'rewritable';
        return reportedSite(index + 1, 'update_status', { status });
      }),
      files: {
        changed: [...decisions.values()].includes('apply') ? ['src/services/records.ts'] : [],
        created: [],
      },
    });
  return {
    calls,
    prepareRun: () => Promise.resolve([]),
    planRun(): Promise<PlannedRun> {
      calls.planned += 1;
      return Promise.resolve({ items, report: state(new Map()) });
    },
    editableText: () => Promise.resolve({ text: '', extension: '.ts' }),
    editSite: () => Promise.resolve({ problem: [] }),
    applyPlan(_plan: PlannedRun, decisions: Decisions) {
      calls.decisions = decisions;
      return Promise.resolve(state(decisions));
    },
  };
}

function memoryTerminal(
  keys = '',
): Terminal & { readonly text: () => string; readonly errors: () => string } {
  let text = '';
  let errors = '';
  const input = new PassThrough();
  setTimeout(() => input.write(keys), 30);
  return {
    interactive: true,
    palette: pc.createColors(false),
    input: input as unknown as NodeJS.ReadStream,
    output: new PassThrough().resume() as unknown as NodeJS.WriteStream,
    out: (more) => (text += more),
    err: (more) => (errors += more),
    size: () => ({ columns: 80, rows: 24 }),
    onResize: () => () => {},
    failure: () => null,
    text: () => text,
    errors: () => errors,
  };
}

function options(flags: Readonly<Record<string, unknown>>): Options {
  return buildOptions([{ label: (key) => key, values: { paths: ['.'], ...flags } }], {
    cwd: folder,
    interactive: true,
    source: () => ({
      kind: 'url',
      url: 'postgres://u:secret@h/d',
      label: 'h:5432/d',
      origin: 'DATABASE_URL',
    }),
  });
}

const neverInterrupted: Interrupts = {
  hold: (work) => work(),
  onInterrupt: () => () => undefined,
  release: () => undefined,
  cleanUp: () => Promise.resolve(),
};

async function run(flags: Readonly<Record<string, unknown>>, keys = '') {
  const terminal = memoryTerminal(keys);
  const pipeline = plannedPipeline();
  const interrupts = neverInterrupted;
  const code = await migrate(options(flags), {
    terminal,
    progress: silentProgress,
    interrupts,
    pipeline,
    show: 'summary',
  });
  return { code, terminal, decisions: pipeline.calls.decisions };
}

describe('migrate', () => {
  it('names the database in its first line, and where the URL came from', async () => {
    const { terminal } = await run({ dryRun: true });
    expect(terminal.text().split('\n')[0]).toBe('Database: h:5432/d (from DATABASE_URL)');
    expect(sourceLine({ kind: 'files', paths: [], label: 'sql' })).toBe(
      'Database: sql, loaded into an embedded PostgreSQL',
    );
    expect(sourceLine({ kind: 'url', url: '', label: 'h:1/d', origin: '--db' })).toBe('Database: h:1/d');
    expect(sourceLine({ kind: 'url', url: '', label: 'h:1/d', origin: 'env:PROD' })).toBe(
      'Database: h:1/d (from PROD)',
    );
  });

  it('applies nothing in a dry run and prints each diff', async () => {
    const { code, terminal, decisions } = await run({ dryRun: true, yes: true });
    expect(code).toBe(1);
    expect(decisions).toBeNull();
    expect(terminal.text()).toContain('+fresh();');
    expect(terminal.text()).toContain('Nothing was written: this was a dry run.');
  });

  it('applies with --yes what is complete and does not differ', async () => {
    const { code, decisions } = await run({ yes: true });
    expect([...(decisions ?? [])]).toEqual([['src/services/records.ts:1:9', 'apply']]);
    expect(code).toBe(1);
  });

  it('applies skeletons too with --skeletons, but never a difference', async () => {
    const { decisions } = await run({ yes: true, skeletons: true });
    expect([...(decisions ?? new Map()).keys()]).toEqual([
      'src/services/records.ts:1:9',
      'src/services/records.ts:2:9',
    ]);
  });

  it('applies in the review what was accepted and declines the rest', async () => {
    const { decisions, terminal } = await run({}, 'nyq');
    expect([...(decisions ?? new Map()).values()]).toEqual(['decline', 'apply', 'decline']);
    expect(terminal.text()).toContain(
      'Review ended early: what was accepted (1) is applied, the rest (2) declined.',
    );
  });

  it('writes nothing after Ctrl-C in the review', async () => {
    const { code, decisions, terminal } = await run({}, 'y\u0003');
    expect([code, decisions]).toEqual([130, null]);
    expect(terminal.errors()).toBe('Interrupted; nothing was written.\n');
  });

  it('writes each report that is named', async () => {
    const { terminal } = await run({ dryRun: true, report: ['a.json', 'b.md'] });
    expect(JSON.parse(await readFile(join(folder, 'a.json'), 'utf8'))).toMatchObject({
      version: 1,
      summary: { call_sites: 3, rewritable: 3 },
    });
    expect(await readFile(join(folder, 'b.md'), 'utf8')).toContain('# Calls of database functions');
    expect(terminal.text()).toContain('Reports: a.json, b.md');
  });

  it('finds a report that cannot be written before it plans', async () => {
    const pipeline = plannedPipeline();
    const work = migrate(options({ yes: true, report: 'missing/a.json' }), {
      terminal: memoryTerminal(),
      progress: silentProgress,
      interrupts: neverInterrupted,
      pipeline,
      show: 'summary',
    });
    await expect(work).rejects.toMatchObject({ code: 'report-not-writable', exitCode: 2 });
    expect(pipeline.calls.planned).toBe(0);
  });
});

describe('a git tree', () => {
  const git = (...args: string[]): void => {
    execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      stdio: 'ignore',
    });
  };
  beforeEach(async () => {
    git('init');
    await writeFile(join(folder, 'a.ts'), '1');
    git('add', 'a.ts');
    git('commit', '-m', 'first');
  });

  it('with changes is refused, and --force and a dry run go on', async () => {
    await writeFile(join(folder, 'a.ts'), '2');
    const refused = await run({ yes: true }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(MigrateError);
    expect(refused).toMatchObject({ code: 'dirty-tree', detail: 'a.ts', exitCode: 2 });
    expect((await run({ yes: true, force: true })).decisions?.size).toBe(1);
    expect((await run({ dryRun: true })).code).toBe(1);
  });

  it('with an untracked file below the paths is refused', async () => {
    await writeFile(join(folder, 'b.ts'), '2');
    await expect(run({ yes: true })).rejects.toMatchObject({ code: 'dirty-tree', detail: 'b.ts' });
  });

  it('with an untracked file beside the only path goes on', async () => {
    await writeFile(join(folder, 'b.ts'), '2');
    expect((await run({ yes: true, paths: ['a.ts'] })).decisions?.size).toBe(1);
    await expect(run({ yes: true, paths: ['b.ts'] })).rejects.toMatchObject({ code: 'dirty-tree' });
  });

  it('without changes is told how to be restored', async () => {
    const { terminal } = await run({ yes: true });
    expect(terminal.text()).toContain('git restore -- src/services/records.ts');
  });
});
