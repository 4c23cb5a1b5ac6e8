/** Loops that one statement does the same as, and all that keeps a loop a loop. */
import { beforeAll, describe, expect, it } from 'vitest';
import { readCatalog } from '../../../../src/1-read/read-catalog.js';
import type { Step } from '../../../../src/3-parse/body.js';
import { parseRoutines } from '../../../../src/3-parse/parse-routines.js';
import {
  withSetBasedLoops,
  type SetBased,
} from '../../../../src/5-translate/set-based/with-set-based-loops.js';
import { startEmbedded } from '../../../../src/io/embedded-database.js';
import { loadSqlParser } from '../../../../src/sql/load-sql-parser.js';

const schema = `
  CREATE DOMAIN amount AS integer CHECK (VALUE > 0);
  CREATE TABLE groups (id integer PRIMARY KEY, code text UNIQUE, name text);
  CREATE TABLE items (
    id integer PRIMARY KEY, group_id integer REFERENCES groups, parent integer REFERENCES items,
    n integer, m integer, price numeric(8, 2), label text, short varchar(3), must text NOT NULL DEFAULT '',
    level integer CHECK (level < 5), size amount, sku text UNIQUE
  );
  CREATE TABLE plain (id integer PRIMARY KEY, other integer NOT NULL, n integer, label text, total integer NOT NULL);
  CREATE TABLE lines (a integer, b integer, n integer, PRIMARY KEY (a, b));
  CREATE TABLE shaped (id integer PRIMARY KEY, n integer, twice integer GENERATED ALWAYS AS (n * 2) STORED);
  CREATE TABLE watched (id integer PRIMARY KEY, n integer);
  CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
  CREATE TRIGGER watching AFTER UPDATE ON watched FOR EACH STATEMENT EXECUTE FUNCTION watch();
  CREATE TABLE ruled (id integer PRIMARY KEY, n integer);
  CREATE RULE quiet AS ON UPDATE TO ruled DO ALSO NOTIFY ruled;
  CREATE TABLE above (id integer PRIMARY KEY, n integer);
  CREATE TABLE below () INHERITS (above);
  CREATE TABLE guarded (id integer PRIMARY KEY, n integer);
  ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
  CREATE VIEW shown AS SELECT * FROM plain;
  CREATE FUNCTION own(v integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT v + 1';
`;

/** The body between BEGIN and END, with r a record, k an integer and p an integer argument. */
const same = {
  constant: `FOR r IN SELECT id FROM plain WHERE n > p LOOP UPDATE plain SET label = 'x' WHERE id = r.id; END LOOP;`,
  computed: `FOR r IN SELECT id, n, label FROM plain LOOP UPDATE plain SET n = r.n + p, label = r.label || '!' WHERE id = r.id; END LOOP;`,
  swapped: `FOR r IN SELECT id FROM plain LOOP UPDATE plain SET n = n - 1 WHERE r.id = plain.id; END LOOP;`,
  scalar: `FOR k IN SELECT id FROM plain LOOP UPDATE plain SET n = p WHERE id = k; END LOOP;`,
  joined: `FOR r IN SELECT i.id, g.name FROM items i JOIN groups g ON g.id = i.group_id LOOP UPDATE items SET label = r.name WHERE id = r.id; END LOOP;`,
  locked: `FOR r IN SELECT id FROM plain ORDER BY n FOR UPDATE LOOP UPDATE plain SET n = p WHERE id = r.id; END LOOP;`,
  composite: `FOR r IN SELECT a, b, n FROM lines LOOP UPDATE lines SET n = r.n WHERE a = r.a AND b = r.b; END LOOP;`,
  deleted: `FOR r IN SELECT id FROM plain WHERE n IS NULL LOOP DELETE FROM plain WHERE id = r.id; END LOOP;`,
  of_another: `FOR r IN SELECT id, name FROM groups LOOP UPDATE plain SET label = r.name WHERE id = r.id; END LOOP;`,
  among_others: `IF p > 1 THEN FOR r IN SELECT id FROM plain LOOP UPDATE plain SET label = 'x' WHERE id = r.id; END LOOP; END IF; DELETE FROM lines;`,
} as const;

