/** What Drizzle's column builders make, for a schema that is read and not run. */

export interface ColumnKind {
  readonly columnType: string;
  readonly dataType: string;
}

/** The `casing` option of `drizzle()`; null leaves the property as it is. */
export type Casing = 'snake_case' | 'camelCase' | null;

const of = (columnType: string, dataType: string): ColumnKind => ({ columnType, dataType });

/** By builder; a builder whose class depends on `mode` has the mode behind a colon. */
const kinds: Readonly<Record<string, ColumnKind>> = {
  bigint: of('PgBigInt64', 'bigint'),
  'bigint:number': of('PgBigInt53', 'number'),
  'bigint:string': of('PgBigIntString', 'string'),
  'bigserial:number': of('PgBigSerial53', 'number'),
  'bigserial:bigint': of('PgBigSerial64', 'bigint'),
  bit: of('PgBinaryVector', 'string'),
  boolean: of('PgBoolean', 'boolean'),
  bytea: of('PgBytea', 'buffer'),
  char: of('PgChar', 'string'),
  cidr: of('PgCidr', 'string'),
  date: of('PgDateString', 'string'),
  'date:date': of('PgDate', 'date'),
  decimal: of('PgNumeric', 'string'),
  'decimal:number': of('PgNumericNumber', 'number'),
  'decimal:bigint': of('PgNumericBigInt', 'bigint'),
  doublePrecision: of('PgDoublePrecision', 'number'),
  geometry: of('PgGeometry', 'array'),
  'geometry:xy': of('PgGeometryObject', 'json'),
  halfvec: of('PgHalfVector', 'array'),
  inet: of('PgInet', 'string'),
  integer: of('PgInteger', 'number'),
  interval: of('PgInterval', 'string'),
  json: of('PgJson', 'json'),
  jsonb: of('PgJsonb', 'json'),
  line: of('PgLine', 'array'),
  'line:abc': of('PgLineABC', 'json'),
  macaddr: of('PgMacaddr', 'string'),
  macaddr8: of('PgMacaddr8', 'string'),
  numeric: of('PgNumeric', 'string'),
  'numeric:number': of('PgNumericNumber', 'number'),
  'numeric:bigint': of('PgNumericBigInt', 'bigint'),
  point: of('PgPointTuple', 'array'),
  'point:xy': of('PgPointObject', 'json'),
  real: of('PgReal', 'number'),
  serial: of('PgSerial', 'number'),
  smallint: of('PgSmallInt', 'number'),
  smallserial: of('PgSmallSerial', 'number'),
  sparsevec: of('PgSparseVector', 'string'),
  text: of('PgText', 'string'),
  time: of('PgTime', 'string'),
  timestamp: of('PgTimestamp', 'date'),
  'timestamp:string': of('PgTimestampString', 'string'),
  uuid: of('PgUUID', 'string'),
  varchar: of('PgVarchar', 'string'),
  vector: of('PgVector', 'array'),
};

export const enumKind: ColumnKind = of('PgEnumColumn', 'string');
export const customKind: ColumnKind = of('PgCustomColumn', 'custom');
export const arrayKind: ColumnKind = of('PgArray', 'array');

/** The class and data type of a builder of drizzle-orm/pg-core, or null for a builder that is not known. */
export function columnKind(builder: string, mode: string | null): ColumnKind | null {
  return kinds[`${builder}:${mode ?? ''}`] ?? kinds[builder] ?? null;
}

/** serial and its kin are NOT NULL by themselves. */
export function isNotNullByNature(builder: string): boolean {
  return builder.endsWith('serial');
}

/**
 * The column name that `drizzle({ casing })` makes of a property: words begin at a capital after a small
 * letter or digit, or at the last capital of a run, or at a digit after a capital.
 */
export function casedName(property: string, casing: Casing): string {
  if (casing === null) return property;
  const words = property
    .replace(/['\u2019]/g, '')
    .split(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Z])(?=[0-9])/)
    .filter((word) => word !== '');
  if (casing === 'snake_case') return words.map((word) => word.toLowerCase()).join('_');
  return words
    .map((word, index) => (index === 0 ? word.toLowerCase() : word.slice(0, 1).toUpperCase() + word.slice(1)))
    .join('');
}
