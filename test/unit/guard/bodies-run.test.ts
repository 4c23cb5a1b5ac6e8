/** What the rules on bodies say is what PostgreSQL does: the fixtures' routines, run as the role that is judged. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatabaseFailure } from '../../../src/io/database.js';
import type { EmbeddedDatabase } from '../../../src/io/embedded-database.js';
import { loadSqlFiles } from '../../../src/io/load-sql-files.js';
import { bodyRules } from '../../../src/guard/body-rules.js';

const root = join(import.meta.dirname, '..', '..', '..', 'fixtures', 'guard');
const files = ['shared/roles.sql', ...bodyRules.map(({ id }) => `${id}/schema.sql`).sort()];

let database: EmbeddedDatabase;
beforeAll(async () => {
  database = await loadSqlFiles(
    files.map((name) => join(root, name)),
    { label: 'fixtures', cwd: root },
  );
  await database.query('INSERT INTO ident.private VALUES (1)');
  await database.query('SET SESSION AUTHORIZATION app; SET search_path = public, api');
}, 120_000);
afterAll(() => database.close());

/** The SQLSTATE, or the first column of the first row of the last result. */
async function run(...texts: readonly string[]): Promise<unknown> {
  try {
    let last: unknown = undefined;
    for (const text of texts) last = (await database.query(text)).at(-1)?.rows[0];
    return last === undefined ? 'no row' : Object.values(last as object)[0];
  } catch (error) {
    if (!(error instanceof DatabaseFailure)) throw error;
    return error.error.sqlstate;
  } finally {
    await database.query('ROLLBACK').catch(() => undefined);
  }
}

describe('silent-overload', () => {
  it.each([
    [`select over.pay('a', 'b')`, 'text'],
    [`select over.pay(id => 'a', amount => '1')`, 'text'],
    [`select over.move('1', '2')`, '42725'],
    [`select over.scale('1')`, 'float8'],
    [`select over.late(1)`, '42725'],
    [`select over.same(1, 'x')`, 'text'],
    [`select over.move('00000000-0000-0000-0000-000000000000'::uuid, '2')`, 'uuid'],
  ])('%s', async (text, result) => expect(await run(text)).toBe(result));
});

describe('search-path', () => {
  it.each([
    ['select shadow()', 'old'],
    ['select only_here(1)', '42883'],
    ['begin; set local search_path = api, public; select shadow()', 'new'],
  ])('%s', async (text, result) => expect(await run(text)).toBe(result));

  it('lets a temporary table take the place of one that a SECURITY DEFINER routine names', async () => {
    expect(await run('insert into public.rates values (1)', 'select public.definer_reads()::int')).toBe(1);
    const shadowed = 'begin; create temp table rates (id int); grant select on rates to public';
    expect(await run(shadowed, 'select public.definer_reads()::int')).toBe(0);
    expect(await run(shadowed, 'select public.fixed_path()::int')).toBe(1);
  });
});

describe('missing-grant', () => {
  it.each([
    ['select closed.hidden()', '42501'],
    ['select granted.pay(1)', '42501'],
    ['select granted.note(1)', '42501'],
    ['select granted.calls_pay(1)', '42501'],
    ['select id from granted.secrets', '42501'],
    ['delete from granted.accounts', '42501'],
    ['select granted.pay_as_owner(1)', 1],
    ['select n::int from granted.totals', 0],
    ['select granted.balance(1)', null],
    ['select id from granted.audit', 'no row'],
  ])('%s', async (text, result) => expect(await run(text)).toBe(result));
});

describe('body-volatility', () => {
  it.each([
    ['select vol.writes(1)', '0A000'],
    ['select vol.locks(1)', '0A000'],
    ['select count(distinct d)::int from (select vol.draws() as d from generate_series(1, 9)) t', 1],
    ['select count(distinct d)::int from (select vol.volatile_draws() as d from generate_series(1, 9)) t', 9],
  ])('%s', async (text, result) => expect(await run(text)).toBe(result));
});

describe('procedure-commits', () => {
  it.each([
    ['begin', 'call proc.purge()', '2D000'],
    ['begin', 'call proc.batch()', '2D000'],
    ['begin', 'call proc.outer_step()', '2D000'],
    ['select 1', 'call proc.with_setting()', '2D000'],
    ['select 1', 'call proc.as_owner()', '2D000'],
    ['select 1', 'select proc.commits()', '2D000'],
    ['select 1', 'select proc.calls_purge()', '2D000'],
    ['select 1', 'call proc.purge()', 'no row'],
    ['select 1', 'call proc.outer_step()', 'no row'],
    ['begin', 'call proc.quiet(1)', 'no row'],
  ])('%s; %s', async (first, text, result) => expect(await run(first, text)).toBe(result));
});

describe('body-identity', () => {
  const claims = `begin; select set_config('request.jwt.claims', '{"sub":"00000000-0000-0000-0000-000000000001"}', true)`;
  it.each([
    ['select 1', 'select ident.tenant()', '42704'],
    ['select 1', 'select ident.guarded(1)', 'P0001'],
    [claims, 'select ident.guarded(1)', ''],
    ['select 1', 'select id from ident.my_notes()', 'no row'],
    ['select 1', 'select ident.who()', 'app'],
    ['select 1', 'select ident.sets_itself()', 'a'],
  ])('%s; %s', async (first, text, result) => expect(await run(first, text)).toBe(result));

  it('sees no row of a table that has no policy for the login', async () => {
    expect(await run('select count(*)::int from ident.private')).toBe(0);
  });
});

describe('body-session-state', () => {
  const tenant = `select current_setting('app.tenant', true)`;
  it.each([
    ['select state.last_id()', 'select 1', '55000'],
    [`select state.set_tenant('a')`, tenant, 'a'],
    ['select set_config($$app.tenant$$, $$$$, false)', tenant, ''],
    [`select state.local_tenant('b')`, tenant, ''],
    ['select state.use_path()', `select current_setting('search_path')`, 'state, public'],
    ['select state.with_clause()', `select current_setting('search_path')`, 'state, public'],
    ['select state.overrides_clause()', `select current_setting('search_path')`, 'public'],
    ['select state.build_report()', 'select state.build_report()', '42P07'],
    ['select state.drop_report()', 'select state.drop_report()', 1],
    ['select state.lock_order(1)', `select count(*)::int from pg_locks where locktype = 'advisory'`, 1],
    ['select state.transaction_lock(2)', `select count(*)::int from pg_locks where locktype = 'advisory'`, 1],
    [`select state.dynamic_role('app')`, `select current_setting('role')`, 'app'],
  ])('%s; %s', async (first, text, result) => expect(await run(first, text)).toBe(result));
});
