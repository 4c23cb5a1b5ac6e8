import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { Catalog } from '../../../src/1-read/catalog.js';
import { readCatalog } from '../../../src/1-read/read-catalog.js';
import { findCallSites } from '../../../src/2-find/find-call-sites.js';
import { findComponentSites } from '../../../src/2-find/find-component-sites.js';
import { findCandidates, signatureOf } from '../../../src/2-find/resolve-candidates.js';
import { resolveSites } from '../../../src/2-find/resolve-sites.js';
import { routineNames } from '../../../src/2-find/scan-names.js';
import { startEmbedded, type EmbeddedDatabase } from '../../../src/io/embedded-database.js';
import { loadSqlParser } from '../../../src/sql/load-sql-parser.js';

const schema = `
  CREATE SCHEMA app;
  CREATE SCHEMA closed;
  CREATE DOMAIN amount AS numeric(12,2);
  CREATE TABLE invoice (id int PRIMARY KEY, total numeric(12,2), "Note" text);
  CREATE FUNCTION add(a int, b int DEFAULT 7) RETURNS int LANGUAGE sql AS 'SELECT a + b';
  CREATE FUNCTION quiet(a int) RETURNS void LANGUAGE sql AS 'SELECT';
  CREATE FUNCTION one_invoice(a int) RETURNS invoice LANGUAGE sql AS 'SELECT * FROM invoice WHERE id = a';
  CREATE FUNCTION all_invoices() RETURNS SETOF invoice LANGUAGE sql AS 'SELECT * FROM invoice';
  CREATE FUNCTION open_items(a int) RETURNS TABLE (item_id int, item_total numeric) LANGUAGE sql
    AS 'SELECT id, total FROM invoice';
  CREATE FUNCTION single_out(a int, OUT result text) LANGUAGE sql AS 'SELECT a::text';
  CREATE FUNCTION numbers(a int) RETURNS SETOF int LANGUAGE sql AS 'SELECT a';
  CREATE FUNCTION total_of(VARIADIC list int[]) RETURNS int LANGUAGE sql AS 'SELECT 1';
  CREATE DOMAIN date_list AS date[];
  CREATE FUNCTION last_of(list anyarray) RETURNS anyelement LANGUAGE sql AS 'SELECT list[1]';
  CREATE FUNCTION either(a anyelement, b anyelement) RETURNS anyarray LANGUAGE sql AS 'SELECT ARRAY[a, b]';
  CREATE FUNCTION common(a anycompatible, VARIADIC b anycompatiblearray) RETURNS anycompatible LANGUAGE sql AS 'SELECT a';
  CREATE FUNCTION inside(a anyrange, b anyelement) RETURNS boolean LANGUAGE sql AS 'SELECT true';
  CREATE FUNCTION by_key(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
  CREATE FUNCTION by_key(a uuid) RETURNS text LANGUAGE sql AS 'SELECT 1::text';
  CREATE FUNCTION by_kind(a int, b text) RETURNS int LANGUAGE sql AS 'SELECT 1';
  CREATE FUNCTION by_kind(a int, b date) RETURNS int LANGUAGE sql AS 'SELECT 1';
  CREATE FUNCTION pay(a amount) RETURNS amount LANGUAGE sql AS 'SELECT a';
  CREATE FUNCTION lower(a int) RETURNS int LANGUAGE sql AS 'SELECT a';
  CREATE FUNCTION app.add(a int, b int DEFAULT 7) RETURNS int LANGUAGE sql AS 'SELECT a - b';
  CREATE FUNCTION app.elsewhere() RETURNS int LANGUAGE sql AS 'SELECT 1';
  CREATE FUNCTION secret() RETURNS int LANGUAGE sql AS 'SELECT 1';
  CREATE FUNCTION closed.hidden() RETURNS int LANGUAGE sql AS 'SELECT 1';
  CREATE PROCEDURE settle(a int, INOUT done boolean DEFAULT false) LANGUAGE plpgsql AS 'BEGIN done := true; END';
  CREATE PROCEDURE give(a int, OUT b int, OUT c text) LANGUAGE plpgsql AS 'BEGIN b := a; END';
  CREATE PROCEDURE sweep() LANGUAGE sql AS 'DELETE FROM invoice';
  CREATE ROLE clerk;
  GRANT USAGE ON SCHEMA app TO clerk;
  REVOKE EXECUTE ON FUNCTION secret() FROM PUBLIC;
  SET ROLE clerk`;

