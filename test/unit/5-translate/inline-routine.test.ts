import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/1-read/catalog.js';
import { readCatalog } from '../../../src/1-read/read-catalog.js';
import { findCallSites } from '../../../src/2-find/find-call-sites.js';
import { resolveSites } from '../../../src/2-find/resolve-sites.js';
import type { UserProject } from '../../../src/1-read/user-project.js';
import type { ResultUse } from '../../../src/2-find/result-use.js';
import { routineNames } from '../../../src/2-find/scan-names.js';
import { inlineRoutine } from '../../../src/5-translate/inline-routine.js';
import { startEmbedded, type EmbeddedDatabase } from '../../../src/io/embedded-database.js';
import { judgeRoutines } from '../../../src/pipeline/judge-routines.js';
import { loadSqlParser } from '../../../src/sql/load-sql-parser.js';

const schema = `
  CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
  CREATE TABLE orders (id integer PRIMARY KEY, customer text NOT NULL, parent integer, code bigint);
  CREATE TABLE lines (id integer PRIMARY KEY, order_id integer NOT NULL, amount numeric(12,2) NOT NULL, note text);
  INSERT INTO orders VALUES (1, 'ann', NULL, 10), (2, 'bob', 1, 20), (3, 'ann', 1, NULL), (4, 'cy', 2, 40);
  INSERT INTO lines VALUES (1, 2, 5, 'x'), (2, 1, 7.50, 'y'), (3, 1, 2, NULL), (4, 3, 1, 'z'), (5, 9, 3, 'x');

  CREATE FUNCTION order_total(p_order integer) RETURNS numeric LANGUAGE sql STABLE
    AS 'SELECT sum(amount) FROM lines WHERE order_id = p_order';
  CREATE FUNCTION double(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n * 2';
  CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n + n';
  CREATE FUNCTION clamp(n bigint, low bigint DEFAULT 0, high bigint DEFAULT 100) RETURNS bigint
    LANGUAGE sql IMMUTABLE AS 'SELECT CASE WHEN n < low THEN low WHEN n > high THEN high ELSE n END';
  CREATE FUNCTION first_note(o integer) RETURNS text LANGUAGE sql STABLE
    AS 'SELECT note FROM lines WHERE order_id = o ORDER BY id DESC';
  CREATE FUNCTION has_lines(o integer) RETURNS boolean LANGUAGE sql STABLE
    AS 'SELECT EXISTS (SELECT 1 FROM lines l WHERE l.order_id = o)';
  CREATE FUNCTION siblings(o integer) RETURNS bigint LANGUAGE sql STABLE
    AS 'SELECT count(*) FROM orders o WHERE o.parent = $1';
  CREATE FUNCTION strict_label(o integer, t text) RETURNS text LANGUAGE sql STABLE STRICT
    AS 'SELECT coalesce(t, ''none'') || (SELECT count(*) FROM lines WHERE order_id = o)';
  CREATE FUNCTION lines_of(o integer) RETURNS TABLE (line_id integer, total numeric) LANGUAGE sql STABLE
    AS 'SELECT id, amount FROM lines WHERE order_id = o ORDER BY id';
  CREATE FUNCTION line_rows(o integer) RETURNS SETOF lines LANGUAGE sql STABLE
    AS 'SELECT * FROM lines WHERE order_id = o ORDER BY id';
  CREATE FUNCTION one_line(o integer) RETURNS lines LANGUAGE sql STABLE
    AS 'SELECT * FROM lines WHERE order_id = o ORDER BY id';
  CREATE FUNCTION ids_of(c text) RETURNS SETOF integer LANGUAGE sql STABLE
    AS 'SELECT id FROM orders WHERE customer = c';
  CREATE FUNCTION rounded(n numeric) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n::integer';
  CREATE FUNCTION as_positive(n integer) RETURNS positive LANGUAGE sql IMMUTABLE AS 'SELECT n';
  CREATE FUNCTION plain_total(o integer) RETURNS numeric LANGUAGE plpgsql STABLE
    AS 'BEGIN RETURN (SELECT sum(amount) FROM lines WHERE order_id = o); END';
  CREATE FUNCTION lazy(o integer) RETURNS numeric LANGUAGE sql AS 'SELECT sum(amount) FROM lines WHERE order_id = o';
  CREATE FUNCTION rolled() RETURNS double precision LANGUAGE sql AS 'SELECT random()';
  CREATE FUNCTION added(o integer) RETURNS integer LANGUAGE sql
    AS 'INSERT INTO lines VALUES (o + 100, o, 1, NULL) RETURNING id';
  CREATE FUNCTION locked(o integer) RETURNS integer LANGUAGE sql
    AS 'SELECT id FROM orders WHERE id = o FOR UPDATE';
  CREATE FUNCTION steps(o integer) RETURNS numeric LANGUAGE plpgsql STABLE
    AS 'DECLARE t numeric; BEGIN SELECT sum(amount) INTO t FROM lines WHERE order_id = o; t := t + 1; RETURN t; END';
  CREATE FUNCTION nothing(o integer) RETURNS void LANGUAGE sql STABLE AS 'SELECT 1';
  CREATE FUNCTION summed(n integer) RETURNS bigint LANGUAGE sql STABLE AS 'SELECT sum(n) FROM lines';
  CREATE FUNCTION many(VARIADIC ns integer[]) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT ns[1]';
`;