const other = {
  found: `FOR r IN SELECT id FROM plain LOOP UPDATE plain SET n = 1 WHERE id = r.id; END LOOP; IF FOUND THEN DELETE FROM lines; END IF;`,
  row_count: `FOR r IN SELECT id FROM plain LOOP UPDATE plain SET n = 1 WHERE id = r.id; END LOOP; GET DIAGNOSTICS k = ROW_COUNT;`,
  read_later: `FOR r IN SELECT id FROM plain LOOP UPDATE plain SET n = 1 WHERE id = r.id; END LOOP; DELETE FROM lines WHERE a = r.id;`,
  two_steps: `FOR r IN SELECT id FROM plain LOOP UPDATE plain SET n = 1 WHERE id = r.id; DELETE FROM lines WHERE a = r.id; END LOOP;`,
  more_tests: `FOR r IN SELECT id FROM plain LOOP UPDATE plain SET n = 1 WHERE id = r.id AND n > 0; END LOOP;`,
  no_key: `FOR r IN SELECT n FROM plain LOOP UPDATE plain SET label = 'x' WHERE n = r.n; END LOOP;`,
  twice: `FOR r IN SELECT i.group_id AS id FROM items i LOOP UPDATE plain SET label = 'x' WHERE id = r.id; END LOOP;`,
  repeated: `FOR r IN SELECT g.id FROM groups g JOIN items i ON i.group_id = g.id LOOP UPDATE groups SET name = 'x' WHERE id = r.id; END LOOP;`,
  half_key: `FOR r IN SELECT a, b FROM lines LOOP UPDATE lines SET n = 1 WHERE a = r.a; END LOOP;`,
  subquery: `FOR r IN SELECT id FROM plain LOOP UPDATE plain SET n = (SELECT max(n) FROM plain) WHERE id = r.id; END LOOP;`,
  of_a_function: `FOR r IN SELECT id FROM plain LOOP UPDATE plain SET n = own(p) WHERE id = r.id; END LOOP;`,
  volatile_value: `FOR r IN SELECT id FROM plain LOOP UPDATE plain SET label = gen_random_uuid()::text WHERE id = r.id; END LOOP;`,
  volatile_query: `FOR r IN SELECT id FROM plain WHERE random() < 0.5 LOOP UPDATE plain SET n = 1 WHERE id = r.id; END LOOP;`,
  returning: `FOR r IN SELECT id FROM plain LOOP UPDATE plain SET n = 1 WHERE id = r.id RETURNING n INTO k; END LOOP;`,
  ordered: `FOR r IN SELECT id FROM plain ORDER BY id LOOP UPDATE plain SET n = 1 WHERE id = r.id; END LOOP;`,
  limited: `FOR r IN SELECT id FROM plain LIMIT 3 LOOP UPDATE plain SET n = 1 WHERE id = r.id; END LOOP;`,
  skipping: `FOR r IN SELECT id FROM plain FOR UPDATE SKIP LOCKED LOOP UPDATE plain SET n = 1 WHERE id = r.id; END LOOP;`,
  union: `FOR r IN SELECT id FROM plain UNION SELECT id FROM groups LOOP UPDATE plain SET n = 1 WHERE id = r.id; END LOOP;`,
  grouped: `FOR r IN SELECT id, count(*) AS c FROM plain GROUP BY id LOOP UPDATE plain SET n = r.c WHERE id = r.id; END LOOP;`,
  not_null: `FOR r IN SELECT id, n FROM plain LOOP UPDATE plain SET total = r.n WHERE id = r.id; END LOOP;`,
  two_errors: `FOR r IN SELECT id, n FROM items LOOP UPDATE items SET n = r.n + 1, short = r.n::text WHERE id = r.id; END LOOP;`,
  divided: `FOR r IN SELECT id, n FROM plain LOOP UPDATE plain SET n = r.n / p WHERE id = r.id; END LOOP;`,
  query_fails: `FOR r IN SELECT id, n / p AS part FROM plain LOOP UPDATE plain SET n = r.part + 1 WHERE id = r.id; END LOOP;`,
  checked: `FOR r IN SELECT id, n FROM items LOOP UPDATE items SET level = 1 WHERE id = r.id; END LOOP;`,
  of_a_domain: `FOR r IN SELECT id, n FROM items LOOP UPDATE items SET size = 1 WHERE id = r.id; END LOOP;`,
  unique: `FOR r IN SELECT id, label FROM items LOOP UPDATE items SET sku = r.label WHERE id = r.id; END LOOP;`,
  refers: `FOR r IN SELECT id, n FROM items LOOP UPDATE items SET group_id = r.n WHERE id = r.id; END LOOP;`,
  referred_to: `FOR r IN SELECT id FROM groups LOOP DELETE FROM groups WHERE id = r.id; END LOOP;`,
  own_key: `FOR r IN SELECT id FROM plain LOOP UPDATE plain SET id = r.id + 1 WHERE id = r.id; END LOOP;`,
  generated: `FOR r IN SELECT id FROM shaped LOOP UPDATE shaped SET n = 1 WHERE id = r.id; END LOOP;`,
  triggered: `FOR r IN SELECT id FROM watched LOOP UPDATE watched SET n = 1 WHERE id = r.id; END LOOP;`,
  ruled: `FOR r IN SELECT id FROM ruled LOOP UPDATE ruled SET n = 1 WHERE id = r.id; END LOOP;`,
  inherited: `FOR r IN SELECT id FROM above LOOP UPDATE above SET n = 1 WHERE id = r.id; END LOOP;`,
  guarded: `FOR r IN SELECT id FROM guarded LOOP UPDATE guarded SET n = 1 WHERE id = r.id; END LOOP;`,
  of_a_view: `FOR r IN SELECT id FROM plain LOOP UPDATE shown SET n = 1 WHERE id = r.id; END LOOP;`,
  to_default: `FOR r IN SELECT id FROM items LOOP UPDATE items SET label = DEFAULT WHERE id = r.id; END LOOP;`,
  insert: `FOR r IN SELECT id FROM plain LOOP INSERT INTO lines VALUES (r.id, 1, 1); END LOOP;`,
  leaves: `FOR r IN SELECT id FROM plain LOOP EXIT; END LOOP;`,
} as const;