let database: EmbeddedDatabase;
let catalog: Catalog;

beforeAll(async () => {
  await loadSqlParser();
  database = await startEmbedded({ extensions: [] });
  await database.query(schema);
  catalog = await readCatalog(database);
}, 60_000);
afterAll(() => database.terminate());

/** The one site of a Drizzle statement, resolved. */
async function resolve(statement: string) {
  const text = `import { sql } from 'drizzle-orm';\nawait db.execute(sql\`${statement}\`);`;
  const sites = findCallSites({ path: '/root/a.ts', text }, routineNames(catalog), '/root');
  expect(sites).toHaveLength(1);
  const { resolved, unresolved } = await resolveSites(sites, catalog, database);
  expect(resolved.length + unresolved.length).toBe(1);
  return { site: resolved[0], refusal: unresolved[0]?.refusal };
}

const typeName = (oid: number): string => catalog.types.get(oid)?.sqlName ?? String(oid);

describe('the routine and its arguments', () => {
  it.each([
    ['SELECT add(${x}, ${y})', 'public.add', ['a=$1', 'b=$2']],
    ['SELECT add(${x})', 'public.add', ['a=$1', 'b default']],
    ['SELECT add(b => ${x}, a => ${y}::int)', 'public.add', ['a=$2::int', 'b=$1']],
    ['SELECT app.add(${x})', 'app.add', ['a=$1', 'b default']],
    ['SELECT total_of(${x}, ${y}::int)', 'public.total_of', ['list=ARRAY[$1, $2::int]::integer[]']],
    ['SELECT total_of(VARIADIC ${x}::int[])', 'public.total_of', ['list=$1::int[]']],
    ['CALL settle(${x})', 'public.settle', ['a=$1', 'done default']],
    ['CALL give(${x}, null, null)', 'public.give', ['a=$1']],
    ['CALL give(c => null, b => null, a => ${x})', 'public.give', ['a=$1']],
    ['CALL sweep()', 'public.sweep', []],
    ['SELECT pay(${x})', 'public.pay', ['a=$1']],
  ] as const)('%s', async (statement, name, bindings) => {
    const { site, refusal } = await resolve(statement);
    expect(refusal).toBeUndefined();
    expect(`${site?.routine.schema ?? ''}.${site?.routine.name ?? ''}`).toBe(name);
    const shown = site?.bindings.map(({ parameter, argument }) =>
      argument === null ? `${parameter.name ?? ''} default` : `${parameter.name ?? ''}=${argument.sql}`,
    );
    expect(shown).toEqual(bindings);
    expect(site?.bindings.map(({ position }) => position)).toEqual(bindings.map((_one, index) => index + 1));
  });

  it.each([
    ['SELECT last_of(${x}::text[])', ['text[]'], 'text'],
    ["SELECT last_of('{1}'::int[])", ['integer[]'], 'integer'],
    ['SELECT either(${x}::date, ${y})', ['date', 'date'], 'date[]'],
    ["SELECT either('a', ${y}::text)", ['text', 'text'], 'text[]'],
    ['SELECT common(1, 2.5, ${x}::bigint)', ['numeric', 'numeric[]'], 'numeric'],
    ['SELECT inside(int8range(1, 5), ${x})', ['int8range', 'bigint'], 'boolean'],
    ['SELECT last_of(${x}::date_list)', ['anyarray'], 'anyelement'],
    ['SELECT either(${x}::amount, ${y})', ['anyelement', 'anyelement'], 'anyarray'],
  ] as const)('gives a polymorphic routine the types of the call: %s', async (statement, types, result) => {
    const { site, refusal } = await resolve(statement);
    expect(refusal).toBeUndefined();
    expect(site?.routine.arguments.map(({ type }) => typeName(type))).toEqual(types);
    expect(typeName(site?.routine.returnType ?? 0)).toBe(result);
    expect((site?.routine.oid ?? 0) < 0).toBe(!types[0].startsWith('any'));
  });

  it('leaves a polymorphic call without types to PostgreSQL, which refuses it', async () => {
    const { refusal } = await resolve("SELECT either(${x}, 'a')");
    expect(refusal?.detail).toContain('polymorphic');
  });

  it.each([
    ['SELECT by_key(${x}::uuid)', 'uuid'],
    ['SELECT by_key(7)', 'integer'],
    ["SELECT by_key('7'::int + ${x})", 'integer'],
    ['SELECT by_kind(${x}, ${y}::date)', 'date'],
    ['SELECT by_kind(${x}, now()::date)', 'date'],
    ['SELECT by_kind(${x}, ${y})', 'text'],
  ])('chooses the overload that PostgreSQL chooses: %s', async (statement, type) => {
    const { site, refusal } = await resolve(statement);
    expect(refusal).toBeUndefined();
    expect(typeName(site?.bindings.at(-1)?.parameter.type ?? 0)).toBe(type);
  });
});

