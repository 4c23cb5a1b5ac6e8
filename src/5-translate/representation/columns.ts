/** Which Drizzle columns leave a value as it is, when they read it and when they write it. */
import type { Driver, DrizzleColumn } from '../../1-read/user-project.js';

export interface DecodedWith {
  /** Left out: on every driver. */
  readonly driver?: Driver;
  /** The raw type of the column in the database; left out: that of the type which the column declares. */
  readonly rawType?: string;
}

/** A bare column in a selection gives the raw driver value, NULL and arrays of every shape included. */
export function decodesAsRaw(column: DrizzleColumn, { driver, rawType }: DecodedWith = {}): boolean {
  const drivers = driver === undefined ? (['node-postgres', 'postgres-js', 'pglite'] as const) : [driver];
  if (column.columnType === 'PgArray') {
    const element = column.elementType ?? '';
    return drivers.every((each) => arraysLeftAlone[each].has(element));
  }
  if (leftAlone.has(column.columnType)) return true;
  if (numbersLeftAlone.has(column.columnType)) return rawType === undefined || rawType === 'number';
  if (textLeftAlone.has(column.columnType)) return rawType === undefined || rawType === 'string';
  return false;
}

/** Nothing decodes these. */
const leftAlone = new Set([
  'PgText', 'PgVarchar', 'PgChar', 'PgBoolean', 'PgEnumColumn', 'PgEnumObjectColumn', 'PgUUID', 'PgSerial',
  'PgSmallSerial', 'PgTime', 'PgInterval', 'PgInet', 'PgCidr', 'PgMacaddr', 'PgMacaddr8', 'PgBinaryVector',
]); // prettier-ignore

/** A string would be made a number: an integer column that stands for a bigint. */
const numbersLeftAlone = new Set(['PgInteger', 'PgSmallInt', 'PgDoublePrecision', 'PgReal']);

/** What is no string would be made one. */
const textLeftAlone = new Set(['PgNumeric', 'PgDateString', 'PgTimestampString']);

const arraysLeftAlone: Readonly<Record<Driver, ReadonlySet<string>>> = {
  'node-postgres': new Set([]),
  'postgres-js': new Set(),
  pglite: new Set([]),
};

/**
 * Drizzle's encoder leaves a value as the driver would send it from a bare parameter. `own`: a value of the
 * column's data type or null; `any`: any value but an array, which `sql` takes apart.
 */
export function encodesAsRaw(column: DrizzleColumn, values: 'own' | 'any' = 'own'): boolean {
  return neverEncoded.has(column.columnType) || (values === 'own' && keepsItsOwn.has(column.columnType));
}

const neverEncoded = new Set<string>([...leftAlone, ...numbersLeftAlone, 'PgNumeric']);

const keepsItsOwn = new Set<string>(['PgDateString', 'PgTimestampString']);
