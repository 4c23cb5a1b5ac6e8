/**
 * How values look to JavaScript: what a raw driver value of a type is, and which Drizzle columns give
 * it unchanged. `sql<T>` without a decoder is always raw.
 */
import type { Catalog } from '../1-read/catalog.js';
import type { DrizzleColumn } from '../1-read/user-project.js';

/**
 * Drizzle column classes whose decoder gives what the driver gave: int, text, bool, enum, uuid, and
 * dates, timestamps and numerics in string mode.
 */
const transparent = new Set([
  'PgInteger', 'PgSmallInt', 'PgSerial', 'PgSmallSerial', 'PgText', 'PgVarchar', 'PgChar', 'PgBoolean', 'PgEnumColumn',
  'PgEnumObjectColumn', 'PgUUID', 'PgDateString', 'PgTimestampString', 'PgNumeric', 'PgDoublePrecision', 'PgReal',
  'PgTime', 'PgInterval', 'PgInet', 'PgCidr', 'PgMacaddr', 'PgMacaddr8',
]); // prettier-ignore

/** A bare column in a selection gives the raw driver value. */
export function decodesAsRaw(column: DrizzleColumn): boolean {
  return (
    transparent.has(column.columnType) || (column.columnType === 'PgArray' && column.sqlType === 'text[]')
  );
}

/** Drizzle's encoder leaves the value as the driver would send it from a bare parameter. */
export function encodesAsRaw(column: DrizzleColumn): boolean {
  return transparent.has(column.columnType);
}

/** TypeScript type of the raw value of a type through Drizzle's session on any of its drivers. */
export function rawType(catalog: Catalog, oid: number): string {
  const type = catalog.types.get(oid);
  if (type === undefined) return 'unknown';
  if (type.kind === 'enum') return 'string';
  if (type.kind === 'domain') return rawType(catalog, type.baseType);
  if (type.element !== 0 && type.category === 'A') return rawArray(catalog, type.element);
  return byName[type.name] ?? 'string';
}

const byName: Readonly<Record<string, string>> = {
  int2: 'number',
  int4: 'number',
  oid: 'number',
  float4: 'number',
  float8: 'number',
  bool: 'boolean',
  json: 'unknown',
  jsonb: 'unknown',
  bytea: 'Buffer',
  point: 'unknown',
  record: 'string',
  void: 'string',
};

/** Arrays of other elements reach JavaScript as arrays or as text, depending on the driver. */
function rawArray(catalog: Catalog, element: number): string {
  const name = catalog.types.get(element)?.name ?? '';
  if (['int2', 'int4', 'float4', 'float8'].includes(name)) return 'number[]';
  if (name === 'bool') return 'boolean[]';
  return ['text', 'varchar'].includes(name) ? 'string[]' : 'unknown';
}

/** Types that node-postgres and postgres.js parse themselves but hand out as text through Drizzle. */
export function differsOutsideDrizzle(catalog: Catalog, oid: number): boolean {
  const type = catalog.types.get(oid);
  if (type === undefined) return true;
  if (type.kind === 'domain') return differsOutsideDrizzle(catalog, type.baseType);
  if (type.category === 'A' && type.element !== 0) return differsOutsideDrizzle(catalog, type.element);
  return ['timestamptz', 'timestamp', 'date', 'interval', 'point', 'circle'].includes(type.name);
}
