import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadSqlParser } from '../../../src/sql/load-sql-parser.js';
import { counterSchema, markBranches } from '../../../src/sql/mark-branches.js';

const labels = (source: string, language: 'plpgsql' | 'sql', depth: 'all' | 'steps' = 'steps') =>
  markBranches(source, language, depth)?.branches.map(({ label }) => label);

beforeAll(loadSqlParser);

describe('markBranches', () => {
  test('IF without ELSE has two sides', () => {
    expect(labels('BEGIN\n  IF a > 1 THEN\n    RETURN 1;\n  END IF;\nEND', 'plpgsql')).toEqual([
      'line 2: IF is true',
      'line 4: IF is not true',
    ]);
  });

  test('a loop is entered or not, a handler is a branch', () => {
    const source = `DECLARE r record;\nBEGIN\n  FOR r IN SELECT 1 LOOP\n    NULL;\n  END LOOP;\nEXCEPTION WHEN unique_violation OR others THEN\n  RETURN;\nEND;`;
    expect(labels(source, 'plpgsql')).toEqual([
      'line 3: FOR entered',
      'line 3: FOR not entered',
      'line 6: handler unique_violation or others',
    ]);
  });

  test('SELECT INTO finds or not; an aggregate and STRICT always find', () => {
    const one = (sql: string) => labels(`BEGIN ${sql}; END`, 'plpgsql');
    expect(one('SELECT a INTO x FROM t WHERE b = 1')).toHaveLength(2);
    expect(one('SELECT count(*) INTO x FROM t')).toEqual([]);
    expect(one('SELECT a INTO STRICT x FROM t')).toEqual([]);
    expect(one('x := (SELECT a FROM t)')).toEqual([]);
  });

  test('rows that are locked are there to be updated', () => {
    const body = (lock: string) =>
      `BEGIN SELECT a INTO x FROM t WHERE b = 1 ${lock}; UPDATE t SET a = 2 WHERE b = 1; RETURN FOUND; END`;
    expect(labels(body('FOR UPDATE'), 'plpgsql')).not.toContain('line 1: UPDATE not found');
    expect(labels(body(''), 'plpgsql')).toContain('line 1: UPDATE not found');
  });

  test('not to find a row is a branch where the body can tell', () => {
    const one = (sql: string) => labels(`BEGIN ${sql} END`, 'plpgsql');
    const missed = 'line 1: UPDATE not found';
    expect(one('UPDATE t SET a = 2 WHERE b = 1;')).toEqual(['line 1: UPDATE found']);
    expect(one('UPDATE t SET a = 2 WHERE b = 1; GET DIAGNOSTICS n = ROW_COUNT;')).toContain(missed);
    expect(one('UPDATE t SET a = 2 WHERE b = 1 RETURNING a INTO x;')).toContain(missed);
    expect(one('PERFORM 1 FROM t WHERE b = 1;')).toEqual(['line 1: PERFORM found']);
  });

  test('words in strings, comments and parentheses are no branches', () => {
    const source = `BEGIN -- IF x THEN\n  x := 'IF THEN' || (CASE WHEN a THEN 'b' ELSE 'c' END);\nEND`;
    expect(labels(source, 'plpgsql')).toEqual([]);
    expect(labels(source, 'plpgsql', 'all')).toHaveLength(2);
  });

  test('what does not scan is not marked', () => {
    expect(markBranches(`BEGIN 'open`, 'plpgsql', 'steps')).toBeNull();
  });
});

