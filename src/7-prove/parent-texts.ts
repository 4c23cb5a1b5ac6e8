/** What a column with a foreign key may hold. */
import type { Catalog, Column, ForeignKey, Relation } from '../1-read/catalog.js';

/** The column of the same table that a column refers to: the first row has the next two below it, and one a fourth. */
export function ownTarget(
  { schema, name, columns }: Relation,
  { columns: own, references }: ForeignKey,
  column: Column,
): Column | undefined {
  if (references.schema !== schema || references.table !== name) return undefined;
  const target = references.columns[own.indexOf(column.name)];
  return columns.find((one) => one.name === target);
}

/** Texts of what a column refers to, row by row; null where they are not known yet. */
export function parentTexts(
  catalog: Catalog,
  { columns, references }: ForeignKey,
  column: Column,
  values: ReadonlyMap<string, readonly (string | null)[]>,
): readonly (string | null)[] | null {
  const target = references.columns[columns.indexOf(column.name)];
  const parent = catalog.relations.find(
    ({ schema, name }) => schema === references.schema && name === references.table,
  );
  return values.get(`${String(parent?.oid)}.${String(target)}`) ?? null;
}
