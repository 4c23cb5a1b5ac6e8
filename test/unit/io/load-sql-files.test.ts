import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MigrateError } from '../../../src/errors.js';
import { isEmbedded, type EmbeddedDatabase } from '../../../src/io/embedded-database.js';
import { loadSqlFiles } from '../../../src/io/load-sql-files.js';
import { openSource } from '../../../src/io/open-source.js';
import { resolveSource } from '../../../src/io/resolve-source.js';

let folder = '';
let database: EmbeddedDatabase;

const migrations: Record<string, string> = {
  'a/001_base.sql': `\uFEFF\\restrict x
SELECT pg_catalog.set_config('search_path', '', false);
CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS pg_cron;
COMMENT ON EXTENSION pg_cron IS 'jobs';
CREATE TABLE public.account (id int PRIMARY KEY, email public.citext);
ALTER TABLE public.account OWNER TO boss;
COPY public.account (id, email) FROM stdin;
1	a@b
\\.
ALTER TABLE public.account ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON public.account TO app_user USING (id > 0);
GRANT SELECT ON public.account TO reader;
`,
  'a/002_more.sql': `BEGIN;
CREATE ROLE reader LOGIN;
CREATE INDEX account_email ON account (email);
COMMIT;
CREATE INDEX CONCURRENTLY account_id ON account (id);
--> statement-breakpoint
CREATE FUNCTION late() RETURNS int LANGUAGE plv8 AS 'return 1';
CREATE PUBLICATION everything FOR ALL TABLES;
BEGIN;
CREATE TABLE left_open (id int);
`,
  'a/002_more.down.sql': 'DROP TABLE account;',
  'bad/1.sql': `CREATE TABLE ok (id int);\n\nCREATE TABLE wrong (\n  é text,\n  id intt\n);`,
  'supabase/migrations/1_profile.sql': `
CREATE TABLE profile (id uuid PRIMARY KEY DEFAULT uuid_generate_v4(), owner uuid REFERENCES auth.users);
CREATE POLICY own ON profile TO authenticated USING (owner = auth.uid());
CREATE POLICY files ON storage.objects FOR SELECT TO anon USING ((storage.foldername(name))[1] = 'open');
CREATE EXTENSION IF NOT EXISTS pg_cron WITH SCHEMA pg_catalog;
SELECT cron.schedule('x', '* * * * *', 'SELECT 1'); DELETE FROM cron.job;
ALTER DATABASE postgres SET "app.mode" = 'on';
SET search_path = auth;`,
  'supabase/migrations/2_later.sql': `CREATE TABLE later AS SELECT current_setting('app.mode') AS mode;`,
  'places/supabase/migrations/1_stores.sql': `
CREATE EXTENSION postgis WITH SCHEMA extensions;
CREATE EXTENSION IF NOT EXISTS pg_net;
CREATE TABLE stores (id int PRIMARY KEY, place geography(point));
CREATE FUNCTION near(latitude float8) RETURNS SETOF stores LANGUAGE sql AS 'SELECT * FROM stores';
CREATE FUNCTION distance(a geography, b geography) RETURNS float8 LANGUAGE sql AS 'SELECT st_distance(a, b)';
CREATE FUNCTION call_out() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM net.http_post('x'); END $$;
CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';`,
  'syntax/1.sql': 'SELECT 1;\nSELEC 2;',
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'load-'));
  for (const [name, text] of Object.entries(migrations)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const source = resolveSource(join(folder, 'a'), {}, folder);
  const opened = await openSource(source);
  if (!isEmbedded(opened)) throw new Error('SQL files open an embedded database');
  database = opened;
}, 60_000);
afterAll(async () => {
  await database.terminate();
  rmSync(folder, { recursive: true });
});

test('everything that can run has run, each file in a session of its own', async () => {
  const [tables, path, policies] = await database.query(`
    SELECT count(*)::int AS n FROM pg_class WHERE relname IN ('account', 'account_email', 'account_id', 'left_open');
    SHOW search_path;
    SELECT polname FROM pg_policy`);
  expect(tables?.rows).toEqual([{ n: 4 }]);
  expect(path?.rows[0]?.search_path).toContain('public');
  expect(policies?.rows).toEqual([{ polname: 'own' }]);
});