describe('loops as single statements', () => {
  const found = new Map<string, SetBased | null>();
  beforeAll(async () => {
    await loadSqlParser();
    const db = await startEmbedded({ extensions: [] });
    try {
      const functions = Object.entries({ ...same, ...other }).map(
        ([name, body]) => `CREATE FUNCTION t_${name}(p integer) RETURNS void LANGUAGE plpgsql AS $$
          DECLARE r record; k integer; BEGIN ${body} END $$;`,
      );
      await db.query([schema, ...functions].join('\n'));
      const catalog = await readCatalog(db);
      const routines = catalog.routines.filter(({ name }) => name.startsWith('t_'));
      const bodies = await parseRoutines(routines, catalog, db);
      for (const { name, oid } of routines) {
        const body = bodies.get(oid);
        if (body === undefined || !('kind' in body) || body.kind !== 'plpgsql')
          throw new Error(`${name}: ${JSON.stringify(body)}`);
        found.set(name.slice(2), withSetBasedLoops(body, catalog));
      }
    } finally {
      await db.terminate();
    }
  }, 180_000);

  it.each(Object.keys(same))('%s: one statement', (name) => {
    const made = found.get(name);
    expect(made).not.toBeNull();
    expect(loopsIn(made?.body.block.statements ?? [])).toBe(0);
  });

  it.each(Object.keys(same))('%s: what a second session could tell', (name) => {
    // A statement over rows that it locks, or of another table, looks for their keys as they were before.
    const moves = ['locked', 'of_another'].includes(name);
    expect(found.get(name)?.difference ?? null).toEqual(
      moves ? expect.stringContaining('its new key') : null,
    );
  });

  it.each(Object.keys(other))('%s stays a loop', (name) => {
    expect(found.get(name)).toBeNull();
  });
});

function loopsIn(steps: readonly Step[]): number {
  return JSON.stringify(steps).split('"for-query"').length - 1;
}
