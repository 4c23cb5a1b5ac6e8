import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, startPostgres, type TestPostgres } from '../support/postgres.js';
import { copyProject, projectSql, runBehaviour, type SeenCheck } from '../support/project-copy.js';

const server = await startPostgres();

describe.skipIf('skipped' in server)('the project collections', () => {
  const postgres = server as TestPostgres;
  let sql: string[];

  beforeAll(async () => {
    sql = await projectSql('collections');
  });
  afterAll(() => postgres.stop());

  it('does before the run what its behaviour checks say', async () => {
    const project = await copyProject('collections');
    try {
      expectAllSeen(await runBehaviour(project.folder, await createDatabase(postgres.url, sql)));
    } finally {
      await project.remove();
    }
  });

  it('is found out by its checks when the database does something else', async () => {
    const project = await copyProject('collections');
    const faults = [
      sql.map((text) =>
        text.replace('greatest(0, v_agreement.amount_due - amount)', 'v_agreement.amount_due'),
      ),
      sql.map((text) => text.replace('FOR UPDATE SKIP LOCKED', '')),
      sql.map((text) => text.replace('ORDER BY paid_at DESC, id DESC', '')),
    ];
    try {
      for (const fault of faults) {
        const checks = await runBehaviour(project.folder, await createDatabase(postgres.url, fault));
        expect(checks.filter(isDifferent)).not.toEqual([]);
      }
    } finally {
      await project.remove();
    }
  });
});

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
