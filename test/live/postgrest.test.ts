/**
 * The stand-in of PostgREST gives the bodies and errors that PostgREST's documentation shows. Each test names the
 * page and the section of https://docs.postgrest.org/en/latest/references that it is taken from.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, startPostgres, type TestPostgres } from '../support/postgres.js';
import { signToken } from '../support/postgrest/read-claims.js';
import { servePostgrest, type PostgrestServer } from '../support/postgrest/serve-postgrest.js';

const secret = 'a secret of at least thirty-two characters';

const schema = `
CREATE FUNCTION add_them(a integer, b integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a + b';
CREATE FUNCTION greet_user(username text DEFAULT 'guest') RETURNS text LANGUAGE sql IMMUTABLE
  AS $$ SELECT 'Hello ' || username || '!' $$;
CREATE FUNCTION mult_them(json) RETURNS int LANGUAGE sql AS $$ SELECT ($1->>'x')::int * ($1->>'y')::int $$;
CREATE FUNCTION plus_one(arr int[]) RETURNS int[] LANGUAGE sql
  AS 'SELECT array_agg(n + 1) FROM unnest($1) AS n';
CREATE FUNCTION plus_each(VARIADIC v int[]) RETURNS int[] LANGUAGE sql
  AS 'SELECT array_agg(n + 1) FROM unnest($1) AS n';

CREATE TABLE files(blob bytea);
CREATE FUNCTION upload_binary(bytea) RETURNS void LANGUAGE sql AS 'INSERT INTO files(blob) VALUES ($1)';
CREATE TABLE data_table(data_int_column int, data_text_column text);
INSERT INTO data_table VALUES (1, 'a'), (2, 'b');
CREATE FUNCTION update_data(p_json jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  json_item json;
BEGIN
  FOR json_item IN SELECT jsonb_array_elements(p_json) LOOP
    UPDATE data_table SET data_text_column = json_item->>'data_text'
    WHERE data_int_column = (json_item->>'data_int')::integer;
  END LOOP;
END $$;

CREATE TABLE projects(id int PRIMARY KEY, name text NOT NULL, client_id int);
INSERT INTO projects VALUES (1, 'Windows 7', 1), (2, 'Windows 10', 1), (3, 'IOS', 2), (4, 'OSX', 2);
CREATE FUNCTION getallprojects() RETURNS SETOF projects LANGUAGE sql STABLE AS 'SELECT * FROM projects ORDER BY id';
CREATE FUNCTION projects_setof_record() RETURNS SETOF record LANGUAGE sql
  AS 'SELECT * FROM projects WHERE id < 4 ORDER BY id';
CREATE FUNCTION add_project(id int, name text) RETURNS void LANGUAGE sql
  AS 'INSERT INTO projects VALUES ($1, $2)';
CREATE TABLE films(title text, rating numeric);
INSERT INTO films VALUES ('Okja', 7.4), ('Call me by your name', 8), ('Blade Runner 2049', 8.1);
CREATE FUNCTION best_films_2017() RETURNS SETOF films LANGUAGE sql STABLE AS 'SELECT * FROM films';
CREATE FUNCTION rental_duration(customer_id integer) RETURNS text LANGUAGE sql AS $$ SELECT 'all' $$;
CREATE FUNCTION rental_duration(customer_id integer, from_date date) RETURNS text LANGUAGE sql
  AS $$ SELECT 'from ' || from_date $$;
CREATE FUNCTION same_names(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION same_names(a text) RETURNS integer LANGUAGE sql AS 'SELECT 2';

CREATE TABLE people(
  id int, first_name text, full_name text, age int, student boolean, last_name text, salary numeric, json_data json
);
INSERT INTO people VALUES
  (1, 'John', 'John Doe', 30, true, 'Oak', 90000.00, '{"blood_type": "A-", "phones": [{"number": "917"}], "age": 25}'),
  (2, 'Jane', 'Jane Doe', 20, false, 'Penn', 120000.00, '{"blood_type": "O+", "phones": [{"number": "512"}], "age": 15}'),
  (3, 'Ed', null, 12, true, 'Quinn', null, null);
CREATE FUNCTION everybody() RETURNS SETOF people LANGUAGE sql STABLE AS 'SELECT * FROM people ORDER BY id';
CREATE FUNCTION person_of(wanted int) RETURNS SETOF people LANGUAGE sql STABLE
  AS 'SELECT * FROM people WHERE id = wanted';
CREATE TABLE spread(id int, name text, client_id int, another_col text);
INSERT INTO spread VALUES (11, 'OSX', 1, 'val'), (12, 'ProjectX', null, null), (13, 'Y', null, null);
CREATE FUNCTION spread_rows() RETURNS SETOF spread LANGUAGE sql STABLE AS 'SELECT * FROM spread ORDER BY id';
CREATE TABLE countries(id int, languages text[]);
INSERT INTO countries VALUES (5, '{en,fr}');
CREATE FUNCTION all_countries() RETURNS SETOF countries LANGUAGE sql STABLE AS 'SELECT * FROM countries';

CREATE FUNCTION just_fail() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'I refuse!' USING DETAIL = 'Pretty simple', HINT = 'There is nothing you can do.';
END $$;
CREATE FUNCTION quota() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE sqlstate 'PT402' USING
    message = 'Payment Required', detail = 'Quota exceeded', hint = 'Upgrade your plan';
END $$;
CREATE FUNCTION raise_headers(status_line text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE sqlstate 'PGRST' USING
    message = '{"code":"123","message":"Payment Required","details":"Quota exceeded","hint":"Upgrade your plan"}',
    detail = status_line;
END $$;
CREATE FUNCTION raise_state(state text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'no' USING ERRCODE = state;
END $$;
CREATE SEQUENCE callcounter_count START 1;
CREATE FUNCTION callcounter() RETURNS bigint LANGUAGE sql AS $$ SELECT nextval('callcounter_count') $$;
CREATE FUNCTION teapot() RETURNS json LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('response.status', '418', true);
  RETURN json_build_object('message', 'The requested entity body is short and stout.',
                           'hint', 'Tip it over and pour it out.');
END $$;
CREATE FUNCTION cached() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('response.headers', '[{"Cache-Control": "public"}, {"Cache-Control": "max-age=259200"}]', true);
  RETURN 1;
END $$;
CREATE FUNCTION setting(name text) RETURNS text LANGUAGE sql STABLE AS 'SELECT current_setting(name, true)';
CREATE FUNCTION at_noon() RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT '2023-10-18 12:37:59.611+00'::timestamptz $$;
CREATE TABLE items(id int);
INSERT INTO items SELECT generate_series(1, 14);
CREATE FUNCTION delete_items() RETURNS SETOF items LANGUAGE sql AS 'DELETE FROM items WHERE id < 15 RETURNING *';
CREATE FUNCTION bigtable() RETURNS SETOF items LANGUAGE sql STABLE AS 'SELECT generate_series(1, 40)';
CREATE FUNCTION count_items() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM items';
CREATE FUNCTION nobodys() RETURNS int LANGUAGE sql AS 'SELECT 1';
REVOKE EXECUTE ON FUNCTION nobodys FROM PUBLIC;

DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'web_anon') THEN
    CREATE ROLE web_anon NOLOGIN; CREATE ROLE web_user NOLOGIN;
  END IF;
END $$;
GRANT ALL ON ALL TABLES IN SCHEMA public TO web_anon, web_user;
GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO web_anon, web_user;
CREATE SCHEMA tenant2;
GRANT USAGE ON SCHEMA tenant2 TO web_anon;
CREATE FUNCTION tenant2.greet_user() RETURNS text LANGUAGE sql AS $$ SELECT 'Hello tenant!' $$;
`;

const server = await startPostgres();

describe.skipIf('skipped' in server)('the stand-in of PostgREST', () => {
  const postgres = server as TestPostgres;
  let api: PostgrestServer;
  let limited: PostgrestServer;

  beforeAll(async () => {
    const url = await createDatabase(postgres.url, [schema]);
    const roles = { anonymous: 'web_anon', secret };
    api = await servePostgrest(url, { schemas: ['public', 'tenant2'], roles });
    limited = await servePostgrest(url, { maxRows: 2 });
  });
  afterAll(async () => {
    await api.stop();
    await limited.stop();
    await postgres.stop();
  });

  interface Got {
    readonly status: number;
    readonly body: unknown;
    readonly headers: Headers;
    readonly statusText: string;
  }

  async function ask(path: string, init: RequestInit = {}, base = api): Promise<Got> {
    const response = await fetch(`${base.url}/rpc/${path}`, init);
    const text = await response.text();
    const json = text !== '' && /json/.test(response.headers.get('content-type') ?? '');
    const { status, statusText, headers } = response;
    return { status, statusText, headers, body: json ? (JSON.parse(text) as unknown) : text };
  }
  const get = (path: string, headers: Record<string, string> = {}): Promise<Got> => ask(path, { headers });
  const post = (name: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<Got> =>
    ask(name, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const bodyOf = async (asked: Promise<Got>): Promise<unknown> => (await asked).body;

  describe('page "Functions as RPC"', () => {
    it('Calling with POST: add_them', async () => {
      expect(await bodyOf(post('add_them', '{ "a": 1, "b": 2 }'))).toBe(3);
    });

    it('Calling with GET: add_them', async () => {
      expect(await bodyOf(get('add_them?a=1&b=2'))).toBe(3);
    });

    it('Calling with GET: an argument with a default may be missing', async () => {
      const { status, body } = await get('greet_user');
      expect([status, body]).toEqual([200, 'Hello guest!']);
    });

    it('Functions with an array of JSON objects', async () => {
      const rows = [
        { data_text: 'one', data_int: '1' },
        { data_text: 'two', data_int: '2' },
      ];
      const { status, body } = await post('update_data', { p_json: rows });
      expect([status, body]).toEqual([204, '']);
    });

    it('Functions with a single unnamed JSON parameter', async () => {
      expect(await bodyOf(post('mult_them', '{ "x": 4, "y": 2 }'))).toBe(8);
    });

    it('Functions with a single unnamed parameter', async () => {
      const init = { method: 'POST', body: Buffer.from([1, 2]) };
      const binary = await ask('upload_binary', {
        ...init,
        headers: { 'Content-Type': 'application/octet-stream' },
      });
      expect(binary.status).toBe(204);
      const text = await ask('upload_binary', { ...init, headers: { 'Content-Type': 'text/plain' } });
      expect(text.body).toMatchObject({ code: 'PGRST202' });
    });

    it('Functions with array parameters', async () => {
      expect(await bodyOf(post('plus_one', { arr: [1, 2, 3, 4] }))).toEqual([2, 3, 4, 5]);
      expect(await bodyOf(get('plus_one?arr=%7B1,2,3,4%7D'))).toEqual([2, 3, 4, 5]);
    });

    it('Variadic functions', async () => {
      expect(await bodyOf(post('plus_each', { v: [1, 2, 3, 4] }))).toEqual([2, 3, 4, 5]);
      expect(await bodyOf(get('plus_each?v=1&v=2&v=3&v=4'))).toEqual([2, 3, 4, 5]);
      const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
      expect(await bodyOf(post('plus_each', 'v=1&v=2&v=3&v=4', form))).toEqual([2, 3, 4, 5]);
    });

    it('Table-Valued Functions: filters and order', async () => {
      expect(await bodyOf(get('best_films_2017?rating=gt.7.5&order=title.desc'))).toEqual([
        { title: 'Call me by your name', rating: 8 },
        { title: 'Blade Runner 2049', rating: 8.1 },
      ]);
    });

    it('Horizontal Filtering on a column that is not selected', async () => {
      expect(await bodyOf(get('getallprojects?select=id,client_id&name=like.OSX'))).toEqual([
        { id: 4, client_id: 2 },
      ]);
    });

    it('Scalar functions: rows of a table as an array of objects', async () => {
      expect(await bodyOf(get('best_films_2017'))).toEqual([
        { title: 'Okja', rating: 7.4 },
        { title: 'Call me by your name', rating: 8 },
        { title: 'Blade Runner 2049', rating: 8.1 },
      ]);
    });

    it('Untyped functions', async () => {
      expect(await bodyOf(get('projects_setof_record'))).toEqual([
        { id: 1, name: 'Windows 7', client_id: 1 },
        { id: 2, name: 'Windows 10', client_id: 1 },
        { id: 3, name: 'IOS', client_id: 2 },
      ]);
    });

    it('Overloaded functions', async () => {
      expect(await bodyOf(get('rental_duration?customer_id=232'))).toBe('all');
      const both = get('rental_duration?customer_id=232&from_date=2018-07-01');
      expect(await bodyOf(both)).toBe('from 2018-07-01');
    });
  });

  describe('page "Errors"', () => {
    it('Errors from PostgreSQL: a failed constraint', async () => {
      const { status, body } = await post('add_project', { id: 5, name: null });
      expect(status).toBe(400);
      expect(body).toEqual({
        code: '23502',
        details: 'Failing row contains (5, null, null).',
        hint: null,
        // PostgreSQL 12 does not name the relation.
        message: expect.stringMatching(
          /^null value in column "name"( of relation "projects")? violates not-null constraint$/,
        ) as string,
      });
    });

    it.each([
      ['08006', 503],
      ['09000', 500],
      ['0L000', 403],
      ['0P000', 403],
      ['23503', 409],
      ['23505', 409],
      ['25006', 405],
      ['25001', 500],
      ['28000', 403],
      ['2D000', 500],
      ['38000', 500],
      ['3B000', 500],
      ['40001', 500],
      ['53400', 500],
      ['53100', 503],
      ['54000', 500],
      ['55000', 500],
      ['57014', 500],
      ['P0001', 400],
      ['P0002', 500],
      ['XX000', 500],
      ['42883', 404],
      ['42P01', 404],
      ['42P17', 500],
      ['22012', 400],
    ])('HTTP Status Codes: %s is %d', async (state, status) => {
      const got = await post('raise_state', { state });
      expect(got.status).toBe(status);
      expect(got.body).toEqual({ code: state, message: 'no', details: null, hint: null });
    });

    it('HTTP Status Codes: 42501 is 401 for the anonymous, 403 for who has logged in', async () => {
      const message = 'permission denied for function nobodys';
      const anonymous = await post('nobodys');
      expect(anonymous).toMatchObject({ status: 401, body: { code: '42501', message } });
      const authorization = `Bearer ${signToken({ role: 'web_user' }, secret)}`;
      expect(await post('nobodys', {}, { authorization })).toMatchObject({ status: 403 });
    });

    it('Errors from PostgREST: a function that does not exist', async () => {
      const { status, body } = await post('nonexistent_function');
      expect(status).toBe(404);
      expect(body).toMatchObject({ code: 'PGRST202' });
      expect(JSON.stringify(body)).toContain('nonexistent_function');
    });

    it('PostgREST Error Codes: PGRST100 for a filter that cannot be parsed', async () => {
      const { status, body } = await get('getallprojects?id=of.1');
      expect([status, (body as { code: string }).code]).toEqual([400, 'PGRST100']);
    });

    it('PostgREST Error Codes: PGRST101 for other verbs', async () => {
      const { status, body } = await ask('add_them', { method: 'DELETE' });
      expect([status, (body as { code: string }).code]).toEqual([405, 'PGRST101']);
    });

    it('PostgREST Error Codes: PGRST102 for a malformed body', async () => {
      const { status, body } = await post('add_them', '{');
      expect([status, (body as { code: string }).code]).toEqual([400, 'PGRST102']);
    });

    it('PostgREST Error Codes: PGRST103 for an invalid range', async () => {
      const { status, body } = await get('getallprojects?limit=-1');
      expect([status, (body as { code: string }).code]).toEqual([416, 'PGRST103']);
    });

    it('PostgREST Error Codes: PGRST203 for overloads with the same argument names', async () => {
      const { status, body } = await post('same_names', { a: 1 });
      expect([status, (body as { code: string }).code]).toEqual([300, 'PGRST203']);
    });

    it('PostgREST Error Codes: PGRST301 for a token that cannot be decoded, PGRST303 for old claims', async () => {
      const old = signToken({ role: 'web_user', exp: 1 }, secret);
      const answers = [await post('cached', {}, { authorization: 'Bearer x' })];
      answers.push(await post('cached', {}, { authorization: `Bearer ${old}` }));
      expect(answers.map(({ status }) => status)).toEqual([401, 401]);
      expect(answers.map(({ body }) => (body as { code: string }).code)).toEqual(['PGRST301', 'PGRST303']);
    });

    it('RAISE errors with HTTP Status Codes: just_fail', async () => {
      const { status, body } = await post('just_fail');
      expect(status).toBe(400);
      expect(body).toEqual({
        message: 'I refuse!',
        details: 'Pretty simple',
        hint: 'There is nothing you can do.',
        code: 'P0001',
      });
    });

    it('RAISE errors with HTTP Status Codes: PT402', async () => {
      const { status, statusText, body } = await post('quota');
      expect([status, statusText]).toEqual([402, 'Payment Required']);
      expect(body).toEqual({
        message: 'Payment Required',
        details: 'Quota exceeded',
        hint: 'Upgrade your plan',
        code: 'PT402',
      });
    });

    it('Add HTTP Headers with RAISE', async () => {
      const detail = '{"status":402,"headers":{"X-Powered-By":"Nerd Rage"}}';
      const { status, headers, body } = await post('raise_headers', { status_line: detail });
      expect([status, headers.get('x-powered-by')]).toEqual([402, 'Nerd Rage']);
      expect(body).toEqual({
        message: 'Payment Required',
        details: 'Quota exceeded',
        hint: 'Upgrade your plan',
        code: '123',
      });
    });

    it('Add HTTP Headers with RAISE: a status that is no standard', async () => {
      const detail = '{"status":419,"status_text":"Page Expired","headers":{"X-Powered-By":"Nerd Rage"}}';
      const { status, statusText } = await post('raise_headers', { status_line: detail });
      expect([status, statusText]).toEqual([419, 'Page Expired']);
    });

    it('Add HTTP Headers with RAISE: PGRST121 where the detail cannot be parsed', async () => {
      const { status, body } = await post('raise_headers', { status_line: 'no JSON' });
      expect([status, (body as { code: string }).code]).toEqual([500, 'PGRST121']);
    });

    it('Proxy-Status Header', async () => {
      const { headers } = await post('raise_state', { state: '57014' });
      expect(headers.get('proxy-status')).toBe('PostgREST; error=57014');
    });
  });

  describe('page "Resource Representation"', () => {
    const object = { Accept: 'application/vnd.pgrst.object+json' };

    it('Response Format: an unknown media type', async () => {
      const { body } = await get('getallprojects', { Accept: 'unknown/unknown' });
      expect(body).toEqual({
        code: 'PGRST107',
        details: null,
        hint: null,
        message: 'None of these media types are available: unknown/unknown',
      });
    });

    it('Singular or Plural: one object', async () => {
      expect(await bodyOf(get('bigtable?id=eq.1'))).toEqual([{ id: 1 }]);
      expect(await bodyOf(get('bigtable?id=eq.1', object))).toEqual({ id: 1 });
    });

    it('Singular or Plural: no entry is an error', async () => {
      const { status, body } = await get('bigtable?id=eq.0', object);
      expect(status).toBe(406);
      expect(body).toEqual({
        code: 'PGRST116',
        message: 'Cannot coerce the result to a single JSON object',
        details: 'The result contains 0 rows',
        hint: null,
      });
    });

    it('Stripped Nulls', async () => {
      const stripped = { Accept: 'application/vnd.pgrst.array+json;nulls=stripped' };
      expect(await bodyOf(get('spread_rows?id=gt.10', stripped))).toEqual([
        { id: 11, name: 'OSX', client_id: 1, another_col: 'val' },
        { id: 12, name: 'ProjectX' },
        { id: 13, name: 'Y' },
      ]);
      const whole = (await bodyOf(get('spread_rows?id=gt.10'))) as object[];
      expect(whole[1]).toEqual({ id: 12, name: 'ProjectX', client_id: null, another_col: null });
    });

    it('Builtin Media Type Handlers: text/csv', async () => {
      const { body } = await get('getallprojects?id=lt.3', { Accept: 'text/csv' });
      expect(body).toBe('id,name,client_id\n1,"Windows 7",1\n2,"Windows 10",1');
    });
  });

  describe('page "Tables and Views"', () => {
    const names = async (query: string): Promise<string[]> =>
      ((await bodyOf(get(`everybody?${query}`))) as { first_name: string }[]).map((one) => one.first_name);

    it('Horizontal Filtering', async () => {
      expect(await names('age=lt.13')).toEqual(['Ed']);
      expect(await names('age=gte.18&student=is.true')).toEqual(['John']);
      expect(await names('full_name=is.null')).toEqual(['Ed']);
      expect(await names('full_name=not.eq.John Doe')).toEqual(['Jane']);
      expect(await names('full_name=isdistinct.John Doe')).toEqual(['Jane', 'Ed']);
      expect(await names('id=in.(1,3)')).toEqual(['John', 'Ed']);
      expect(await names('first_name=in.("hi,there","Jane")')).toEqual(['Jane']);
      expect(await names('first_name=ilike.j*')).toEqual(['John', 'Jane']);
      expect(await names('first_name=match.^J.n')).toEqual(['Jane']);
    });

    it('Logical operators', async () => {
      expect(await names('or=(age.lt.18,age.gt.21)')).toEqual(['John', 'Ed']);
      expect(await names('not.and=(age.gte.18,age.lte.21)')).toEqual(['John', 'Ed']);
      expect(await names('student=is.true&or=(age.eq.30,not.and(age.gte.11,age.lte.17))')).toEqual(['John']);
    });

    it('Operator Modifiers', async () => {
      expect(await names('last_name=like(any).{O*,P*}')).toEqual(['John', 'Jane']);
      expect(await names('last_name=like(all).{O*,*k}')).toEqual(['John']);
    });

    it('Vertical Filtering', async () => {
      expect(await bodyOf(get('everybody?select=first_name,age&id=lt.3'))).toEqual([
        { first_name: 'John', age: 30 },
        { first_name: 'Jane', age: 20 },
      ]);
    });

    it('Renaming Columns and Casting Columns', async () => {
      expect(await bodyOf(get('everybody?select=fullName:full_name,salary::text&id=lt.3'))).toEqual([
        { fullName: 'John Doe', salary: '90000.00' },
        { fullName: 'Jane Doe', salary: '120000.00' },
      ]);
    });

    it('JSON Columns', async () => {
      expect(
        await bodyOf(get('everybody?select=id,json_data->>blood_type,json_data->phones&id=eq.1')),
      ).toEqual([{ id: 1, blood_type: 'A-', phones: [{ number: '917' }] }]);
      expect(await bodyOf(get('everybody?select=id,json_data->phones->0->>number&id=lt.3'))).toEqual([
        { id: 1, number: '917' },
        { id: 2, number: '512' },
      ]);
      expect(await names('json_data->>blood_type=eq.A-')).toEqual(['John']);
      expect(await bodyOf(get('everybody?select=id,json_data->age&json_data->age=gt.20'))).toEqual([
        { id: 1, age: 25 },
      ]);
    });

    it('Composite / Array Columns', async () => {
      expect(await bodyOf(get('all_countries?select=id,primary_language:languages->0'))).toEqual([
        { id: 5, primary_language: 'en' },
      ]);
    });

    it('Ordering', async () => {
      expect(await names('order=age')).toEqual(['Ed', 'Jane', 'John']);
      expect(await names('order=student.desc,age.asc')).toEqual(['Ed', 'John', 'Jane']);
      expect(await names('order=full_name.nullsfirst')).toEqual(['Ed', 'Jane', 'John']);
      expect(await names('order=salary.desc.nullslast')).toEqual(['Jane', 'John', 'Ed']);
    });
  });

  describe('page "Pagination and Count"', () => {
    it('Limits and Pagination: query parameters', async () => {
      const { headers, body } = await get('bigtable?limit=15&offset=30');
      expect(headers.get('content-range')).toBe('30-39/*');
      expect(body).toHaveLength(10);
    });

    it('Limits and Pagination: the Range header', async () => {
      const { headers } = await get('bigtable', { 'Range-Unit': 'items', Range: '0-19' });
      expect(headers.get('content-range')).toBe('0-19/*');
    });

    it('Counting: an exact count is in Content-Range, and a part of it is 206', async () => {
      const { status, headers } = await get('bigtable', { Range: '0-24', Prefer: 'count=exact' });
      expect([status, headers.get('content-range')]).toEqual([206, '0-24/40']);
    });

    it('Counting: HEAD answers without a body', async () => {
      const { headers, body } = await ask('bigtable?limit=25', {
        method: 'HEAD',
        headers: { Prefer: 'count=exact' },
      });
      expect([headers.get('content-range'), body]).toEqual(['0-24/40', '']);
    });

    it('page "Configuration", db-max-rows: a hard limit to the rows of a function', async () => {
      const { body } = await ask('bigtable', {}, limited);
      expect(body).toEqual([{ id: 1 }, { id: 2 }]);
    });
  });

  describe('page "Transactions"', () => {
    it('Access Mode: a function that writes fails under GET', async () => {
      const { status, body } = await get('callcounter');
      expect(status).toBe(405);
      expect(body).toEqual({
        code: '25006',
        details: null,
        hint: null,
        message: 'cannot execute nextval() in a read-only transaction',
      });
      expect(await bodyOf(post('callcounter'))).toBe(1);
    });

    it('Request Headers, Cookies and JWT claims', async () => {
      const authorization = `Bearer ${signToken({ role: 'web_user', email: 'jane@example.com' }, secret)}`;
      const headers = { authorization, 'User-Agent': 'x', Cookie: 'sessionId=7' };
      const setting = async (name: string): Promise<Record<string, unknown>> =>
        JSON.parse((await bodyOf(post('setting', { name }, headers))) as string) as Record<string, unknown>;
      expect(await setting('request.jwt.claims')).toEqual({ role: 'web_user', email: 'jane@example.com' });
      expect(await setting('request.headers')).toMatchObject({ 'user-agent': 'x' });
      expect(await setting('request.cookies')).toEqual({ sessionId: '7' });
    });

    it('Request Headers, Cookies and JWT claims: the role defaults to the anonymous one', async () => {
      expect(await bodyOf(post('setting', { name: 'request.jwt.claims' }))).toBe('{"role":"web_anon"}');
    });

    it('Request Path and Method', async () => {
      expect(await bodyOf(post('setting', { name: 'request.method' }))).toBe('POST');
      expect(await bodyOf(get('setting?name=request.method'))).toBe('GET');
      expect(await bodyOf(get('setting?name=request.path'))).toBe('/rpc/setting');
    });

    it('Request Role and Search Path', async () => {
      const authorization = `Bearer ${signToken({ role: 'web_user' }, secret)}`;
      expect(await bodyOf(post('setting', { name: 'role' }, { authorization }))).toBe('web_user');
      expect(await bodyOf(post('setting', { name: 'role' }))).toBe('web_anon');
    });

    it('Response Headers', async () => {
      const { headers } = await post('cached');
      expect(headers.get('cache-control')).toBe('public, max-age=259200');
    });

    it('Response Status Code', async () => {
      const { status, statusText, body } = await post('teapot');
      expect([status, statusText]).toEqual([418, "I'm a Teapot"]);
      expect(body).toEqual({
        message: 'The requested entity body is short and stout.',
        hint: 'Tip it over and pour it out.',
      });
    });
  });

  describe('page "Prefer Header"', () => {
    it('Strict or Lenient Handling', async () => {
      const strict = await get('getallprojects', { Prefer: 'handling=strict, foo, bar' });
      expect(strict.status).toBe(400);
      expect(strict.body).toEqual({
        code: 'PGRST122',
        message: 'Invalid preferences given with handling=strict',
        details: 'Invalid preferences: foo, bar',
        hint: null,
      });
      expect((await get('getallprojects', { Prefer: 'handling=lenient, foo, bar' })).status).toBe(200);
    });

    it('Timezone', async () => {
      const at = (zone: string): Promise<Got> => get('at_noon', { Prefer: `timezone=${zone}` });
      const { headers, body } = await at('America/Los_Angeles');
      expect(body).toBe('2023-10-18T05:37:59.611-07:00');
      expect(headers.get('preference-applied')).toBe('timezone=America/Los_Angeles');
      expect((await at('Jupiter/Red_Spot')).status).toBe(400);
    });

    it('Max Affected: the transaction is rolled back', async () => {
      const { status, body } = await post('delete_items', {}, { Prefer: 'handling=strict, max-affected=10' });
      expect(status).toBe(400);
      expect(body).toEqual({
        code: 'PGRST124',
        message: 'Query result exceeds max-affected preference constraint',
        details: 'The query affects 14 rows',
        hint: null,
      });
      expect(await bodyOf(post('count_items'))).toBe(14);
      const { body: single } = await post('count_items', {}, { Prefer: 'handling=strict, max-affected=10' });
      expect(single).toMatchObject({ code: 'PGRST128' });
    });
  });

  describe('page "Schemas"', () => {
    it('Multiple schemas', async () => {
      expect(await bodyOf(get('greet_user', { 'Accept-Profile': 'tenant2' }))).toBe('Hello tenant!');
      expect(await bodyOf(post('greet_user', {}, { 'Content-Profile': 'tenant2' }))).toBe('Hello tenant!');
    });

    it('Restricted schemas', async () => {
      const { status, body } = await get('greet_user', { 'Accept-Profile': 'tenant3' });
      expect([status, (body as { code: string }).code]).toEqual([406, 'PGRST106']);
      expect(JSON.stringify(body)).toContain('public, tenant2');
    });
  });
});
