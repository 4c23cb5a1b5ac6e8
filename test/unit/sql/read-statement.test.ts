import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadSqlParser } from '../../../src/sql/load-sql-parser.js';
import { parseSql } from '../../../src/sql/parse-sql.js';
import { readStatement } from '../../../src/sql/read-statement.js';
import { readWithTypedTree } from '../../../src/sql/read-with-typed-tree.js';

beforeAll(loadSqlParser);

function read(text: string) {
  const result = readStatement(text);
  if (!result.ok) throw new Error(result.message);
  return result.reading;
}

/** Each argument as `name=text parameter casts`. */
function argumentsOf(text: string): readonly string[] {
  return (read(text).whole?.arguments ?? []).map(
    ({ name, start, end, parameter, casts, variadic, parameters }) =>
      [
        `${variadic ? 'variadic ' : ''}${name === null ? '' : `${name}=`}${text.slice(start, end)}`,
        ...(parameter === null ? [] : [`$${String(parameter)}`, ...casts.map((cast) => `:${cast}`)]),
        ...(parameter === null && parameters.length > 0 ? [`[${parameters.join()}]`] : []),
      ].join(' '),
  );
}

describe('arguments', () => {
  it.each([
    ['select f()', []],
    ['select f($1, $2)', ['$1 $1', '$2 $2']],
    ['select f($1::text::app.status)', ['$1::text::app.status $1 :text :app.status']],
    ['select f(cast($1 as numeric(12, 2)))', ['cast($1 as numeric(12, 2)) $1 :numeric(12, 2)']],
    ['select f(cast(($1) as "My Type"[])::text)', ['cast(($1) as "My Type"[])::text $1 :"My Type"[] :text']],
    [
      'select f(($1)::timestamp with time zone)',
      ['($1)::timestamp with time zone $1 :timestamp with time zone'],
    ],
    ["select f('a, (b', 1, -2.50)", ["'a, (b'", '1', '-2.50']],
    ["select f($$x, 'y$$, E'\\'', U&'d\\0061')", ["$$x, 'y$$", "E'\\''", "U&'d\\0061'"]],
    ['select f($1 + 1, g($2, $3))', ['$1 + 1 [1]', 'g($2, $3) [2,3]']],
    [
      'select f(array[$1, $2], row(1, 2), (select max(x) from t))',
      ['array[$1, $2] [1,2]', 'row(1, 2)', '(select max(x) from t)'],
    ],
    ['select f(/* a, b */ $1 -- c, d\n, $2)', ['$1 $1', '$2 $2']],
    ['select f(b => $1, "A" := $2::int)', ['b=$1 $1', 'A=$2::int $2 :int']],
    ['select f($1, variadic $2::int[])', ['$1 $1', 'variadic $2::int[] $2 :int[]']],
    ["select f('é🙂', $1)", ["'é🙂'", '$1 $1']],
    ['select /* é🙂 */ f($1::text)', ['$1::text $1 :text']],
    ['call p($1, null)', ['$1 $1', 'null']],
    [
      "select f(extract(year from $1::date), interval '1 day')",
      ['extract(year from $1::date) [1]', "interval '1 day'"],
    ],
    ['select f($1 collate "C")', ['$1 collate "C" [1]']],
  ])('%s', (text, expected) => {
    expect(argumentsOf(text)).toEqual(expected);
  });
});

describe('forms', () => {
  it.each([
    ['select f(1)', { form: 'scalar', schema: null, name: 'f', scalarKey: 'f' }],
    ['SELECT App.F(1) AS "X"', { form: 'scalar', schema: 'app', name: 'f', scalarKey: 'X' }],
    ['select "We""ird"(1) x;', { form: 'scalar', name: 'We"ird', scalarKey: 'x' }],
    ['select * from f(1)', { form: 'from', columns: null, tableAlias: null }],
    ['select t.* from f(1) t', { form: 'from', columns: null, tableAlias: 't' }],
    [
      'select f.a, b as "C" from f(1)',
      {
        form: 'from',
        columns: [
          { name: 'a', alias: 'a' },
          { name: 'b', alias: 'C' },
        ],
      },
    ],
    ['select * from f(1) as t(x, y)', { form: 'from', columns: null, columnAliases: ['x', 'y'] }],
    ['select (f(1)).*', { form: 'expand', columns: null }],
    ['select (f(1)).total', { form: 'expand', columns: [{ name: 'total', alias: 'total' }] }],
    ['call app.p(1)', { form: 'call', schema: 'app', name: 'p' }],
  ])('%s', (text, expected) => {
    expect(read(text).whole).toMatchObject(expected);
  });
});

