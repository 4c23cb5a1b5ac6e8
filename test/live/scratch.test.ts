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

  describe('of the project collections', () => {
    let report: ReportInput;

    beforeAll(async () => {
      await using project = await copyProject('collections');
      const db = await createDatabase(postgres.url, await projectSql('collections'));
      report = await planned(project.folder, { db, scratch: postgres.url });
    }, 300_000);

    it('finds no difference', () => {
      console.log(
        report.routines.map((one) => `${one.signature}: ${JSON.stringify(one.proof)}`).join('\n'),
        report.notes,
      );
      const statuses = report.routines.map(({ name, proof }) => `${name} ${proof.status}`);
      expect(statuses.filter((status) => status.endsWith(' differs'))).toEqual([]);
    });

    it('leaves no database behind', async () => {
      expect(await scratchDatabases(postgres.url)).toEqual([]);
    });
  });
});

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
