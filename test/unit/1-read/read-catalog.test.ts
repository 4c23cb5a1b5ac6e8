import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCatalog } from '../../../src/1-read/read-catalog.js';
import { relationsQuery } from '../../../src/1-read/read-catalog-relations.js';
import { routinesQuery } from '../../../src/1-read/read-catalog-routines.js';
import type { Database } from '../../../src/io/database.js';
import { startEmbedded, type EmbeddedDatabase } from '../../../src/io/embedded-database.js';
import { MigrateError } from '../../../src/errors.js';
import { expectRichCatalog } from '../../support/expect-rich-catalog.js';
import { richSchema } from '../../support/rich-schema.js';

let database: EmbeddedDatabase;

beforeAll(async () => {
  database = await startEmbedded({ extensions: ['citext'] });
  await database.query(richSchema);
}, 60_000);
afterAll(() => database.terminate());

test('one string fills every field of the catalog', async () => {
  const texts: string[] = [];
  const counted: Database = { ...database, query: (text) => (texts.push(text), database.query(text)) };
  expectRichCatalog(await readCatalog(counted));
  expect(texts).toHaveLength(1);
  expect(texts[0]).toMatch(/^BEGIN[^;]* READ ONLY;[\s\S]*COMMIT$/);
});

test('the session stays as it was', async () => {
  await database.query('SET search_path = app, public');
  expect((await readCatalog(database)).searchPath).toEqual(['pg_catalog', 'app', 'public']);
  const [path, state] = await database.query(
    `SHOW search_path; SELECT pg_catalog.now() = statement_timestamp() AS alone`,
  );
  expect(path?.rows).toEqual([{ search_path: 'app, public' }]);
  expect(state?.rows).toEqual([{ alone: true }]);
  await database.query('RESET search_path');
});

test('what an older server lacks is not asked of it', () => {
  expect([routinesQuery(13), routinesQuery(14)].map((text) => /prosqlbody/.test(text))).toEqual([
    false,
    true,
  ]);
  expect([relationsQuery(14), relationsQuery(15)].map((text) => /indnullsnotdistinct/.test(text))).toEqual([
    false,
    true,
  ]);
});

test('a refusal ends the transaction and names the database', async () => {
  const broken: Database = {
    ...database,
    query: (text) => database.query(text.replace('FROM pg_type t', 'FROM pg_missing t')),
  };
  const failure = await readCatalog(broken).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(MigrateError);
  expect(failure).toMatchObject({ code: 'catalog-unreadable', exitCode: 2 });
  expect(await database.query('SELECT 1 AS a')).toHaveLength(1);
});
