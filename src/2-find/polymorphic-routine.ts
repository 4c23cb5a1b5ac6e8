/**
 * A polymorphic routine with the types that one call gives it (PostgreSQL manual, 38.2.5): from there on it is a
 * routine like any other, with an OID of its own.
 */
import type { Catalog, PgType, Routine, RoutineArgument } from '../1-read/catalog.js';
import type { CallArgument } from './call-site.js';
import type { Candidate } from './resolve-candidates.js';
import type { Binding } from './resolved-site.js';

/** Type OID of an argument; null where the call does not tell it, as of a bare `'text'`. */
export type TypeOfArgument = (argument: CallArgument) => number | null;

export function isPolymorphic(routine: Routine, catalog: Catalog): boolean {
  return [routine.returnType, ...routine.arguments.map(({ type }) => type)].some(
    (type) => pseudoName(type, catalog) !== null,
  );
}

/** The OID of the routine in the database. */
export function declaredOid({ oid, polymorphic }: Routine): number {
  return polymorphic?.declared.oid ?? oid;
}

/** The candidate itself where it is not polymorphic, or where the types of the call are not known. */
export function withCallTypes(candidate: Candidate, typeOf: TypeOfArgument, catalog: Catalog): Candidate {
  const { routine, bindings } = candidate;
  if (!isPolymorphic(routine, catalog)) return candidate;
  const families = resolvedFamilies(bindings, typeOf, catalog);
  const concrete = (type: number): number | null => concreteType(type, families, catalog);
  const types = [routine.returnType, ...routine.arguments.map(({ type }) => type)].map(concrete);
  if (types.some((type) => type === null)) return candidate;
  const given = routine.arguments.map((argument) => ({
    ...argument,
    type: concrete(argument.type) ?? argument.type,
    default: withType(argument.default, concrete(argument.type), catalog),
  }));
  const known = families.flatMap(({ element }) => element ?? []);
  const own: Routine = {
    ...routine,
    arguments: given,
    returnType: concrete(routine.returnType) ?? routine.returnType,
    polymorphic: { declared: routine, types: known, named: false },
  };
  return { routine: own, bindings: bindings.map((binding) => bound(binding, routine, own, catalog)) };
}

/**
 * Each routine of its own types gets an OID of its own, below zero, where no object of PostgreSQL has one. Where calls
 * give one routine several types its functions are named after them.
 */
export function asInstances<T extends { readonly routine: Routine }>(sites: readonly T[]): readonly T[] {
  const keys = new Map<string, number>();
  for (const { routine } of sites) {
    if (routine.polymorphic !== undefined) keys.set(keyOf(routine), routine.polymorphic.declared.oid);
  }
  const order = [...keys.keys()];
  const several = (oid: number): boolean => [...keys.values()].filter((one) => one === oid).length > 1;
  return sites.map((site) => {
    const { routine } = site;
    if (routine.polymorphic === undefined) return site;
    const named = several(routine.polymorphic.declared.oid);
    const oid = -1 - order.indexOf(keyOf(routine));
    return { ...site, routine: { ...routine, oid, polymorphic: { ...routine.polymorphic, named } } };
  });
}

/** `NULL::anyelement` of a default has the type of the call. */
function withType(text: string | null, type: number | null, { types }: Catalog): string | null {
  return text?.replace(/::any[a-z]+$/, `::${types.get(type ?? 0)?.sqlName ?? 'text'}`) ?? null;
}

function keyOf({ polymorphic }: Routine): string {
  return [polymorphic?.declared.oid, ...(polymorphic?.types ?? [])].join();
}

/** What stands for all `any…`, and for all `anycompatible…`: one type each. */
interface Family {
  readonly compatible: boolean;
  readonly element: number | null;
  /** The range and the multirange over it, where one is given. */
  readonly range: number | null;
  readonly multirange: number | null;
}

function resolvedFamilies(
  bindings: readonly Binding[],
  typeOf: TypeOfArgument,
  catalog: Catalog,
): readonly Family[] {
  return [false, true].map((compatible): Family => {
    const elements: number[] = [];
    let range: number | null = null;
    let multirange: number | null = null;
    let unknown = false;
    for (const { parameter, argument } of bindings) {
      const name = pseudoName(parameter.type, catalog);
      if (name === null || name.startsWith('anycompatible') !== compatible || argument === null) continue;
      const kind = name.replace(/^any(?:compatible)?/, '');
      for (const one of argument.collected?.items ?? [argument]) {
        const given = typeOf(one);
        if (given === null) unknown ||= !isUntyped(one);
        else {
          const element =
            argument.collected === undefined ? elementOf(given, kind, catalog) : plain(given, catalog);
          if (element === null) unknown = true;
          else elements.push(element);
          if (kind === 'range') range = given;
          if (kind === 'multirange') multirange = given;
        }
      }
    }
    const element = unknown ? null : compatible ? commonType(elements, catalog) : onlyType(elements);
    return { compatible, element, range, multirange };
  });
}

