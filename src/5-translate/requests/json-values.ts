/** Which values PostgREST gives otherwise than a driver does, and as what (PostgreSQL manual, 9.16: to_json). */
import type { Catalog } from '../../1-read/catalog.js';
import type { Driver } from '../../1-read/user-project.js';
import { baseType, rawType } from '../representation.js';

/** The TypeScript type of the JSON value of a type; null where the driver's own value is the same. */
export function jsonType(catalog: Catalog, oid: number, driver: Driver): string | null {
  const type = baseType(catalog, oid);
  if (type === undefined) return 'unknown';
  if (type.category === 'A' && type.element !== 0) {
    if (alike(catalog, type.element) && rawType(catalog, oid, driver).endsWith('[]')) return null;
    const element = jsonType(catalog, type.element, driver) ?? rawType(catalog, type.element, driver);
    return element === 'unknown' ? 'unknown' : `(${element} | null)[]`;
  }
  if (alike(catalog, oid)) return null;
  if (type.kind === 'composite') return 'unknown';
  return type.schema === 'pg_catalog' && numbers.has(type.name) ? 'number' : 'string';
}

function alike(catalog: Catalog, oid: number): boolean {
  const type = baseType(catalog, oid);
  if (type === undefined) return false;
  return type.kind === 'enum' || (type.schema === 'pg_catalog' && sameInJson.has(type.name));
}

const numbers: ReadonlySet<string> = new Set(['int8', 'numeric']);

const sameInJson: ReadonlySet<string> = new Set([
  'int2', 'int4', 'float4', 'float8', 'bool', 'text', 'varchar', 'bpchar', 'uuid', 'name', 'date', 'json',
  'jsonb', 'void',
]); // prettier-ignore

/** The helper that makes a driver's value that of JSON; null where the two are alike, none where there is no helper. */
export function conversion(catalog: Catalog, oid: number): string | null {
  const type = baseType(catalog, oid);
  if (type?.schema !== 'pg_catalog') return 'none';
  if (numbers.has(type.name)) return 'jsonNumber';
  if (type.name === 'timestamptz' || type.name === 'timestamp') return 'jsonTime';
  return textsInBoth.has(type.name) ? null : 'none';
}

const textsInBoth: ReadonlySet<string> = new Set(['interval', 'time', 'timetz', 'inet', 'cidr', 'macaddr']);
