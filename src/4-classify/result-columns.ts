/** How a statement's columns become the routine's result columns. */
import type { Catalog, Routine } from '../1-read/catalog.js';
import { nameLookup } from '../3-parse/name-lookup.js';
import { routineColumns } from '../3-parse/routine-columns.js';
import type { Statement } from '../3-parse/statement.js';
import type { ResultColumn } from './verdict.js';

/**
 * One result column a statement column, in order; null when their numbers differ (a composite that
 * is returned as one value). `castFrom` is the statement's type where PostgreSQL casts it on return.
 * A routine that returns RECORD without a declaration has the statement's own columns.
 */
export function resultColumns(
  routine: Routine,
  statement: Statement,
  catalog: Catalog,
): readonly ResultColumn[] | null {
  const declared = routineColumns(routine, nameLookup(catalog, catalog.searchPath));
  if (declared === null) return statement.columns?.map((column) => ({ ...column, castFrom: null })) ?? null;
  const given = statement.columns;
  if (given !== null && given.length !== declared.length) return null;
  return declared.map(({ name, type, typmod }, index) => {
    const from = given?.[index]?.type ?? null;
    const to = type ?? from ?? 0;
    return { name, type: to, typmod, castFrom: from === null || sameType(from, to, catalog) ? null : from };
  });
}

/** Describe shows a domain as its base type, so a domain equals its base here. */
export function sameType(one: number, other: number, catalog: Catalog): boolean {
  return baseOf(one, catalog) === baseOf(other, catalog);
}

function baseOf(oid: number, catalog: Catalog): number {
  const type = catalog.types.get(oid);
  return type?.kind === 'domain' ? baseOf(type.baseType, catalog) : oid;
}
