import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, startPostgres, type TestPostgres } from '../support/postgres.js';
import {
  copyProject,
  projectSql,
  root,
  runBehaviour,
  sourceTexts,
  type SeenCheck,
} from '../support/project-copy.js';
import { runCommand } from '../support/run-command.js';

/** Routine and number of its call sites in the project. */
const singleStatement = {
  update_status: 4,
  upsert_record: 2,
  total_outstanding: 2,
  recent_payments: 3,
  has_open_promise: 2,
  collector_report: 2,
  enqueue_job: 2,
  claim_jobs: 1,
  purge_jobs: 1,
};
const severalSteps = {
  apply_payment: 2,
  break_promises: 1,
  schedule_call: 1,
  log_contact_attempt: 2,
  fail_job: 1,
};
const mustStay = { search_records: 'dynamic-sql', try_lock_queue: 'session-state' };
const callSites = 28;

interface Proof {
  readonly status: string;
  readonly cases: number;
  readonly branches: number;
  readonly branches_hit: number;
  readonly not_compared: readonly string[];
}

interface Report {
  readonly summary: Readonly<Record<string, number>>;
  readonly routines: readonly { name: string; verdict: string; translation: string; proof: Proof }[];
  readonly call_sites: readonly { routine: string; status: string; reason: unknown; file: string }[];
}

const server = await startPostgres();

describe.skipIf('skipped' in server)('the project collections', () => {
  const postgres = server as TestPostgres;
  let sql: string[];

  beforeAll(async () => {
    sql = await projectSql('collections');
  });
  afterAll(() => postgres.stop());

  it('does before the run what its behaviour checks say', async () => {
    await using project = await copyProject('collections');
    expectAllSeen(await runBehaviour(project.folder, await createDatabase(postgres.url, sql)));
  });

  it('is found out by its checks when the database does something else', async () => {
    await using project = await copyProject('collections');
    const faults: [string, string][] = [
      ['greatest(0, v_agreement.amount_due - amount)', 'v_agreement.amount_due'],
      ['FOR UPDATE SKIP LOCKED', ''],
      ['ORDER BY paid_at DESC, id DESC', ''],
    ];
    for (const [original, fault] of faults) {
      const faulty = sql.map((text) => text.replace(original, fault));
      expect(faulty).not.toEqual(sql);
      const checks = await runBehaviour(project.folder, await createDatabase(postgres.url, faulty));
      expect(checks.filter(isDifferent), fault).not.toEqual([]);
    }
  });

  describe.each(['a live database', 'its SQL files'])('after --yes with %s', (kind) => {
    const embedded = kind === 'its SQL files';
    let project: Awaited<ReturnType<typeof copyProject>>;
    let report: Report;
    let rewritten: Record<string, string>;

    beforeAll(async () => {
      project = await copyProject('collections');
      report = embedded
        ? await migrate(project.folder, 'sql')
        : await migrate(project.folder, await createDatabase(postgres.url, sql), ['--scratch', postgres.url]);
      rewritten = await sourceTexts(project.folder);
    }, 900_000);
    afterAll(() => project.remove());

    it('has the calls of every straight-line routine rewritten and the rest kept with its reason', () => {
      const { summary } = report;
      expect(summary.call_sites).toBe(callSites);
      expect(sum(summary, ['rewritable', 'rewritten', 'kept', 'declined', 'unresolved'])).toBe(callSites);
      expect(rewrittenSites(report)).toEqual({ ...singleStatement, ...severalSteps });
      for (const [name, reason] of Object.entries(mustStay)) {
        const sites = report.call_sites.filter(({ routine }) => nameOf(routine) === name);
        expect(sites.map(({ status }) => status)).toEqual(['kept']);
        expect(JSON.stringify(sites)).toContain(reason);
      }
      for (const name of Object.keys(severalSteps)) {
        expect(report.routines.find((routine) => routine.name === name)).toMatchObject({
          verdict: 'multi-step',
          translation: 'complete',
        });
      }
    });

    it('has every translated routine proven, but for what an embedded server leaves open', () => {
      for (const name of Object.keys({ ...singleStatement, ...severalSteps })) {
        const proof = report.routines.find((routine) => routine.name === name)?.proof;
        expect(proof?.cases, name).toBeGreaterThan(0);
        expect(proof?.branches_hit, name).toBe(proof?.branches);
        if (embedded) expect(['proven', 'partial'], name).toContain(proof?.status);
        else expect({ name, ...proof }).toMatchObject({ name, status: 'proven', not_compared: [] });
      }
    });

    it('has no call of a rewritten routine left, and all others', () => {
      const texts = Object.values(rewritten).join('\n');
      for (const name of Object.keys({ ...singleStatement, ...severalSteps }))
        expect(callsOf(name, texts), name).toBe(0);
      for (const name of Object.keys(mustStay)) expect(callsOf(name, texts), name).toBe(1);
    });

    it('compiles', async () => {
      await expectCompiles(project.folder);
    });

    it('does what it did', async () => {
      expectAllSeen(await runBehaviour(project.folder, await createDatabase(postgres.url, sql)));
    });

    it('is not changed by a second run', async () => {
      const source = kind === 'its SQL files' ? 'sql' : await createDatabase(postgres.url, sql);
      await migrate(project.folder, source);
      expect(await sourceTexts(project.folder)).toEqual(rewritten);
    });
  });

  it('is rewritten the same from a live database and from its SQL files', async () => {
    await using fromFiles = await copyProject('collections');
    await using fromServer = await copyProject('collections');
    await migrate(fromFiles.folder, 'sql', ['--no-prove']);
    await migrate(fromServer.folder, await createDatabase(postgres.url, sql), ['--no-prove']);
    expect(await sourceTexts(fromServer.folder)).toEqual(await sourceTexts(fromFiles.folder));
  });

  it('gets skeletons that compile and throw for the routines that are not translated', async () => {
    await using project = await copyProject('collections');
    // How many rows are locked would depend on how far ahead they are read.
    await replaceIn(join(project.folder, 'sql', '002_functions.sql'), [
      '    UPDATE promises SET',
      '    EXIT WHEN v_broken > 99;\n    UPDATE promises SET',
    ]);
    const report = await migrate(project.folder, 'sql', ['--no-prove', '--skeletons']);
    expect(report.routines.find(({ name }) => name === 'break_promises')).toMatchObject({
      translation: 'skeleton',
    });
    expect(rewrittenSites(report)).toEqual({ ...singleStatement, ...severalSteps });
    await expectCompiles(project.folder);
    const texts = Object.values(await sourceTexts(project.folder)).join('\n');
    expect(texts).toContain(`throw new Error('TODO(migrate-rpc): `);
    expect(callsOf('break_promises', texts)).toBe(0);
  });
});