describe('larger statements', () => {
  it.each([
    ['select f(1), g(2)', 'SELECT has several columns', ['f', 'g']],
    ['select f(1)::text', 'the result goes into an expression', ['f']],
    ['select f(1) from t', 'FROM names a table', ['f']],
    ['select a + 1 from f(1)', 'SELECT computes on the result', ['f']],
    ['select count(*) from f(1)', 'SELECT computes on the result', ['count', 'f']],
    ['select *, 1 from f(1)', 'SELECT computes on the result', ['f']],
    ['select other.a from f(1) t', 'SELECT computes on the result', ['f']],
    ['select * from f(1), g(2)', 'FROM names several tables', ['f', 'g']],
    ['select * from f(1) with ordinality', 'FROM uses ORDINALITY or ROWS FROM', ['f']],
    ['select * from f(1) as t(a int)', 'FROM has a column definition list', ['f']],
    ['select * from f(1) where a > 1', 'the statement has WHERE', ['f']],
    ['select * from f(1) order by 1', 'the statement has ORDER BY', ['f']],
    ['select * from f(1) limit 1', 'the statement has LIMIT', ['f']],
    ['select distinct f(1)', 'the statement has DISTINCT', ['f']],
    ['select f(1) union all select g(2)', 'the statement has a set operation', ['f', 'g']],
    ['with a as (select 1) select f(1)', 'the statement has WITH', ['f']],
    ['select f(distinct a)', 'it is an aggregate or window call', ['f']],
    ['select f(1) over ()', 'it is an aggregate or window call', ['f']],
    ['select f(1); select g(2)', 'one of several statements', ['f', 'g']],
    ['update t set a = f(1)', 'inside UPDATE statement', ['f']],
    ['do $$ begin perform app.f(1); end $$', 'inside a DO block', ['f']],
    [
      'create function f() returns int language sql as $$ select g(1) $$',
      'inside CREATEFUNCTION statement',
      [],
    ],
    ["select 1 where 'f(1)' = '' -- g(1)", 'the statement has WHERE', []],
    ['-- nothing', 'no statement', []],
  ])('%s', (text, obstacle, names) => {
    const reading = read(text);
    expect(reading.whole).toBeNull();
    expect(reading.obstacle).toBe(obstacle);
    expect(reading.mentions.map(({ name }) => name)).toEqual(names);
  });
});

describe('text that cannot be read', () => {
  it.each([
    ['select f(', 'syntax error at end of input', 9],
    ['select é $1(1)', 'syntax error at or near "("', 11],
    ["select f('x", 'unterminated quoted string at or near "\'x"', 9],
    ['select f(1)\0, g(2)', 'the text holds a NUL character', 11],
  ])('%s', (text, message, position) => {
    expect(readStatement(text)).toEqual({ ok: false, message, position });
  });

  it('is what the two parsers read differently', () => {
    // PostgreSQL reads an identifier with Unicode escapes, pgsql-ast-parser a bit operation on a column u.
    const text = 'select U&"f"(1)';
    expect(parseSql(text).ok).toBe(true);
    expect(readWithTypedTree(text).kind).toBe('other');
    const message = 'the two SQL parsers read it differently (whether it is one call)';
    expect(readStatement(text)).toEqual({ ok: false, message, position: null });
  });
});

it('finds the extent of every argument, whatever stands between them', () => {
  const argument = fc.constantFrom(
    '$1',
    '$2::int',
    "'a, (b'",
    '(1, 2)',
    'array[1, 2]',
    "g('é🙂', $3)",
    '"Column"',
    '- 1',
  );
  const gap = fc.constantFrom('', ' ', '\n', '\r\n\t', ' /* , ( é */ ', ' -- , )\n');
  const list = fc.array(fc.tuple(gap, argument, gap), { maxLength: 5 });
  fc.assert(
    fc.property(gap, list, (before, pieces) => {
      const text = `select ${before}f${before}(${pieces.map((piece) => piece.join('')).join(',')})`;
      const found = read(text).whole?.arguments.map(({ start, end }) => text.slice(start, end));
      expect(found).toEqual(pieces.map((piece) => piece[1]));
    }),
    { numRuns: 150 },
  );
});
