/** The TypeScript type of a value as a driver hands it out through Drizzle, undecoded. */
import type { Catalog, PgType } from '../../1-read/catalog.js';
import type { Driver } from '../../1-read/user-project.js';

/**
 * `number`, `string[]`, `unknown` … of a value that is not NULL. Arrays are named as Drizzle names them, by their
 * elements: that an element may be NULL or an array itself is not told. postgres.js is taken with the types
 * of the server, as it comes.
 */
export function rawType(catalog: Catalog, oid: number, driver: Driver = 'node-postgres'): string {
  const type = baseType(catalog, oid);
  if (type === undefined) return 'unknown';
  if (type.category !== 'A' || type.element === 0) return scalarType(type, driver);
  const element = catalog.types.get(type.element);
  return element === undefined ? 'unknown' : arrayType(element, driver);
}

/** Drivers know a domain by the type under it; an array of domains has a type of its own. */
export function baseType(catalog: Catalog, oid: number): PgType | undefined {
  const type = catalog.types.get(oid);
  return type?.kind === 'domain' ? baseType(catalog, type.baseType) : type;
}

function scalarType(type: PgType, driver: Driver): string {
  if (!isBuiltIn(type)) return 'string';
  return byDriver[driver][type.name] ?? byName[type.name] ?? 'string';
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
};

const byDriver: Readonly<Record<Driver, Readonly<Record<string, string>>>> = {
  'node-postgres': {
    point: '{ x: number; y: number }',
    circle: '{ x: number; y: number; radius: number }',
  },
  'postgres-js': {},
  pglite: { int8: 'number | bigint', bytea: 'Uint8Array' },
};

/** What a driver does not parse comes as the array's text. */
function arrayType(element: PgType, driver: Driver): string {
  const { name } = element;
  switch (driver) {
    case 'node-postgres':
      return isBuiltIn(element) && nodePostgresArrays.has(name) ? arrayOf(element, driver) : 'string';
    case 'postgres-js':
      return isBuiltIn(element) && postgresJsDisagrees.has(name) ? 'unknown' : arrayOf(element, driver);
    case 'pglite':
      // Arrays of types that the database had when it was opened are parsed, of later ones they are not.
      if (!isBuiltIn(element)) return 'unknown';
      return takenAsText.has(name) ? 'string' : arrayOf(element, driver);
  }
}

function arrayOf(element: PgType, driver: Driver): string {
  const type = scalarType(element, driver);
  return type.includes(' | ') ? `(${type})[]` : `${type}[]`;
}

/** Elements of the arrays that node-postgres parses and Drizzle leaves so. */
const nodePostgresArrays = new Set([
  'int2', 'int4', 'int8', 'oid', 'float4', 'float8', 'money', 'bool', 'text', 'varchar', 'bpchar', 'uuid',
  'time', 'timetz', 'json', 'jsonb', 'bytea', 'inet', 'cidr', 'macaddr', 'point',
]); // prettier-ignore

/**
 * Drizzle 0.45 takes arrays of numbers and dates as text and 1.0 as arrays, and postgres.js fails on some
 * arrays of JSON.
 */
const postgresJsDisagrees = new Set([
  'numeric', 'date', 'timestamp', 'timestamptz', 'json', 'jsonb',
]); // prettier-ignore

/** Elements of the arrays that Drizzle takes as text from PGlite. */
const takenAsText = new Set(['numeric', 'date', 'timestamp', 'timestamptz', 'interval']);

function isBuiltIn(type: PgType): boolean {
  return type.schema === 'pg_catalog';
}
