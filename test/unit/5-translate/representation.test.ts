import { afterAll, beforeAll, expect, test } from 'vitest';
import { readModules as readModules0 } from '../../../src/1-read/load-tables-drizzle-0.js';
import { readModules as readModules1 } from '../../../src/1-read/load-tables-drizzle-1.js';
import type { DrizzleColumn, Driver } from '../../../src/1-read/user-project.js';
import {
  decodesAsRaw,
  differsOutsideDrizzle,
  encodesAsRaw,
  rawType,
} from '../../../src/5-translate/representation.js';
import { columnCases, type ColumnCase } from '../../support/representation/columns.js';
import { describeType } from '../../support/representation/describe-type.js';
import { openLines, type Connection, type Lines } from '../../support/representation/lines.js';
import * as measure from '../../support/representation/measure.js';
import { typeCases, typeDefinitions } from '../../support/representation/types.js';
import { anyValues, ownValues } from '../../support/representation/values.js';

const drivers: readonly Driver[] = ['node-postgres', 'postgres-js', 'pglite'];

interface Decoded {
  readonly column: DrizzleColumn;
  readonly label: string;
  readonly connection: Connection;
  readonly reading: measure.Reading;
}

interface Encoded {
  readonly column: DrizzleColumn;
  readonly connection: Connection;
  /** The column sends what a bare parameter sends. */
  readonly own: boolean;
  readonly any: boolean;
}

let lines: Lines;
const oids = new Map<string, number>();
const raw: { type: string; connection: Connection; outcome: measure.Outcome }[] = [];
const outside: { type: string; driver: Driver; outcome: measure.Outcome }[] = [];
const decoded: Decoded[] = [];
const encoded: Encoded[] = [];
const misdeclared: (Omit<Decoded, 'reading'> & {
  type: string;
  raw: measure.Outcome;
  bare: measure.Outcome;
})[] = [];

beforeAll(async () => {
  // Drivers that send a Date in local time differ from those that do not only away from UTC.
  process.env.TZ = 'America/New_York';
  lines = await openLines(typeDefinitions + typeCases.map(tableFor).join(';\n'));
  for (const connection of lines.connections) await readAll(connection);
  for (const connection of lines.connections)
    if (connection.setting === 'as it comes') await writeAll(connection);
  for (const connection of lines.connections)
    if (connection.setting === 'as it comes') await misread(connection);
  for (const connection of await lines.readTypes()) await readAll(connection);
}, 180_000);

afterAll(() => lines.close());

test('rawType is the type of what every driver gives, NULLs and nesting apart', () => {
  for (const { type } of typeCases) {
    for (const driver of drivers) {
      const seen = raw
        .filter((each) => each.type === type && each.connection.driver === driver)
        .filter(({ connection }) => driver !== 'postgres-js' || connection.setting === 'as it comes')
        .map(({ outcome }) => (outcome.kind === 'values' ? describeType(outcome.values) : 'unknown'));
      const measured = new Set(seen).size === 1 ? seen[0] : 'unknown';
      expect.soft(rawType(lines.catalog, oidOf(type), driver), `${type} through ${driver}`).toBe(measured);
    }
  }
});

test('a column in sql is raw', () => {
  for (const { label, connection, reading } of decoded)
    expect.soft(reading.fragment, `${label} on ${named(connection)}`).toEqual(reading.raw);
});

test('decodesAsRaw says which bare columns give what execute gives', () => {
  for (const group of grouped(decoded)) {
    for (const driver of drivers) {
      const measured = group
        .filter(({ connection }) => connection.driver === driver)
        .every(
          ({ reading: { raw: given, bare, returning } }) =>
            measure.agree(given, bare) && measure.agree(given, returning),
        );
      expect
        .soft(decodesAsRaw(first(group).column, { driver }), `${nameOf(group)} on ${driver}`)
        .toBe(measured);
    }
    const everywhere = drivers.every((driver) => decodesAsRaw(first(group).column, { driver }));
    expect.soft(decodesAsRaw(first(group).column), nameOf(group)).toBe(everywhere);
  }
});

test('decodesAsRaw never trusts a column that stands for another type than it declares', () => {
  for (const { column, label, connection, type, raw: given, bare } of misdeclared) {
    const { driver } = connection;
    if (decodesAsRaw(column, { driver, rawType: rawType(lines.catalog, oidOf(type), driver) }))
      expect.soft(bare, `${label} for ${type} on ${named(connection)}`).toEqual(given);
  }
  const declaredTypeAlone = misdeclared.filter(
    ({ column, connection, raw: given, bare }) =>
      decodesAsRaw(column, { driver: connection.driver }) && !measure.agree(given, bare),
  );
  expect(declaredTypeAlone.map(({ label, type }) => `${label} for ${type}`)).toContain('integer() for int8');
});

test('encodesAsRaw says which columns send what a bare parameter sends', () => {
  for (const group of grouped(encoded)) {
    for (const values of ['own', 'any'] as const) {
      const measured = group.every((each) => each[values]);
      expect.soft(encodesAsRaw(first(group).column, values), `${nameOf(group)} of ${values}`).toBe(measured);
    }
  }
});