function concreteType(type: number, families: readonly Family[], catalog: Catalog): number | null {
  const name = pseudoName(type, catalog);
  if (name === null) return type;
  const family = families.find(({ compatible }) => compatible === name.startsWith('anycompatible'));
  if (family === undefined || family.element === null) return null;
  switch (name.replace(/^any(?:compatible)?/, '')) {
    case 'element':
    case 'nonarray':
    case 'enum':
    case '':
      return family.element;
    case 'array':
      return catalog.types.get(catalog.types.get(family.element)?.array ?? 0)?.oid ?? null;
    case 'range':
      return family.range ?? (family.multirange === null ? null : rangeOf(family.multirange, catalog));
    case 'multirange':
      return family.multirange;
    default:
      return null;
  }
}

/** The type of what a polymorphic parameter of this kind holds; null for one that is not known here. */
function elementOf(type: number, kind: string, catalog: Catalog): number | null {
  switch (kind) {
    case 'array': {
      const array = catalog.types.get(type);
      return array?.category === 'A' && array.kind === 'base' ? plain(array.element, catalog) : null;
    }
    case 'range':
    case 'multirange': {
      const name = catalog.types.get(type)?.name.replace(/multirange$/, 'range');
      return subtypes[name ?? ''] ?? null;
    }
    default:
      return plain(type, catalog);
  }
}

/** Of the ranges that PostgreSQL has itself (manual, 8.17.1); the catalog keeps no subtype of others. */
const subtypes: Readonly<Record<string, number>> = {
  int4range: 23,
  int8range: 20,
  numrange: 1700,
  tsrange: 1114,
  tstzrange: 1184,
  daterange: 1082,
};

function rangeOf(multirange: number, catalog: Catalog): number | null {
  const name = catalog.types.get(multirange)?.name.replace(/multirange$/, 'range');
  return [...catalog.types.values()].find((type) => type.name === name)?.oid ?? null;
}

/** A domain is one type for an element and its base for an array: it is left alone. */
function plain(oid: number, catalog: Catalog): number | null {
  const type = catalog.types.get(oid);
  return type === undefined || type.kind === 'domain' || type.kind === 'pseudo' ? null : oid;
}

function onlyType(types: readonly number[]): number | null {
  const [first, ...others] = new Set(types);
  return first === undefined || others.length > 0 ? null : first;
}

/** The common type of numbers, or the one type of all (PostgreSQL manual, 10.5). */
function commonType(types: readonly number[], catalog: Catalog): number | null {
  const only = onlyType(types);
  if (only !== null || types.length === 0) return only;
  const places = types.map((type) => numbers.indexOf(type));
  const known = places.every((place) => place >= 0) && catalog.types.has(Math.max(...types));
  return known ? (numbers[Math.max(...places)] ?? null) : null;
}

/** Each is cast to the next without being asked. */
const numbers: readonly number[] = [21, 23, 20, 1700, 700, 701];

/** A constant without a type takes that of the others. */
function isUntyped({ hole, sql }: CallArgument): boolean {
  return hole === null && /^(?:'(?:[^']|'')*'|null)$/i.test(sql.trim());
}

function pseudoName(oid: number, catalog: Catalog): string | null {
  const type = catalog.types.get(oid);
  return type?.kind === 'pseudo' && type.name.startsWith('any') ? type.name : null;
}

function bound(binding: Binding, declared: Routine, own: Routine, catalog: Catalog): Binding {
  const parameter = own.arguments[declared.arguments.indexOf(binding.parameter)] ?? binding.parameter;
  const { argument } = binding;
  if (argument?.collected === undefined) return { ...binding, parameter };
  const type = catalog.types.get(parameter.type);
  const element = type?.element ?? 0;
  return { ...binding, parameter, argument: collectedAs(argument, parameter, element, type) };
}

function collectedAs(
  argument: CallArgument,
  { type }: RoutineArgument,
  element: number,
  known: PgType | undefined,
): CallArgument {
  const items = argument.collected?.items ?? [];
  return {
    ...argument,
    sql: `${argument.sql}::${known?.sqlName ?? String(type)}`,
    collected: { type: element, items },
  };
}
