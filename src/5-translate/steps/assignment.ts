/**
 * What assigning a value to a variable's type does (PostgreSQL manual, 41.5.1): an assignment cast, else the
 * value's text read as the type. Written as an explicit cast wherever that does the same.
 */
import type { Catalog, PgType } from '../../1-read/catalog.js';
import { baseType } from '../representation.js';
import { typeName } from '../arguments.js';
import type { Code } from '../code.js';
import { unsupported } from '../untranslatable.js';

export interface Assignment {
  /** `::numeric(12, 2)`, or nothing. */
  readonly cast: string;
  /** What no cast says: a length that is checked and not cut. */
  readonly check: ((value: Code) => Code) | null;
  /** It may fail for a value of the source type. */
  readonly mayFail: boolean;
}

export interface TypeWithModifier {
  readonly type: number;
  readonly typmod: number;
}

const nothing: Assignment = { cast: '', check: null, mayFail: false };

const numbers = [21, 23, 20, 1700, 700, 701];
const texts = [25, 1043, 1042, 19];
const moments = [1082, 1114, 1184];
const documents = [114, 3802];
const varchar = 1043;
const character = 1042;

/** `from` is null for a constant without a type. */
export function assignmentTo(
  catalog: Catalog,
  from: number | null,
  to: TypeWithModifier,
  fromTypmod = -1,
): Assignment {
  if (to.typmod !== -1 && (to.typmod !== fromTypmod || from !== to.type)) return modified(catalog, from, to);
  if (from === to.type) return nothing;
  const target = catalog.types.get(to.type);
  if (target === undefined) return unsupported('an assignment to another type');
  const name = `::${typeName(catalog, to.type)}`;
  if (target.kind === 'domain')
    return { cast: domainCast(catalog, target, from), check: null, mayFail: true };
  const source = from === null ? null : (baseType(catalog, from) ?? null);
  const path = castPath(source, target, catalog);
  if (path === null) return unsupported('an assignment to another type');
  return { cast: path === 'text' ? `::text${name}` : name, check: null, mayFail: !isWider(source, target) };
}

/** The cast alone, where a value is only handed on. */
export function assignmentCast(
  catalog: Catalog,
  from: number | null,
  to: TypeWithModifier,
  fromTypmod = -1,
): string {
  const { cast, check } = assignmentTo(catalog, from, to, fromTypmod);
  return check === null ? cast : unsupported('a length of a value that is handed on');
}

/** direct: the explicit cast is the assignment's · text: there is none, and the value's text is read. */
function castPath(source: PgType | null, target: PgType, catalog: Catalog): 'direct' | 'text' | null {
  if ([18, 19].includes(target.oid)) return null;
  if (target.oid === character) return source === null || texts.includes(source.oid) ? 'direct' : null;
  const scalar = target.kind === 'base' || target.kind === 'enum' || target.kind === 'range';
  if (source === null) return scalar ? 'direct' : null;
  if (source.oid === target.oid) return 'direct';
  if (source.category === 'A' && target.category === 'A') return elementPath(source, target, catalog);
  if (texts.includes(source.oid)) return scalar ? 'direct' : null;
  if (source.kind === 'composite' || target.kind === 'composite') return null;
  if (target.oid === 25 || target.oid === varchar) return 'direct';
  if (
    [numbers, moments, documents].some((family) => family.includes(source.oid) && family.includes(target.oid))
  )
    return 'direct';
  const read =
    documents.includes(source.oid) || source.kind === 'enum' || (source.oid === 23 && target.oid === 16);
  return read && scalar ? 'text' : null;
}

function elementPath(source: PgType, target: PgType, catalog: Catalog): 'direct' | null {
  const [from, to] = [catalog.types.get(source.element), catalog.types.get(target.element)];
  if (from === undefined || to === undefined) return null;
  return castPath(from, to, catalog) === 'direct' ? 'direct' : null;
}

/** Every value of the source is a value of the target. */
function isWider(source: PgType | null, target: PgType): boolean {
  if (target.oid === 25 || target.oid === varchar) return true;
  const integers = [21, 23, 20];
  if (source === null || !integers.includes(source.oid)) return false;
  return target.oid === 1700 || integers.indexOf(target.oid) > integers.indexOf(source.oid);
}

/** The constraints of a domain are checked by the cast; a length under it would be cut by it. */
function domainCast(catalog: Catalog, domain: PgType, from: number | null): string {
  const base = baseType(catalog, domain.oid);
  if (base === undefined || [varchar, 1042, 1560, 1562].includes(base.oid))
    return unsupported('a domain with a length under it');
  const inner = from === base.oid ? '' : assignmentTo(catalog, from, { type: base.oid, typmod: -1 }).cast;
  const written = from === null || inner === `::${typeName(catalog, base.oid)}` ? '' : inner;
  return `${written}::${typeName(catalog, domain.oid)}`;
}

function modified(catalog: Catalog, from: number | null, to: TypeWithModifier): Assignment {
  const modifier = to.typmod - 4;
  switch (to.type) {
    case 1700: {
      if (from !== null && !numbers.includes(from) && !texts.includes(from))
        return unsupported('a cast to numeric with a precision');
      return { cast: `::numeric(${modifier >> 16}, ${modifier & 0x7ff})`, check: null, mayFail: true };
    }
    case varchar:
    case character: {
      const { cast } =
        from === 25 || from === null ? nothing : assignmentTo(catalog, from, { type: 25, typmod: -1 });
      return {
        cast: from === to.type ? '' : cast,
        check: (value) => checked(value, to.type === varchar ? 'varchar' : 'character', modifier),
        mayFail: true,
      };
    }
    case 1083:
      assignmentTo(catalog, from, { type: to.type, typmod: -1 });
      return { cast: `::time(${to.typmod})`, check: null, mayFail: true };
    case 1114:
    case 1184:
      assignmentTo(catalog, from, { type: to.type, typmod: -1 });
      return { cast: `::timestamp${to.type === 1184 ? 'tz' : ''}(${to.typmod})`, check: null, mayFail: true };
    default:
      return unsupported('a length or precision of a variable');
  }
}

function checked(value: Code, name: 'varchar' | 'character', length: number): Code {
  const callee: Code = { kind: 'routine', module: 'support', name };
  return { kind: 'call', callee, arguments: [value, { kind: 'number', text: String(length) }] };
}