test('differsOutsideDrizzle says which types a driver parses itself', () => {
  for (const { type } of typeCases) {
    for (const driver of drivers) {
      const alone = outside.find((each) => each.type === type && each.driver === driver)?.outcome;
      const measured = raw
        .filter((each) => each.type === type && each.connection.driver === driver)
        .filter(({ connection }) => connection.setting === 'as it comes')
        .some(({ outcome }) => alone === undefined || !measure.agree(outcome, alone));
      expect
        .soft(differsOutsideDrizzle(lines.catalog, oidOf(type), driver), `${type} on ${driver}`)
        .toBe(measured);
    }
  }
});

async function readAll(connection: Connection): Promise<void> {
  for (const { type } of typeCases) {
    raw.push({ type, connection, outcome: await measure.readRaw(connection, tableOf(type)) });
    if (connection.line === '1.0' && connection.setting === 'as it comes') {
      const { driver } = connection;
      const select = async () =>
        (await lines.outside[driver](`SELECT v FROM ${tableOf(type)} ORDER BY id`)).map(({ v }) => v);
      outside.push({ type, driver, outcome: await measure.outcome(select) });
    }
  }
  for (const given of columnCases) {
    const column = await describeColumn(connection, given);
    if (column === null) continue;
    const reading = await measure.read(connection, tableOf(given.type), given);
    decoded.push({ column, label: given.label, connection, reading });
  }
}

/** Every column of a built-in class over types that it was not made for. */
async function misread(connection: Connection): Promise<void> {
  const types = [
    'int8',
    'numeric',
    'float8',
    'bool',
    'citext',
    'timestamptz',
    'jsonb',
    'point',
    'int4[]',
    'mood[]',
  ];
  for (const given of columnCases) {
    const column = await describeColumn(connection, given);
    if (column === null || !decodesAsRaw(column, { driver: connection.driver })) continue;
    for (const type of types) {
      const known = raw.find((each) => each.type === type && each.connection === connection)?.outcome;
      const bare = await measure.readBare(connection, tableOf(type), given);
      if (known) misdeclared.push({ column, label: given.label, connection, type, raw: known, bare });
    }
  }
}

async function writeAll(connection: Connection): Promise<void> {
  for (const given of columnCases) {
    const column = await describeColumn(connection, given);
    if (column === null) continue;
    const inserts = async (value: unknown): Promise<boolean> => {
      const sent = await measure.insert(connection, `${tableOf(given.type)}_w`, given, value);
      return measure.agree(sent.bare, sent.column);
    };
    const compares = async (value: unknown): Promise<boolean> => {
      const sent = await measure.compare(connection, tableOf(given.type), given, value);
      return measure.agree(sent.bare, sent.column);
    };
    const own =
      (await holds(ownValues(column.dataType), inserts)) &&
      (await holds(ownValues(column.dataType), compares));
    encoded.push({ column, connection, own, any: own && (await holds(anyValues, inserts)) });
  }
}

async function holds(
  values: readonly unknown[],
  test: (value: unknown) => Promise<boolean>,
): Promise<boolean> {
  for (const value of values) if (!(await test(value))) return false;
  return true;
}

/** The column as the project's reader describes it; null when the line has no such builder. */
async function describeColumn(connection: Connection, given: ColumnCase): Promise<DrizzleColumn | null> {
  const table = measure.tryTable(connection, tableOf(given.type), given);
  if (table === null) return null;
  const [read] = await (connection.line === '0.45' ? readModules0 : readModules1)({
    modules: [{ file: 'schema.ts', exports: { table } }],
    load: async (specifier) => (specifier === 'drizzle-orm' ? connection.core : connection.pgCore),
  });
  const column = read?.columns.find(({ property }) => property === 'v');
  if (column === undefined) throw new Error(`${given.label} was not read`);
  const { keyAsName: _, ...rest } = column;
  return rest;
}

/** Columns that look the same to the project, whatever the line. */
function grouped<T extends { readonly column: DrizzleColumn }>(all: readonly T[]): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const { columnType, elementType } = each.column;
    const key = `${columnType} ${elementType ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()];
}

function first<T>(group: readonly T[]): T {
  const [found] = group;
  if (found === undefined) throw new Error('an empty group');
  return found;
}

function nameOf(group: readonly { readonly column: DrizzleColumn }[]): string {
  const { columnType, elementType } = first(group).column;
  return elementType === undefined ? columnType : `${columnType} of ${elementType}`;
}

function named({ line, driver, setting }: Connection): string {
  return `${line} ${driver} ${setting}`;
}

function tableOf(type: string): string {
  return `t_${type.replaceAll('[]', '_array').replace(/\W+/g, '_')}`;
}

function tableFor({ type, values }: (typeof typeCases)[number]): string {
  const rows = [...values.map((value) => `('${value.replaceAll("'", "''")}')`), '(NULL)'];
  const columns = `(id int4 GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, v ${type})`;
  const table = tableOf(type);
  return `CREATE TABLE ${table} ${columns}; CREATE TABLE ${table}_w ${columns}; INSERT INTO ${table} (v) VALUES ${rows.join()}`;
}

function oidOf(type: string): number {
  const known = oids.get(type);
  if (known !== undefined) return known;
  const relation = lines.catalog.relations.find(({ name }) => name === tableOf(type));
  const oid = relation?.columns.find(({ name }) => name === 'v')?.type;
  if (oid === undefined) throw new Error(`the catalog has no table of ${type}`);
  oids.set(type, oid);
  return oid;
}