let database: EmbeddedDatabase;
let catalog: Catalog;

beforeAll(async () => {
  await loadSqlParser();
  database = await startEmbedded({ extensions: [] });
  await database.query(schema);
  catalog = await readCatalog(database);
}, 120_000);
afterAll(() => database.terminate());

const nothingKnown = { arguments: [] } as unknown as ResultUse;
const noProject = { tables: [] } as unknown as UserProject;

/** The statement with its last call replaced, or the refusal of that call. */
async function inlined(
  statement: string,
): Promise<{ readonly text: string | null; readonly refusal: string }> {
  const code = `await pool.query(${JSON.stringify(statement)}, values);`;
  const sites = findCallSites({ path: '/root/a.ts', text: code }, routineNames(catalog), '/root');
  const [site] = sites.filter((one) => one.refusal === null).concat(sites);
  if (site === undefined) throw new Error('no site');
  if (site.refusal !== null) return { text: null, refusal: `${site.refusal.reason}: ${site.refusal.detail}` };
  const { resolved, unresolved } = await resolveSites([site], catalog, database);
  const [one] = resolved;
  if (one === undefined)
    return {
      text: null,
      refusal: `${unresolved[0]?.refusal.reason ?? ''}: ${unresolved[0]?.refusal.detail ?? ''}`,
    };
  const verdict = (await judgeRoutines(resolved, catalog, database)).get(one.routine.oid)?.verdict;
  if (verdict === undefined || verdict.kind === 'keep')
    return { text: null, refusal: verdict?.reasons[0].id ?? '' };
  const draft = inlineRoutine({ site: one, use: nothingKnown, verdict, catalog, project: noProject });
  if (draft.kind === 'none') return { text: null, refusal: `${draft.reason}: ${draft.detail}` };
  const { offset, end } = site.embedded?.call ?? { offset: 0, end: 0 };
  return { text: statement.slice(0, offset) + draft.text + statement.slice(end), refusal: '' };
}

type Value = string | number | null;
type Case = readonly [name: string, statement: string, ...values: Value[]];

async function rowsOf(statement: string, values: readonly Value[]): Promise<unknown> {
  try {
    const text = statement.replace(/\$(\d+)/g, (_, n: string) => literal(values[Number(n) - 1]));
    const [result] = await database.query(`SELECT json_agg(r)::text AS rows FROM (${text}) AS r`);
    return result;
  } catch (error) {
    return `error: ${error instanceof Error ? error.message : ''}`;
  }
}

function literal(value: Value | undefined): string {
  return value === null || value === undefined ? 'NULL' : `'${String(value)}'`;
}

