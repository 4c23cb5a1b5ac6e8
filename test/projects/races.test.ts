import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, startPostgres, type TestPostgres } from '../support/postgres.js';
import {
  copyProject,
  projectSql,
  runBehaviour,
  sourceTexts,
  type SeenCheck,
} from '../support/project-copy.js';
import { runCommand } from '../support/run-command.js';

const server = await startPostgres();

describe.skipIf('skipped' in server)('two callers at once', () => {
  const postgres = server as TestPostgres;
  let sql: string[];

  beforeAll(async () => {
    sql = await projectSql('collections');
  });
  afterAll(() => postgres.stop());

  const races = async (folder: string, texts: readonly string[] = sql): Promise<SeenCheck[]> =>
    runBehaviour(folder, await createDatabase(postgres.url, texts), { file: 'races.ts' });

  it('get what the functions promise', { timeout: 180_000 }, async () => {
    await using project = await copyProject('collections');
    expectAllSeen(await races(project.folder));
  });

  it.each([
    ['FOR UPDATE SKIP LOCKED', 'FOR UPDATE', 'two workers'],
    [
      '  WHERE a.id = apply_payment.agreement_id\n  FOR UPDATE;',
      '  WHERE a.id = apply_payment.agreement_id;',
      'two payments',
    ],
  ])('are seen to get something else without %s', { timeout: 180_000 }, async (original, fault, name) => {
    await using project = await copyProject('collections');
    const faulty = sql.map((text) => text.replace(original, fault));
    expect(faulty).not.toEqual(sql);
    const different = (await races(project.folder, faulty)).filter(isDifferent);
    expect(different.map((check) => check.name).join()).toContain(name);
  });

  it('get the same from the rewritten code', { timeout: 300_000 }, async () => {
    await using project = await copyProject('collections');
    const run = await runCommand(['--db', 'sql', '--yes', '--no-prove', 'src'], { cwd: project.folder });
    expect(run.code, `${run.stdout}\n${run.stderr}`).toBe(1);
    const texts = Object.values(await sourceTexts(project.folder)).join('\n');
    expect(texts).not.toMatch(/SELECT apply_payment|FROM claim_jobs/);
    expectAllSeen(await races(project.folder));
  });
});

function expectAllSeen(checks: readonly SeenCheck[]): void {
  expect(checks.length).toBe(3);
  expect(checks.map(({ name, seen }) => ({ name, seen }))).toEqual(
    checks.map(({ name, expected }) => ({ name, seen: expected })),
  );
}

function isDifferent({ seen, expected }: SeenCheck): boolean {
  return JSON.stringify(seen) !== JSON.stringify(expected);
}
