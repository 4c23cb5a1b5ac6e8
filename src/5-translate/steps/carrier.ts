/** The form in which a value of SQL lives in JavaScript. */
import type { Catalog } from '../../1-read/catalog.js';
import type { Driver } from '../../1-read/user-project.js';
import { rawType } from '../representation.js';

export interface Carrier {
  /** TypeScript type of a value that is not NULL. */
  readonly type: string;
  /** The driver's own value goes back unchanged; else PostgreSQL's text, cast on the way back. */
  readonly raw: boolean;
}

/** Numbers, booleans and text come and go as they are; what a driver takes apart is carried as text. */
export function carrier(catalog: Catalog, type: number, driver: Driver): Carrier {
  const raw = rawType(catalog, type, driver);
  const known = catalog.types.get(type);
  const plain = known !== undefined && known.category !== 'A' && known.kind !== 'composite';
  return plain && /^(number|string|boolean)$/.test(raw)
    ? { type: raw, raw: true }
    : { type: 'string', raw: false };
}