describe('a call inside a larger statement becomes SQL that gives the same', () => {
  const cases: readonly Case[] = [
    ['a value of each row, named as before', 'SELECT id, order_total(id) FROM orders ORDER BY id'],
    ['a qualified argument', 'SELECT order_total(o.id) AS t FROM orders o ORDER BY 1'],
    ['an alias that the body has too', 'SELECT siblings(o.id) FROM orders o ORDER BY o.id'],
    ['an expression in WHERE', 'SELECT id FROM orders WHERE double(id) > $1 ORDER BY id', 4],
    ['an argument used twice', 'SELECT twice(id + 1) FROM orders ORDER BY id'],
    ['an argument used twice that is a parameter', 'SELECT twice($1) AS v, $1::integer AS w', 4],
    ['defaults', 'SELECT clamp(code * 5) FROM orders ORDER BY id'],
    ['named arguments', 'SELECT clamp(high => 15, n => code) FROM orders ORDER BY id'],
    ['the first of several rows', 'SELECT first_note(o.id) AS n FROM orders o ORDER BY o.id'],
    ['EXISTS', 'SELECT id FROM orders o WHERE has_lines(o.id) AND NOT has_lines(o.id + 1) ORDER BY id'],
    ['STRICT', 'SELECT strict_label(o.parent, o.customer) FROM orders o ORDER BY o.id'],
    ['an aggregate as argument of an expression', 'SELECT double(max(id)) FROM orders'],
    ['a cast round the call', 'SELECT order_total(o.id)::text FROM orders o ORDER BY o.id'],
    ['a cast round an expression', 'SELECT double(o.id)::text FROM orders o ORDER BY o.id'],
    ['ELSE', 'SELECT CASE WHEN id = 1 THEN 0 ELSE double(id) END FROM orders ORDER BY id'],
    ['FROM', 'SELECT l.total, o.id FROM orders o JOIN lines_of($1) l ON l.line_id = o.id ORDER BY 1', 1],
    ['FROM without alias', 'SELECT lines_of.total + 1 AS t FROM lines_of($1) WHERE total > 1', 1],
    ['FROM with column aliases', 'SELECT a + 1 AS x, b FROM lines_of($1) AS l(a, b) ORDER BY a', 1],
    ['LATERAL', 'SELECT o.id, l.* FROM orders o CROSS JOIN LATERAL lines_of(o.id) AS l ORDER BY 1, 2'],
    ['lateral unsaid', 'SELECT o.id, l.total FROM orders o, lines_of(o.id) AS l ORDER BY 1, 2'],
    [
      'LEFT JOIN',
      'SELECT o.id, l.id AS line FROM orders o LEFT JOIN line_rows(o.id) l ON l.amount > 2 ORDER BY 1, 2',
    ],
    ['one row of a table in FROM', 'SELECT o.id, l.note FROM orders o, one_line(o.id) AS l ORDER BY 1'],
    ['a scalar in FROM', 'SELECT o.id, t FROM orders o, order_total(o.id) AS t ORDER BY 1'],
    [
      'an argument that the body would capture, in FROM',
      'SELECT o.id, l.total FROM orders o, lines_of(parent) AS l ORDER BY 1, 2',
    ],
    ['IN', 'SELECT id FROM orders WHERE id IN (SELECT ids_of($1)) ORDER BY id', 'ann'],
    ['a set in FROM', 'SELECT i + 1 AS n FROM ids_of($1) AS i ORDER BY 1', 'ann'],
    ['a result that is cast', 'SELECT rounded(amount) AS r FROM lines ORDER BY id'],
    ['a domain', 'SELECT as_positive(id - 1) AS p FROM orders ORDER BY id'],
    ['a domain that holds', 'SELECT as_positive(id) AS p FROM orders ORDER BY id'],
    ['PL/pgSQL', 'SELECT plain_total(o.id) AS t FROM orders o ORDER BY o.id'],
    ['VOLATILE, once', 'SELECT lazy($1) AS t, 1 AS one', 1],
    ['ORDER BY', 'SELECT id FROM orders o ORDER BY order_total(o.id) DESC NULLS LAST, id'],
    [
      'a subquery round it',
      'SELECT (SELECT max(order_total(x.id)) FROM orders x WHERE x.parent = o.id) AS m FROM orders o ORDER BY o.id',
    ],
    [
      'a common table',
      'WITH lines AS (SELECT 1 AS id) SELECT order_total(o.id) AS t FROM orders o, lines ORDER BY o.id',
    ],
    ['HAVING', 'SELECT customer FROM orders GROUP BY customer HAVING double(count(*)::integer) > 2'],
    [
      'an argument with a subquery',
      'SELECT order_total((SELECT min(x.id) FROM orders x)) AS t FROM orders o',
    ],
  ];
  it.each(cases.map(([name, statement, ...values]) => ({ name, statement, values })))(
    '$name',
    async ({ statement, values }) => {
      const { text, refusal } = await inlined(statement);
      expect(refusal).toBe('');
      expect(text).not.toBe(statement);
      expect(await rowsOf(text ?? '', values)).toEqual(await rowsOf(statement, values));
    },
  );
});