async function replaceIn(path: string, [before, after]: readonly [string, string]): Promise<void> {
  const text = await readFile(path, 'utf8');
  expect(text).toContain(before);
  await writeFile(path, text.replace(before, after));
}

/** Exit code 1 says that calls remain, which here they always do. */
async function migrate(folder: string, source: string, flags: readonly string[] = []): Promise<Report> {
  const run = await runCommand(['--db', source, '--yes', ...flags, '--report', 'report.json', 'src'], {
    cwd: folder,
  });
  expect(run.code, `${run.stdout}\n${run.stderr}`).toBe(1);
  return JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as Report;
}

async function expectCompiles(folder: string): Promise<void> {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const output = await promisify(execFile)(process.execPath, [tsc, '--noEmit', '-p', folder]).then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  );
  expect(output).toBe('');
}

/** Number of rewritten sites of each routine. */
function rewrittenSites(report: Report): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { routine, status } of report.call_sites) {
    const name = nameOf(routine);
    if (status === 'rewritten') counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** `apply_payment` for `public.apply_payment(integer, numeric)`. */
function nameOf(signature: string): string {
  return signature.replace(/\(.*$/, '').replace(/^.*\./, '');
}

/** Calls in SQL text; a comment names a routine with its schema or with argument names. */
function callsOf(name: string, text: string): number {
  return text.match(new RegExp(`(SELECT|FROM) ${name}\\(`, 'g'))?.length ?? 0;
}

function sum(values: Readonly<Record<string, number>>, keys: readonly string[]): number {
  return keys.reduce((total, key) => total + (values[key] ?? Number.NaN), 0);
}

function expectAllSeen(checks: readonly SeenCheck[]): void {
  expect(checks.length).toBeGreaterThan(25);
  const different = checks.filter(isDifferent);
  expect(different.map(({ name, seen }) => ({ name, seen }))).toEqual(
    different.map(({ name, expected }) => ({ name, seen: expected })),
  );
}

function isDifferent({ seen, expected }: SeenCheck): boolean {
  return JSON.stringify(seen) !== JSON.stringify(expected);
}