test('whatever was left out or added is said', () => {
  const said = database.notes.map((note) => note.replace(/^.*(?=00[12]_)/, ''));
  expect(said).toEqual([
    '001_base.sql:1: left out \\restrict',
    '001_base.sql:9: left out rows of COPY public.account',
    '002_more.down.sql: skipped, a migration backwards',
    '001_base.sql:4: skipped extension pg_cron: the embedded PostgreSQL does not have it (2 times in this file)',
    '001_base.sql:7: skipped OWNER TO: everything belongs to one login here',
    '001_base.sql:12: created the missing role app_user (NOLOGIN)',
    '001_base.sql:13: created the missing role reader (NOLOGIN)',
    '002_more.sql:2: skipped CREATE ROLE reader: the role was named before and exists',
    '002_more.sql:7: skipped a routine in plv8: the embedded PostgreSQL does not have the language',
    '002_more.sql:8: skipped CREATE PUBLICATION: nothing is replicated from here',
    '002_more.sql: its last transaction was open and has been committed',
  ]);
});

test('a statement that fails is shown with file, line and caret', async () => {
  const failure = await failing('bad/1.sql');
  expect(failure.code).toBe('sql-file-failed');
  expect(failure.title).toBe('bad/1.sql:5: PostgreSQL refuses the statement');
  expect(failure.detail).toBe('5 |   id intt\n         ^\ntype "intt" does not exist (42704)');
}, 60_000);

test('a Supabase project finds what Supabase provides', async () => {
  const source = resolveSource('supabase', {}, folder);
  const project = await openSource(source);
  const [row, path] = await project
    .query(
      `
    SET request.jwt.claims = '{"sub": "00000000-0000-0000-0000-000000000001"}';
    SELECT auth.uid()::text AS me, storage.filename('a/b.txt') AS file, later.mode FROM public.later;
    SHOW search_path`,
    )
    .then((sets) => sets.slice(1));
  expect(row?.rows).toEqual([{ me: '00000000-0000-0000-0000-000000000001', file: 'b.txt', mode: 'on' }]);
  expect(path?.rows).toEqual([{ search_path: '"$user", public, extensions' }]);
  expect(project.notes.map((note) => note.replace(/^.*\//, ''))).toEqual([
    'supabase: made what Supabase provides before the first migration',
    '1_profile.sql:5: skipped extension pg_cron: the embedded PostgreSQL does not have it',
    '1_profile.sql:6: skipped a statement that needs extension pg_cron: schema "cron" does not exist',
    '1_profile.sql:6: skipped a statement that needs extension pg_cron: relation "cron.job" does not exist',
    '1_profile.sql:7: skipped ALTER DATABASE … SET: the setting is given to each session instead',
  ]);
  await project.close();
}, 60_000);

test('what Supabase provides can be used', async () => {
  const project = await openSource(resolveSource('supabase', {}, folder));
  const [, , secret, size, , message] = await project.query(`
    INSERT INTO auth.users (id, email) VALUES ('00000000-0000-0000-0000-000000000001', 'a@b.c');
    SELECT vault.create_secret('s', 'key');
    SELECT decrypted_secret FROM vault.decrypted_secrets WHERE name = 'key';
    SELECT count(*)::int AS n FROM storage.get_size_by_bucket();
    SELECT realtime.send('{}', 'made', 'orders', false);
    SELECT event, topic FROM realtime.messages`);
  expect(secret?.rows).toEqual([{ decrypted_secret: 's' }]);
  expect(size?.rows).toEqual([{ n: 0 }]);
  expect(message?.rows).toEqual([{ event: 'made', topic: 'orders' }]);
  await project.close();
}, 60_000);

test('a missing extension is said with the routines that it costs, and the rest is loaded', async () => {
  const project = await openSource(resolveSource('places/supabase', {}, folder));
  const [made] = await project.query(
    "SELECT string_agg(proname, ' ' ORDER BY proname) AS names FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
  );
  expect(made?.rows).toEqual([{ names: 'call_out one' }]);
  expect(project.notes.map((note) => note.replace(/^.*\//, '')).slice(-5)).toEqual([
    '1_stores.sql:4: skipped a statement that needs extension postgis: type "geography" does not exist',
    '1_stores.sql:5: skipped a statement that needs extension postgis: type "stores" does not exist',
    '1_stores.sql:6: skipped a statement that needs extension postgis: type geography does not exist',
    'extension postgis, which is missing here, costs the routines near, distance',
    'extension pg_net, which is missing here, costs the routine call_out',
  ]);
  await project.close();
}, 60_000);

test('a file that does not parse is refused before a server starts', async () => {
  const failure = await failing('syntax/1.sql');
  expect(failure).toMatchObject({ code: 'sql-file-syntax', title: 'syntax/1.sql:2: the SQL cannot be read' });
  expect(failure.detail).toBe('2 | SELEC 2;\n    ^\nsyntax error at or near "SELEC"');
});

async function failing(name: string): Promise<MigrateError> {
  const opening = loadSqlFiles([join(folder, name)], { label: name, cwd: folder });
  const error = await opening.then(
    () => new Error('nothing failed'),
    (caught: unknown) => caught,
  );
  if (error instanceof MigrateError) return error;
  throw error;
}
