import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/1-read/catalog.js';
import { readCatalog } from '../../../src/1-read/read-catalog.js';
import { parseRoutines } from '../../../src/3-parse/parse-routines.js';
import { classify } from '../../../src/4-classify/classify.js';
import { policyText } from '../../../src/4-classify/table-hazards.js';
import { startEmbedded, type EmbeddedDatabase } from '../../../src/io/embedded-database.js';
import { loadSqlParser } from '../../../src/sql/load-sql-parser.js';

const policy = { name: 'own', command: 'select', roles: ['public'], using: null, check: null };

describe('policyText', () => {
  it('writes what holds for all', () => {
    expect(policyText({ ...policy, using: '(author_id = auth.uid())' })).toBe(
      'own (SELECT) USING (author_id = auth.uid())',
    );
    expect(policyText({ ...policy, using: '(open)' })).toBe('own (SELECT) USING (open)');
  });

  it('names the roles and the check', () => {
    expect(policyText({ ...policy, command: 'all', roles: ['authenticated'], check: 'true' })).toBe(
      'own (ALL, for authenticated) WITH CHECK (true)',
    );
  });
});

const schema = `
  CREATE TABLE owners (id integer PRIMARY KEY, rank integer CONSTRAINT own_rank UNIQUE DEFERRABLE);
  CREATE TABLE plain (id integer PRIMARY KEY);
  CREATE TABLE books (
    id integer PRIMARY KEY,
    owner_id integer CONSTRAINT of_owner REFERENCES owners DEFERRABLE INITIALLY DEFERRED
  );
  CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
  CREATE TRIGGER count_books AFTER INSERT ON books FOR EACH STATEMENT EXECUTE FUNCTION noted();
  CREATE TRIGGER each_book AFTER DELETE ON books FOR EACH ROW EXECUTE FUNCTION noted();
  CREATE CONSTRAINT TRIGGER balanced AFTER UPDATE ON plain DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION noted();
  CREATE FUNCTION add_book() RETURNS void LANGUAGE sql AS 'INSERT INTO books (id) VALUES (1)';
  CREATE FUNCTION drop_book() RETURNS void LANGUAGE sql AS 'DELETE FROM books WHERE id = 1';
  CREATE FUNCTION rank_owner() RETURNS void LANGUAGE sql AS 'UPDATE owners SET rank = 2 WHERE id = 1';
  CREATE FUNCTION drop_owner() RETURNS void LANGUAGE sql AS 'DELETE FROM owners WHERE id = 1';
  CREATE FUNCTION change_plain() RETURNS void LANGUAGE sql AS 'UPDATE plain SET id = 2 WHERE id = 1';
  CREATE FUNCTION add_plain() RETURNS void LANGUAGE sql AS 'INSERT INTO plain VALUES (1)';
  CREATE FUNCTION read_books() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM books';
  CREATE FUNCTION unfired() RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    SET LOCAL session_replication_role = replica;
    INSERT INTO books (id) VALUES (1);
  END $$;
`;

describe('what the database does by itself', () => {
  let db: EmbeddedDatabase;
  let catalog: Catalog;
  beforeAll(async () => {
    await loadSqlParser();
    db = await startEmbedded({ extensions: [] });
    await db.query(schema);
    catalog = await readCatalog(db);
  }, 120_000);
  afterAll(() => db.terminate());

  const told = async (name: string): Promise<readonly string[]> => {
    const routine = catalog.routines.find((one) => one.name === name);
    if (routine === undefined) throw new Error(`there is no ${name}`);
    const bodies = await parseRoutines([routine], catalog, db);
    const { hazards } = classify(routine, bodies.get(routine.oid) ?? [], catalog);
    return hazards.map(({ rule, message }) => `${rule}: ${message}`);
  };

  it('names triggers that fire, those once a statement as such', async () => {
    expect(await told('add_book')).toContain(
      'triggers: Writing to public.books fires count_books (once a statement), as before.',
    );
    expect(await told('drop_book')).toContain(
      'triggers: Writing to public.books fires each_book, as before.',
    );
    for (const name of ['add_plain', 'read_books'])
      expect((await told(name)).filter((one) => one.startsWith('triggers'))).toEqual([]);
  });

  it.each([
    ['add_book', 'of_owner of public.books'],
    ['rank_owner', 'own_rank, of_owner of public.owners'],
    ['drop_owner', 'of_owner of public.owners'],
    ['change_plain', 'balanced of public.plain'],
  ])('names what %s leaves to COMMIT', async (name, what) => {
    expect((await told(name)).filter((one) => one.startsWith('deferred'))).toEqual([
      `deferred: ${what} may be checked only when the transaction ends: the error then comes from COMMIT, after the last statement.`,
    ]);
  });

  it('names nothing that no deferred check follows', async () => {
    for (const name of ['add_plain', 'read_books'])
      expect((await told(name)).filter((one) => one.startsWith('deferred'))).toEqual([]);
  });

  it('names session_replication_role', async () => {
    expect(await told('unfired')).toContain(
      'replication-role: It names session_replication_role, under which triggers and foreign keys of what it writes do not run.',
    );
  });
});
