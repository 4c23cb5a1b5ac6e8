/** The form in which a value of SQL lives in JavaScript, and how it is assigned to a variable's type. */
import type { Catalog } from '../../1-read/catalog.js';
import type { Driver } from '../../1-read/user-project.js';
import { typeName } from '../arguments.js';
import { rawType } from '../representation.js';
import { unsupported } from '../untranslatable.js';

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

const numbers = [21, 23, 20, 1700, 700, 701];
const texts = [25, 1043, 1042, 19];
const moments = [1082, 1114, 1184];

/**
 * The cast that assigning a value of type `from` to a variable makes, as `::…` text, or nothing. `from` is null for
 * a constant without a type. Refused where an explicit cast would do something else than the assignment.
 */
export function assignmentCast(
  catalog: Catalog,
  from: number | null,
  to: { readonly type: number; readonly typmod: number },
  fromTypmod = -1,
): string {
  if (to.typmod !== -1 && to.typmod !== fromTypmod) {
    if (to.type !== 1700) return unsupported('a length or precision of a variable');
    const packed = to.typmod - 4;
    return numbers.includes(from ?? 1700) || from === null
      ? `::numeric(${packed >> 16}, ${packed & 0x7ff})`
      : unsupported('a cast to numeric with a precision');
  }
  if (from === to.type) return '';
  const name = `::${typeName(catalog, to.type)}`;
  const target = catalog.types.get(to.type);
  if (target?.kind === 'domain') return unsupported('a variable of a domain');
  if (from === null || texts.includes(from)) {
    const scalar = target?.kind === 'base' || target?.kind === 'enum' || target?.kind === 'range';
    return scalar && ![1042, 18, 19].includes(to.type) ? name : unsupported('an assignment to another type');
  }
  const same = [numbers, moments].some((family) => family.includes(from) && family.includes(to.type));
  if (same || to.type === 25 || to.type === 1043) return name;
  return unsupported('an assignment to another type');
}