describe('the output', () => {
  it.each([
    ['SELECT add(1)', 'scalar', ['add<add:integer']],
    ['SELECT add(1) AS "Sum"', 'scalar', ['Sum<add:integer']],
    ['SELECT quiet(1)', 'void', ['quiet<quiet:void']],
    ['SELECT one_invoice(1)', 'scalar', ['one_invoice<one_invoice:public.invoice']],
    ['SELECT * FROM one_invoice(1)', 'row', ['id<id:integer', 'total<total:numeric', 'Note<Note:text']],
    ['SELECT (one_invoice(1)).*', 'row', ['id<id:integer', 'total<total:numeric', 'Note<Note:text']],
    ['SELECT i."Note" AS note, id FROM all_invoices() AS i', 'row', ['note<Note:text', 'id<id:integer']],
    ['SELECT * FROM open_items(1)', 'row', ['item_id<item_id:integer', 'item_total<item_total:numeric']],
    ['SELECT * FROM open_items(1) AS t(x)', 'row', ['x<item_id:integer', 'item_total<item_total:numeric']],
    ['SELECT x AS y FROM open_items(1) AS t(x)', 'row', ['y<item_id:integer']],
    ['SELECT * FROM numbers(1)', 'scalar', ['numbers<numbers:integer']],
    ['SELECT * FROM numbers(1) AS n', 'scalar', ['n<numbers:integer']],
    ['SELECT n AS m FROM numbers(1) AS n', 'scalar', ['m<numbers:integer']],
    ['SELECT * FROM single_out(1) AS t', 'scalar', ['result<single_out:text']],
    ['SELECT single_out(1)', 'scalar', ['single_out<single_out:text']],
    ['CALL settle(1)', 'row', ['done<done:boolean']],
    ['CALL give(1, null, null)', 'row', ['b<b:integer', 'c<c:text']],
    ['CALL sweep()', 'void', []],
  ])('%s', async (statement, shape, columns) => {
    const { site, refusal } = await resolve(statement);
    expect(refusal).toBeUndefined();
    expect(site?.output.shape).toBe(shape);
    const shown = site?.output.columns.map(({ key, source, type }) => `${key}<${source}:${typeName(type)}`);
    expect(shown?.map((one) => one.replace(/:invoice$/, ':public.invoice'))).toEqual(columns);
    const [described] = await database.describe([{ text: statement }]);
    expect(site?.output.columns.map(({ key }) => key)).toEqual(
      described?.ok === true ? described.columns.map(({ name }) => name) : 'not described',
    );
  });
});

