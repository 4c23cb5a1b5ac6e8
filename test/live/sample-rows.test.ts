import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/1-read/catalog.js';
import { readCatalog } from '../../src/1-read/read-catalog.js';
import { sampleRows } from '../../src/7-prove/sample-rows.js';
import type { Database } from '../../src/io/database.js';
import { openLive } from '../../src/io/live-database.js';
import { createDatabase, startPostgres, type TestPostgres } from '../support/postgres.js';

const server = await startPostgres();

const schema = `
  CREATE TABLE regions (id int PRIMARY KEY, name text);
  CREATE TABLE people (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, region int REFERENCES regions,
    boss int REFERENCES people, name text, loud text GENERATED ALWAYS AS (upper(name)) STORED);
  CREATE TABLE notes (id int PRIMARY KEY, person int REFERENCES people, text text);
  INSERT INTO regions SELECT n, 'region ' || n FROM generate_series(1, 50) n;
  INSERT INTO people (region, boss, name) SELECT n, CASE WHEN n > 1 THEN n - 1 END, 'O''Brien \\ ' || n FROM generate_series(1, 40) n;
  INSERT INTO notes SELECT n, n, CASE WHEN n % 2 = 0 THEN 'even' END FROM generate_series(1, 40) n;
  CREATE TABLE secrets (id int PRIMARY KEY, owner text);
  INSERT INTO secrets VALUES (1, 'other'), (2, 'reader');
  ALTER TABLE secrets ENABLE ROW LEVEL SECURITY;
  CREATE POLICY own ON secrets USING (owner = current_user);
  CREATE TABLE closed (id int PRIMARY KEY);
  DO $$ BEGIN CREATE ROLE reader LOGIN PASSWORD 'reader'; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
  GRANT SELECT ON secrets TO reader;
`;

describe.skipIf('skipped' in server)('rows sampled from a database', () => {
  const postgres = server as TestPostgres;
  let url: string;
  let db: Database;
  let catalog: Catalog;

  beforeAll(async () => {
    url = await createDatabase(postgres.url, [schema]);
    db = await openLive(url);
    catalog = await readCatalog(db);
  });
  afterAll(async () => {
    await db.close();
    await postgres.stop();
  });

  const oid = (name: string): number => catalog.relations.find((one) => one.name === name)?.oid ?? 0;

  it('bring all that they refer to, through several tables and their own', async () => {
    const sample = await sampleRows(db, catalog, { relations: [oid('notes')], rows: 3, seed: 7 });
    const inserts = sample.rows.flatMap((row) => row.inserts);
    expect(inserts.filter((sql) => sql.includes('"notes"'))).toHaveLength(3);
    const copy = await openLive(await createDatabase(postgres.url, [schema]));
    await copy.query('TRUNCATE regions, people, notes');
    await copy.query([...inserts, ...sample.sequences].join(';\n'));
    const sets = await copy.query(`SELECT count(*)::int AS n FROM notes n JOIN people p ON p.id = n.person
      JOIN regions r ON r.id = p.region WHERE p.loud = upper(p.name)`);
    await copy.close();
    expect(sets[0]?.rows).toEqual([{ n: 3 }]);
  });

  it('are the same for the same seed, and others for another', async () => {
    const texts = async (seed: number): Promise<string> =>
      JSON.stringify((await sampleRows(db, catalog, { relations: [oid('notes')], rows: 4, seed })).rows);
    expect(await texts(1)).toBe(await texts(1));
    expect(await texts(1)).not.toBe(await texts(2));
  });

  it('say when row security hides some, or a table may not be read', async () => {
    const reader = new URL(url);
    [reader.username, reader.password] = ['reader', 'reader'];
    const limited = await openLive(reader.href);
    const sample = await sampleRows(limited, catalog, {
      relations: [oid('secrets'), oid('closed')],
      rows: 5,
      seed: 1,
    });
    await limited.close();
    expect(sample.rows.flatMap(({ inserts }) => inserts)).toEqual([
      `INSERT INTO "public"."secrets" ("id", "owner") VALUES ('2', 'reader')`,
    ]);
    expect([...sample.notes].sort()).toEqual([
      '"public"."closed" could not be sampled: permission denied for table closed',
      '"public"."secrets": row security hides rows from this login, so the sample holds only what it sees',
    ]);
  });
});