describe('what is written', () => {
  const cases: readonly (readonly [statement: string, written: string])[] = [
    [
      'SELECT order_total(o.id) AS t FROM orders o',
      'SELECT (select sum(lines.amount) from lines where lines.order_id = o.id) AS t FROM orders o',
    ],
    [
      // The body has a column of the same name, which would hide the argument.
      'SELECT order_total(id) FROM orders',
      'SELECT (select sum(lines.amount) from lines where lines.order_id = orders.id) as order_total FROM orders',
    ],
    [
      'SELECT order_total(id) FROM (SELECT 1 AS id) AS o',
      'SELECT (select (select sum(lines.amount) from lines where lines.order_id = args.p_order) from (select id::integer as p_order) as args) as order_total FROM (SELECT 1 AS id) AS o',
    ],
    [
      'SELECT id FROM orders o WHERE has_lines(id)',
      'SELECT id FROM orders o WHERE exists (select 1 from lines as l where l.order_id = o.id)',
    ],
    [
      'SELECT o.id, l.total FROM orders o LEFT JOIN lines_of(o.id) l ON l.total > 1',
      'SELECT o.id, l.total FROM orders o LEFT JOIN lateral (select lines.id as line_id, lines.amount as total from lines where lines.order_id = o.id order by lines.id) l ON l.total > 1',
    ],
    [
      'SELECT id FROM orders UNION SELECT order_total(o.id)::integer FROM orders o',
      'SELECT id FROM orders UNION SELECT (select sum(lines.amount) as order_total from lines where lines.order_id = o.id)::integer FROM orders o',
    ],
    ['SELECT id FROM orders WHERE double(id) > 2', 'SELECT id FROM orders WHERE (id * 2) > 2'],
    [
      'SELECT siblings(o.id) AS s FROM orders o',
      'SELECT (select count(*) from orders as o_2 where o_2.parent = o.id) AS s FROM orders o',
    ],
    [
      'SELECT l.total FROM orders o, lines_of(o.id) l',
      'SELECT l.total FROM orders o, lateral (select lines.id as line_id, lines.amount as total from lines where lines.order_id = o.id order by lines.id) l',
    ],
  ];
  it.each(cases)('%s', async (statement, written) => {
    const { text } = await inlined(statement);
    expect(text?.replace(/\n/g, ' ')).toBe(written);
  });
});

describe('what is kept, and why', () => {
  const cases: readonly (readonly [statement: string, detail: string])[] = [
    [
      'SELECT lazy(o.id) FROM orders o',
      'it is VOLATILE and runs once a row of orders; if it only reads, declare it STABLE',
    ],
    [
      'SELECT 1 FROM orders o JOIN lines l ON rolled() < 1',
      'it calls random(), which is volatile, and runs once a row of orders, lines',
    ],
    ['SELECT added(id) FROM orders', 'it writes (INSERT) and runs once a row of orders'],
    ['SELECT added(1), 2 AS b', 'it writes (INSERT) and runs once'],
    ['SELECT locked(1), 2 AS b', 'it locks rows and runs once'],
    ['SELECT steps(id) FROM orders', 'the routine is several steps'],
    ['SELECT nothing(id) FROM orders', 'it returns nothing and runs once a row of orders'],
    ['SELECT many(id, 2) FROM orders', 'a VARIADIC argument'],
    ['SELECT (one_line(id)).* FROM orders', '`(f(…)).*` runs it once a column'],
    ['SELECT (one_line(id)).note FROM orders', 'a field of its result is taken'],
    ['SELECT one_line(id) FROM orders', 'its result is a row'],
    ['SELECT l FROM orders, one_line(id) AS l', '`l` is a whole row in one column'],
    ['SELECT ids_of(customer) FROM orders', 'it gives several rows in SELECT'],
    [
      'SELECT order_total(max(id)) FROM orders',
      'an argument is an aggregate or window call of the larger statement',
    ],
    ['SELECT count(*) FROM orders GROUP BY double(id)', 'GROUP BY compares it'],
    ['SELECT double(id), count(*) FROM orders GROUP BY 1', ''],
    [
      'SELECT DISTINCT double(id) FROM orders ORDER BY double(id)',
      'GROUP BY or DISTINCT compares it with another call of it',
    ],
    ['SELECT double((random() * 9)::integer) FROM orders', 'the argument calls random(), which is volatile'],
    ['SELECT * FROM lines_of(1) WITH ORDINALITY', 'FROM uses ORDINALITY or ROWS FROM'],
    ['CREATE VIEW v AS SELECT double(1) AS d', 'inside VIEW statement'],
    ['SELECT double(1), 2; SELECT 3', 'one of several statements'],
    ['SELECT summed(id) FROM orders', 'an aggregate of an argument alone'],
  ];
  it.each(cases)('%s', async (statement, detail) => {
    const { refusal } = await inlined(statement);
    expect(refusal).toBe(detail === '' ? '' : `embedded: ${detail}`);
  });
});