describe('a marked copy', () => {
  let db: PGlite;
  beforeAll(async () => {
    db = await PGlite.create();
    await db.exec(`CREATE TABLE t (id int PRIMARY KEY, n int); CREATE SCHEMA ${counterSchema};
      CREATE FUNCTION ${counterSchema}.seen(given int, value anyelement) RETURNS anyelement LANGUAGE plpgsql AS
        $$ BEGIN PERFORM nextval(format('${counterSchema}.b%s', CASE WHEN value IS NULL THEN given + 1 ELSE given END)::regclass); RETURN value; END $$`);
    for (let counter = 1; counter <= 20; counter += 1)
      await db.exec(`CREATE SEQUENCE ${counterSchema}.b${String(counter)}`);
  }, 60_000);
  afterAll(() => db.close());

  async function taken(source: string, language: 'plpgsql' | 'sql', returns: string, call: string) {
    const marked = markBranches(source, language, 'all');
    if (marked === null) throw new Error('it does not scan');
    for (let counter = 1; counter <= 20; counter += 1)
      await db.exec(`ALTER SEQUENCE ${counterSchema}.b${String(counter)} RESTART`);
    await db.exec('DROP FUNCTION IF EXISTS f');
    await db.exec(
      `CREATE FUNCTION f(a int, b int DEFAULT NULL) RETURNS ${returns} LANGUAGE ${language} AS $f$${marked.text}$f$`,
    );
    const { rows } = await db.query<Record<string, unknown>>(`SELECT * FROM ${call}`);
    const hit: string[] = [];
    for (const { label, counter, taken: kind } of marked.branches) {
      const state = await db.query<{ is_called: boolean }>(
        `SELECT is_called FROM ${counterSchema}.b${String(counter)}`,
      );
      if (state.rows[0]?.is_called === (kind === 'hit')) hit.push(label);
    }
    return { rows, hit };
  }

  test('gives what the body gives and keeps FOUND and ROW_COUNT', async () => {
    await db.exec('DELETE FROM t; INSERT INTO t VALUES (1, 5)');
    const source = `DECLARE c int;
BEGIN
  UPDATE t SET n = n + 1 WHERE id = a;
  IF FOUND AND a > 0 THEN
    GET DIAGNOSTICS c = ROW_COUNT;
    RETURN c;
  END IF;
  RETURN -1;
END`;
    expect(await taken(source, 'plpgsql', 'int', 'f(1)')).toEqual({
      rows: [{ f: 1 }],
      hit: ['line 3: UPDATE found', 'line 4: IF is true'],
    });
    expect(await taken(source, 'plpgsql', 'int', 'f(2)')).toEqual({
      rows: [{ f: -1 }],
      hit: ['line 3: UPDATE not found', 'line 7: IF is not true'],
    });
  });

  test('counts what a handler took back', async () => {
    const source = `BEGIN
  IF a = 1 THEN PERFORM 1 / 0; END IF;
  RETURN 'fine';
EXCEPTION WHEN division_by_zero THEN
  RETURN 'caught';
END`;
    const { rows, hit } = await taken(source, 'plpgsql', 'text', 'f(1)');
    expect(rows).toEqual([{ f: 'caught' }]);
    expect(hit).toEqual(['line 2: IF is true', 'line 4: handler division_by_zero']);
  });

  test('arms of CASE, sides of COALESCE and what WHERE finds', async () => {
    await db.exec('DELETE FROM t; INSERT INTO t VALUES (1, NULL), (2, 7)');
    const source = `SELECT CASE a WHEN 1 THEN 'one' ELSE 'many' END || coalesce(n, 0)::text FROM t WHERE id = a`;
    const found = await taken(source, 'sql', 'text', 'f(1)');
    expect(found.rows).toEqual([{ f: 'one0' }]);
    expect(found.hit).toEqual(
      ['line 1: COALESCE gives another', 'line 1: CASE arm', 'line 1: WHERE finds a row'].sort(
        (x, y) => found.hit.indexOf(x) - found.hit.indexOf(y),
      ),
    );
    expect((await taken(source, 'sql', 'text', 'f(9)')).hit).toContain('line 1: WHERE finds none');
  });

  test('conflicts are met or not, and nothing is written where nothing was', async () => {
    await db.exec('DELETE FROM t; INSERT INTO t VALUES (1, 5)');
    const source = `INSERT INTO t (id, n) VALUES (a, b) ON CONFLICT (id) DO NOTHING RETURNING n`;
    expect((await taken(source, 'sql', 'int', 'f(1, 8)')).hit).toEqual(['line 1: ON CONFLICT met']);
    expect((await db.query('SELECT n FROM t')).rows).toEqual([{ n: 5 }]);
    expect(await taken(source, 'sql', 'int', 'f(2, 8)')).toEqual({
      rows: [{ f: 8 }],
      hit: ['line 1: ON CONFLICT not met'],
    });
  });
});