describe('refusals', () => {
  it.each([
    [
      'SELECT add()',
      'routine-not-found',
      'no routine takes these arguments (42883); there is public.add(integer, integer)',
    ],
    ['SELECT add(1, 2, 3)', 'routine-not-found', '42883'],
    ['SELECT add(c => 1)', 'routine-not-found', '42883'],
    ['SELECT add(${x}::uuid)', 'routine-not-found', 'function add(uuid) does not exist (42883)'],
    ['SELECT nosuch(${x})', 'routine-not-found', 'no routine of the database has this name'],
    ['SELECT closed.add(1)', 'routine-not-found', 'schema closed has no such routine; app, public has one'],
    ['SELECT elsewhere()', 'routine-not-found', 'it is in schema app, which is not on the search path'],
    ['SELECT sweep()', 'routine-not-found', 'public.sweep() is a procedure: it is called with CALL (42809)'],
    [
      'CALL add(1)',
      'routine-not-found',
      'public.add(integer, integer) is a function: it is called with SELECT (42809)',
    ],
    ['SELECT secret()', 'not-visible', 'the login may not execute public.secret'],
    ['SELECT closed.hidden()', 'not-visible', 'permission denied for schema closed (42501)'],
    ['SELECT by_key(${x})', 'ambiguous-overload', 'function by_key(unknown) is not unique (42725)'],
    ['SELECT lower(${x}::int)', 'ambiguous-overload', 'public.lower(integer), pg_catalog.lower(…)'],
    ['SELECT nosuchcolumn FROM open_items(1)', 'call-parse-error', '42703'],
    ['SELECT t FROM open_items(1) AS t', 'embedded', '`t` is a whole row in one column'],
    ['SELECT count(*) FROM invoice GROUP BY add(id)', 'embedded', 'GROUP BY compares it'],
  ])('%s', async (statement, reason, detail) => {
    const { site, refusal } = await resolve(statement);
    expect(site).toBeUndefined();
    expect(refusal?.reason).toBe(reason);
    expect(refusal?.detail).toContain(detail);
  });
});

it('asks once for all sites, and not at all when syntax has refused them', async () => {
  const text =
    "await pool.query('SELECT add(1)'); await pool.query('SELECT by_key(7)'); await pool.query('SELECT add(')";
  const sites = findCallSites({ path: '/root/a.ts', text }, routineNames(catalog), '/root');
  let calls = 0;
  const counting = {
    describe: (requests: Parameters<typeof database.describe>[0]) => {
      calls += 1;
      return database.describe(requests);
    },
  };
  const { resolved, unresolved } = await resolveSites(sites, catalog, counting);
  expect([resolved.length, unresolved.length, calls]).toEqual([2, 1, 1]);
  await resolveSites(sites.slice(2), catalog, counting);
  expect(calls).toBe(1);
});

test('a call of a component stays refused, whatever it asks for', async () => {
  const text = `<script>await supabase.rpc('add', { a: 1 })</script>`;
  const sites = findComponentSites({ path: '/root/A.vue', text }, routineNames(catalog), '/root');
  const { resolved, unresolved } = await resolveSites(sites, catalog, database);
  expect(resolved).toEqual([]);
  expect(unresolved.map(({ refusal }) => refusal.reason)).toEqual(['client-side']);
});

describe('candidates', () => {
  function candidates(statement: string, changes: Partial<Catalog>): readonly string[] {
    const changed = { ...catalog, ...changes };
    const text = `await pool.query('${statement}')`;
    const [site] = findCallSites({ path: '/root/a.ts', text }, routineNames(catalog), '/root');
    const found = site?.call ? findCandidates(site.call, changed) : [];
    return 'reason' in found ? [found.detail] : found.map(({ routine }) => signatureOf(routine, changed));
  }

  it('are those that the search path reaches, and of one signature the first', () => {
    expect(candidates('SELECT add(1)', { searchPath: ['app', 'public'] })).toEqual([
      'app.add(integer, integer)',
    ]);
    expect(candidates('SELECT add(1)', { searchPath: ['public', 'app'] })).toEqual([
      'public.add(integer, integer)',
    ]);
    expect(candidates('SELECT add(1)', { searchPath: ['pg_catalog'] })).toEqual([
      'it is in schema app, public, which is not on the search path',
    ]);
  });

  it('take OUT parameters in CALL from version 14 on', () => {
    expect(candidates('CALL give(1)', { serverVersionNumber: 130012 })).toEqual(['public.give(integer)']);
    expect(candidates('CALL give(1)', { serverVersionNumber: 140000 })[0]).toContain('42883');
  });
});
