import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DrizzleColumn, Driver } from '../../../src/1-read/user-project.js';
import {
  decodesAsRaw,
  differsOutsideDrizzle,
  encodesAsRaw,
  rawType,
} from '../../../src/5-translate/representation.js';
import { definitions, measureAll, tableOf, type Measured } from '../../support/representation/collect.js';
import { describeType } from '../../support/representation/describe-type.js';
import { openLines, type Connection, type Lines } from '../../support/representation/lines.js';
import { columnCases, type ColumnCase } from '../../support/representation/columns.js';
import { agree, drizzleTable, tryTable } from '../../support/representation/measure.js';
import { typeCases } from '../../support/representation/types.js';

const drivers: readonly Driver[] = ['node-postgres', 'postgres-js', 'pglite'];

const numeric = columnCases.find(({ label }) => label === 'numeric()') as ColumnCase;

let lines: Lines;
let measured: Measured;

beforeAll(async () => {
  // Drivers that send a Date in local time differ from those that do not only away from UTC.
  process.env.TZ = 'America/New_York';
  lines = await openLines(definitions);
  measured = await measureAll(lines);
}, 180_000);

afterAll(() => lines.close());

test('rawType is the type of what every driver gives, NULLs and nesting apart', () => {
  for (const { type } of typeCases) {
    for (const driver of drivers) {
      const seen = measured.raw
        .filter((each) => each.type === type && each.connection.driver === driver)
        .filter(({ connection }) => driver !== 'postgres-js' || connection.setting === 'as it comes')
        .map(({ outcome }) => (outcome.kind === 'values' ? describeType(outcome.values) : 'unknown'));
      const expected = new Set(seen).size === 1 ? seen[0] : 'unknown';
      expect.soft(rawType(lines.catalog, oidOf(type), driver), `${type} through ${driver}`).toBe(expected);
    }
  }
});

test('a column in sql is raw', () => {
  for (const { label, connection, reading } of measured.decoded)
    expect.soft(reading.fragment, `${label} on ${named(connection)}`).toEqual(reading.raw);
});

test('decodesAsRaw says which bare columns give what execute gives', () => {
  for (const group of grouped(measured.decoded)) {
    for (const driver of drivers) {
      const expected = group
        .filter(({ connection }) => connection.driver === driver)
        .every(
          ({ reading: { raw: given, bare, returning } }) => agree(given, bare) && agree(given, returning),
        );
      expect
        .soft(decodesAsRaw(first(group).column, { driver }), `${nameOf(group)} on ${driver}`)
        .toBe(expected);
    }
    const everywhere = drivers.every((driver) => decodesAsRaw(first(group).column, { driver }));
    expect.soft(decodesAsRaw(first(group).column), nameOf(group)).toBe(everywhere);
  }
});

test('decodesAsRaw never trusts a column that stands for another type than it declares', () => {
  for (const { column, label, connection, type, raw: given, bare } of measured.misdeclared) {
    const { driver } = connection;
    if (decodesAsRaw(column, { driver, rawType: rawType(lines.catalog, oidOf(type), driver) }))
      expect.soft(bare, `${label} for ${type} on ${named(connection)}`).toEqual(given);
  }
  const declaredTypeAlone = measured.misdeclared.filter(
    ({ column, connection, raw: given, bare }) =>
      decodesAsRaw(column, { driver: connection.driver }) && !agree(given, bare),
  );
  expect(declaredTypeAlone.map(({ label, type }) => `${label} for ${type}`)).toContain('integer() for int8');
});

test('encodesAsRaw says which columns send what a bare parameter sends', () => {
  for (const group of grouped(measured.encoded)) {
    for (const values of ['own', 'any'] as const) {
      const expected = group.every((each) => each[values]);
      expect.soft(encodesAsRaw(first(group).column, values), `${nameOf(group)} of ${values}`).toBe(expected);
    }
  }
});

test('differsOutsideDrizzle says which types a driver parses itself', () => {
  for (const { type } of typeCases) {
    for (const driver of drivers) {
      const alone = measured.outside.find((each) => each.type === type && each.driver === driver)?.outcome;
      const expected = measured.raw
        .filter((each) => each.type === type && each.connection.driver === driver)
        .filter(({ connection }) => connection.setting === 'as it comes')
        .some(({ outcome }) => alone === undefined || !agree(outcome, alone));
      expect
        .soft(differsOutsideDrizzle(lines.catalog, oidOf(type), driver), `${type} on ${driver}`)
        .toBe(expected);
    }
  }
});

test('min and max decode as their column, sum and avg are text and count is a number', async () => {
  for (const connection of lines.connections) {
    const { db, core } = connection;
    for (const given of columnCases.filter(({ label }) =>
      /^(integer|bigint|numeric|timestamp|text)\(/.test(label),
    )) {
      const table = tryTable(connection, tableOf(given.type), given);
      if (table === null || /array|bigint"/.test(given.label)) continue;
      const of = db.select({ bare: table.v, min: core.min(table.v), max: core.max(table.v) }).from(table);
      for (const { bare, min, max } of await of.where(core.eq(table.id, 1)).groupBy(table.v))
        expect.soft({ min, max }, `${given.label} on ${named(connection)}`).toEqual({ min: bare, max: bare });
    }
    const numbers = drizzleTable(connection, tableOf('numeric'), numeric);
    const { id, v } = numbers;
    const [row] = await db.select({ sum: core.sum(v), avg: core.avg(id), count: core.count() }).from(numbers);
    expect.soft(row, named(connection)).toEqual({ sum: 'NaN', avg: '3.0000000000000000', count: 5 });
  }
});

test('every column class of both lines is measured, those of PostGIS apart', () => {
  const seen = new Set(measured.decoded.flatMap(({ column }) => [column.columnType, column.elementType]));
  const missing = lines.connections.flatMap(({ pgCore }) =>
    Object.entries(pgCore).flatMap(([name, value]) =>
      typeof value === 'function' && value.prototype instanceof pgCore.PgColumn && !seen.has(name)
        ? [name]
        : [],
    ),
  );
  // PgLineTuple calls itself PgLine, and ExtraConfigColumn stands for a column in an index.
  const known = ['ExtraConfigColumn', 'PgGeometry', 'PgGeometryObject', 'PgLineTuple'];
  expect([...new Set(missing)].sort()).toEqual(known);
});

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

function oidOf(type: string): number {
  const relation = lines.catalog.relations.find(({ name }) => name === tableOf(type));
  const oid = relation?.columns.find(({ name }) => name === 'v')?.type;
  if (oid === undefined) throw new Error(`the catalog has no table of ${type}`);
  return oid;
}
