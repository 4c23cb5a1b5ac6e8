import { beforeAll, describe, expect, test } from 'vitest';
import { loadSqlParser } from '../../../src/sql/load-sql-parser.js';
import { splitStatements, type FileStatement } from '../../../src/sql/split-statements.js';

beforeAll(() => loadSqlParser());

function split(text: string): readonly FileStatement[] {
  const result = splitStatements(text);
  if (!result.ok) throw new Error(result.message);
  for (const statement of result.statements)
    expect(text.slice(statement.start)).toContain(statement.text.slice(0, 5));
  return result.statements;
}

test('statements stand without the comments before them, at their place in the file', () => {
  const text = `-- größe;\n/* one; */ SELECT 'é;';--> statement-breakpoint\n\nSELECT 2;;\n-- end`;
  expect(split(text).map(({ text, start }) => [text, start])).toEqual([
    [`SELECT 'é;'`, 21],
    ['SELECT 2', text.indexOf('SELECT 2')],
  ]);
});

test('bodies keep their semicolons', () => {
  const statements = split(`
    CREATE FUNCTION a() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END;
    CREATE FUNCTION b() RETURNS void LANGUAGE plpgsql AS $body$ BEGIN PERFORM '$$;\\d'; END; $body$;
    DO LANGUAGE plpgsql $$ BEGIN NULL; END $$`);
  expect(statements.map(({ kind, language }) => [kind, language])).toEqual([
    ['CreateFunctionStmt', 'sql'],
    ['CreateFunctionStmt', 'plpgsql'],
    ['DoStmt', 'plpgsql'],
  ]);
});

describe('what only psql understands is removed and named', () => {
  const text = [
    '\\restrict abc',
    `SELECT E'\\'\\n', '\\', "\\a", $$\\b$$ /* /* \\c */ \\d */;`,
    'COPY public."Big Account" (id, note) FROM stdin;',
    "1\tit's; $$ \\N",
    '\\.',
    'SELECT 2 \\gset',
    'SELECT 3;',
  ].join('\n');

  test('statements', () => {
    expect(split(text).map((statement) => statement.text.slice(0, 8))).toEqual(
      ["SELECT E'", 'COPY pub', 'SELECT 2', 'SELECT 3'].map((words) => words.slice(0, 8)),
    );
    expect(split(text)[1]?.copiesFromClient).toBe(true);
  });

  test('names', () => {
    const result = splitStatements(text);
    expect(result.ok && result.removed.map(({ what }) => what)).toEqual([
      '\\restrict',
      'rows of COPY public."Big Account"',
      '\\gset',
    ]);
  });
});

test.each([
  ['GRANT SELECT ON a TO reader, PUBLIC', ['reader']],
  ['GRANT parent TO child', ['child', 'parent']],
  ['CREATE POLICY p ON t TO authenticated, current_user USING (true)', ['authenticated']],
  ['ALTER DEFAULT PRIVILEGES FOR ROLE boss IN SCHEMA s REVOKE ALL ON TABLES FROM anon', ['anon', 'boss']],
  ['SET ROLE "Mixed"', ['Mixed']],
  ['SET SESSION AUTHORIZATION ada', ['ada']],
  ['ALTER TABLE t OWNER TO boss', ['boss']],
  ['CREATE SCHEMA AUTHORIZATION joe', ['joe']],
  ['DROP ROLE gone', []],
  ['CREATE ROLE fresh', []],
])('roles of %s', (text, roles) => {
  expect([...(split(text)[0]?.roles ?? [])].sort()).toEqual([...roles].sort());
});

test('owner changes, extensions and transactions are told apart', () => {
  const statements = split(`
    ALTER TABLE t OWNER TO a; ALTER TABLE t OWNER TO a, ADD COLUMN x int; ALTER FUNCTION f() OWNER TO a;
    CREATE EXTENSION IF NOT EXISTS "uuid-ossp" SCHEMA x; COMMENT ON EXTENSION hstore IS 'h'; BEGIN; END; SAVEPOINT s`);
  expect(statements.map((s) => [s.ownerOnly, s.extension, s.transaction])).toEqual([
    [true, null, null],
    [false, null, null],
    [true, null, null],
    [false, 'uuid-ossp', null],
    [false, 'hstore', null],
    [false, null, 'opens'],
    [false, null, 'closes'],
    [false, null, null],
  ]);
});

test('a text that does not parse says where', () => {
  const text = `SELECT 'é';\nSELEC 2;`;
  expect(splitStatements(text)).toMatchObject({ ok: false, position: text.indexOf('SELEC 2') });
});

test('many blank lines before a statement take no time', () => {
  const text = `${'\n'.repeat(200)}${'-- note\n'.repeat(200)}SELECT 1;\n/* a */ COPY t FROM stdin;\n1\n\\.\n`;
  const statements = split(text);
  expect(statements.map((statement) => statement.copiesFromClient)).toEqual([false, true]);
});
