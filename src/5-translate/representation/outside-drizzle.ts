/** Types whose values a driver gives differently without Drizzle than through it. */
import type { Catalog } from '../../1-read/catalog.js';
import type { Driver } from '../../1-read/user-project.js';
import { baseType } from './raw-type.js';

/** The driver parses values of the type itself, and Drizzle hands them out as text. */
export function differsOutsideDrizzle(catalog: Catalog, oid: number, driver?: Driver): boolean {
  const type = baseType(catalog, oid);
  if (type === undefined) return true;
  const array = type.category === 'A' && type.element !== 0;
  const name = array ? catalog.types.get(type.element)?.name : type.name;
  if (name === undefined) return true;
  const drivers = driver === undefined ? all : [driver];
  return drivers.some((each) => (array ? parsedArrays : parsed)[each].includes(name));
}

const all = ['node-postgres', 'postgres-js', 'pglite'] as const;

const dates = ['date', 'timestamp', 'timestamptz'];

const parsed: Readonly<Record<Driver, readonly string[]>> = {
  'node-postgres': [...dates, 'interval'],
  'postgres-js': dates,
  pglite: dates,
};

const parsedArrays: Readonly<Record<Driver, readonly string[]>> = {
  'node-postgres': [...dates, 'interval', 'numeric'],
  'postgres-js': [...dates, 'numeric'],
  pglite: [...dates, 'interval', 'numeric'],
};
