import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Catalog } from '../../../src/1-read/catalog.js';
import { callingRoutines } from '../../../src/4-classify/calling-routines.js';
import { parsingDatabase, type ParsingDatabase } from '../../support/parsing-database.js';

let database: ParsingDatabase;
let catalog: Catalog;
beforeAll(async () => {
  database = await parsingDatabase(`
    CREATE FUNCTION fee(p integer) RETURNS integer LANGUAGE sql AS 'SELECT p + 1';
    CREATE FUNCTION fee(p text) RETURNS text LANGUAGE sql AS 'SELECT p';
    CREATE FUNCTION unused() RETURNS integer LANGUAGE sql AS 'SELECT 1';
    CREATE FUNCTION by_name(p integer, OUT total integer) LANGUAGE plpgsql AS 'BEGIN total := public.fee(p); END';
    CREATE PROCEDURE by_perform(p integer) LANGUAGE plpgsql AS 'BEGIN PERFORM fee(p); END';
    CREATE FUNCTION in_quotes() RETURNS text LANGUAGE sql AS $$ SELECT 'fee(1)' $$;
    CREATE FUNCTION built_in() RETURNS text LANGUAGE sql AS $$ SELECT upper('fee') $$;
    CREATE SCHEMA other;
    CREATE FUNCTION other.fee(p integer) RETURNS integer LANGUAGE sql AS 'SELECT p';
    CREATE FUNCTION of_other() RETURNS integer LANGUAGE sql AS 'SELECT other.fee(1)';
  `);
  catalog = await database.catalog();
}, 120_000);
afterAll(() => database.close());

it.each([
  ['fee', 'public', ['function public.by_name(integer)', 'procedure public.by_perform(integer)']],
  ['fee', 'other', ['function public.of_other()']],
  ['unused', 'public', []],
])('finds who calls %s of %s', (name, schema, callers) => {
  const routine = catalog.routines.find((one) => one.name === name && one.schema === schema);
  if (routine === undefined) throw new Error('no such routine');
  expect([...callingRoutines(routine, catalog)].sort()).toEqual(callers);
});
