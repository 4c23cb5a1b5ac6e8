import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, startPostgres, type TestPostgres } from '../support/postgres.js';
import { copyProject, projectSql, runBehaviour, type SeenCheck } from '../support/project-copy.js';
import { serveSupabase, supabaseSql } from '../support/supabase-project.js';

const customers = {
  CUSTOMER_TOKEN: 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa',
  OTHER_TOKEN: '99999999-9999-4999-8999-999999999999',
};

const server = await startPostgres();

describe.skipIf('skipped' in server)('the project storefront', () => {
  const postgres = server as TestPostgres;
  let sql: string[];

  beforeAll(async () => {
    sql = [supabaseSql, ...(await projectSql('storefront', 'supabase/migrations'))];
  });
  afterAll(() => postgres.stop());

  /** What its checks see through supabase-js and, where they use it, through Drizzle, on a database of its own. */
  async function seenIn(folder: string, texts: readonly string[]): Promise<SeenCheck[]> {
    const url = await createDatabase(postgres.url, texts);
    const supabase = await serveSupabase(url, customers);
    try {
      return await runBehaviour(folder, url, { env: supabase.env });
    } finally {
      await supabase.stop();
    }
  }

  it('does before the run what its behaviour checks say', async () => {
    await using project = await copyProject('storefront');
    expectAllSeen(await seenIn(project.folder, sql));
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
