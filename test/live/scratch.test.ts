import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReportInput } from '../../src/9-report/report-input.js';
import { buildOptions } from '../../src/options.js';
import { planRun } from '../../src/pipeline.js';
import { resolveSource } from '../../src/io/resolve-source.js';
import { createDatabase, startPostgres, type TestPostgres } from '../support/postgres.js';
import { copyProject, projectSql } from '../support/project-copy.js';

const server = await startPostgres();

describe.skipIf('skipped' in server)('a proof on a scratch server', () => {
  const postgres = server as TestPostgres;
  afterAll(() => postgres.stop());

  it('names both versions where they differ', async () => {
    await using project = await copyProject('collections');
    const db = await createDatabase(postgres.url, await projectSql('collections'));
    // Without a scratch server it runs on the embedded one, which is version 18.
    const report = await planned(project.folder, { db, only: 'total_outstanding' });
    const { proof } = report.routines.find(({ name }) => name === 'total_outstanding') ?? {};
    const { serverVersion } = report.database;
    const note = expect.stringMatching(
      `^PostgreSQL ${serverVersion} of the database \\(run on 18\\.`,
    ) as string;
    if (serverVersion.startsWith('18.')) expect(proof).toMatchObject({ status: 'proven', notCompared: [] });
    else expect(proof).toMatchObject({ status: 'partial', notCompared: [note] });
  });

  describe('of the project collections', () => {
    let report: ReportInput;

    beforeAll(async () => {
      await using project = await copyProject('collections');
      const db = await createDatabase(postgres.url, await projectSql('collections'));
      report = await planned(project.folder, { db, scratch: postgres.url });
    }, 600_000);

    it('finds no difference, and proves what needs no locks', () => {
      const statuses = translated(report).map(({ name, proof }) => `${name} ${proof.status}`);
      expect(statuses.filter((status) => / (differs|not_run)$/.test(status))).toEqual([]);
      expect(statuses).toEqual(
        expect.arrayContaining(['total_outstanding proven', 'has_open_promise proven']),
      );
    });

    it('compares locks', () => {
      const proven = ['update_status', 'claim_jobs', 'purge_jobs'];
      for (const { name, proof } of translated(report)) {
        expect(proof.notCompared, name).not.toContain('locks');
        if (proven.includes(name)) expect(proof, name).toMatchObject({ status: 'proven' });
      }
    });

    it('measures statements, round trips and latency', () => {
      const { latency } = translated(report).find(({ name }) => name === 'apply_payment')?.proof ?? {};
      expect(latency?.roundTrips.before).toBe(1);
      expect(latency?.roundTrips.after).toBeGreaterThan(1);
      expect(latency?.far.before).toBeGreaterThan(1);
    });

    it('leaves no database behind', async () => {
      expect(await scratchDatabases(postgres.url)).toEqual([]);
    });
  });
});

function translated({ routines }: ReportInput): ReportInput['routines'] {
  return routines.filter(({ translation }) => translation === 'complete');
}

async function planned(cwd: string, settings: Readonly<Record<string, unknown>>): Promise<ReportInput> {
  const values = { dryRun: true, paths: [join(cwd, 'src')], ...settings };
  const options = buildOptions([{ label: (key) => `--${key}`, values }], {
    cwd,
    interactive: false,
    source: (db) => resolveSource(db, {}, cwd),
  });
  const progress = { start: () => undefined, advance: () => undefined, stop: () => undefined };
  return (await planRun(options, { progress })).report;
}

async function scratchDatabases(url: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `SELECT datname AS name FROM pg_database WHERE datname LIKE 'migrate\\_rpc%'`,
    );
    return rows.map(({ name }) => name);
  } finally {
    await client.end();
  }
}
