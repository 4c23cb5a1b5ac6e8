/** Which Drizzle columns leave a value as it is, when they read it and when they write it. */
import type { Driver, DrizzleColumn } from '../../1-read/user-project.js';

export interface DecodedWith {
  /** Left out: on every driver. */
  readonly driver?: Driver;
  /**
   * The raw type of the column in the database, which need not be what the schema declares: an integer column
   * that stands for a bigint makes a number of its text. Left out: as declared.
   */
  readonly rawType?: string;
}

/** A bare column in a selection gives the raw driver value, NULL and arrays of every shape included. */
export function decodesAsRaw(column: DrizzleColumn, { driver, rawType }: DecodedWith = {}): boolean {
  if (driver === undefined) return drivers.every((each) => decodesAsRaw(column, { driver: each }));
  if (column.columnType === 'PgArray') {
    // An array that the driver gives as text is taken apart by the column.
    const isArray = rawType === undefined || rawType.endsWith('[]');
    return isArray && arraysLeftAlone[driver].includes(column.elementType ?? '');
  }
  if (leftAlone.has(column.columnType) || leftAloneOn[driver].includes(column.columnType)) return true;
  const only = { ...leftAloneAs, ...leftAloneAsOn[driver] }[column.columnType];
  return only !== undefined && (rawType === undefined || rawType === only);
}

/**
 * Drizzle's encoder leaves a value as the driver would send it from a bare parameter. `own`: a value of the
 * column's data type, or null; `any`: a value of whatever type but an array, which `sql` takes apart.
 */
export function encodesAsRaw(column: DrizzleColumn, values: 'own' | 'any' = 'own'): boolean {
  return neverEncoded.has(column.columnType) || (values === 'own' && keepsItsOwn.has(column.columnType));
}

const drivers = ['node-postgres', 'postgres-js', 'pglite'] as const;

/** Nothing decodes these. */
const leftAlone = new Set([
  'PgText', 'PgVarchar', 'PgChar', 'PgBoolean', 'PgEnumColumn', 'PgEnumObjectColumn', 'PgUUID', 'PgSerial',
  'PgSmallSerial', 'PgTime', 'PgInterval', 'PgInet', 'PgCidr', 'PgMacaddr', 'PgMacaddr8', 'PgBinaryVector',
]); // prettier-ignore

/** Classes of 1.0 alone; PGlite gives a bigint as a number or bigint and bytes without Buffer. */
const leftAloneOn: Readonly<Record<Driver, readonly string[]>> = {
  'node-postgres': ['PgBigIntString', 'PgBytea'],
  'postgres-js': ['PgBigIntString', 'PgBytea'],
  pglite: [],
};

/** Given as they are when the raw type is this; an integer is made from text, a numeric from a number. */
const leftAloneAs: Readonly<Record<string, string>> = {
  PgInteger: 'number',
  PgSmallInt: 'number',
  PgDoublePrecision: 'number',
  PgReal: 'number',
  PgNumeric: 'string',
  PgDateString: 'string',
  PgTimestampString: 'string',
  PgSparseVector: 'string',
};

const leftAloneAsOn: Readonly<Record<Driver, Readonly<Record<string, string>>>> = {
  'node-postgres': { PgPointObject: '{ x: number; y: number }' },
  'postgres-js': {},
  pglite: {},
};

/** By the class of the elements. postgres.js gives arrays as text when `fetch_types` is off, which 0.45 parses. */
const arraysLeftAlone: Readonly<Record<Driver, readonly string[]>> = {
  'node-postgres': arraysOf(...leftAloneOn['node-postgres']),
  'postgres-js': leftAloneOn['postgres-js'],
  pglite: arraysOf('PgMacaddr8', 'PgBinaryVector'),
};

function arraysOf(...more: readonly string[]): readonly string[] {
  return [
    ...[
      'PgSmallInt',
      'PgInteger',
      'PgReal',
      'PgDoublePrecision',
      'PgBoolean',
      'PgText',
      'PgVarchar',
      'PgChar',
    ],
    ...['PgUUID', 'PgTime', 'PgInet', 'PgCidr', 'PgMacaddr', ...more],
  ];
}

const neverEncoded = new Set([
  ...leftAlone,
  ...[
    'PgInteger',
    'PgSmallInt',
    'PgBigInt53',
    'PgBigInt64',
    'PgBigIntString',
    'PgBigSerial53',
    'PgBigSerial64',
  ],
  ...['PgDoublePrecision', 'PgReal', 'PgNumeric', 'PgBytea'],
]);

/** 1.0 sends what is no string as an ISO date; a number is made its text. */
const keepsItsOwn = new Set(['PgDateString', 'PgTimestampString', 'PgNumericNumber']);
