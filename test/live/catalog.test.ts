import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCatalog } from '../../src/1-read/read-catalog.js';
import { openLive } from '../../src/io/live-database.js';
import { expectRichCatalog, routineOf } from '../support/expect-rich-catalog.js';
import { startPgbouncer } from '../support/pgbouncer.js';
import { createDatabase, startPostgres, type TestPostgres } from '../support/postgres.js';
import { richSchemaFor } from '../support/rich-schema.js';

const server = await startPostgres();
const { url: adminUrl, stop } = server as TestPostgres;

describe.skipIf('skipped' in server)('the catalog of a live server', () => {
  let url = '';

  beforeAll(async () => {
    url = await createDatabase(adminUrl, [
      await richSchemaFor(adminUrl),
      `DROP ROLE IF EXISTS onlooker; CREATE ROLE onlooker LOGIN PASSWORD 'x'`,
      'REVOKE ALL ON SCHEMA public FROM PUBLIC',
    ]);
  });
  afterAll(() => stop());

  test('has every field filled', async () => {
    const database = await openLive(url);
    const catalog = await readCatalog(database);
    expectRichCatalog(catalog);
    expect(String(catalog.serverVersionNumber)).toMatch(
      new RegExp(`^${parseInt(database.serverVersion, 10)}`),
    );
    await database.close();
  });

  test('is read by a login that may only connect, which says what it may not use', async () => {
    const onlooker = new URL(url);
    Object.assign(onlooker, { username: 'onlooker', password: 'x' });
    const database = await openLive(onlooker.href);
    const catalog = await readCatalog(database);
    expect(catalog.currentUser).toBe('onlooker');
    expect(routineOf(catalog, 'customers')).toMatchObject({ executable: false, securityDefiner: true });
    expect(routineOf(catalog, 'customers').source).toContain('SELECT * FROM app.customer');
    expect(catalog.notVisible.map((sentence) => /schema (\S+( \S+)?):/.exec(sentence)?.[1])).toEqual([
      'Odd Name',
      'app',
      'public',
    ]);
    await database.close();
  });

  test('is read through PgBouncer in transaction mode', async (context) => {
    const pooler = await startPgbouncer(url);
    if (!pooler) return context.skip('PgBouncer is not installed');
    try {
      const database = await openLive(pooler.url);
      expectRichCatalog(await readCatalog(database));
      await database.close();
    } finally {
      await pooler.stop();
    }
  });
});
