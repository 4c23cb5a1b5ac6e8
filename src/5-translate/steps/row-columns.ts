/** The columns of a composite type, and of what fills a record variable. */
import type { Catalog } from '../../1-read/catalog.js';
import { nameLookup } from '../../3-parse/name-lookup.js';
import { relationColumns } from '../../3-parse/scope.js';
import type { Statement } from '../../3-parse/statement.js';
import { outputTargets } from '../selection.js';

export interface RowColumn {
  readonly name: string;
  readonly type: number;
  readonly typmod: number;
}

/** Of a row type by its OID; null where it is none, or a column's type is not known. */
export function rowColumns(catalog: Catalog, oid: number): readonly RowColumn[] | null {
  const type = catalog.types.get(oid);
  if (type?.kind !== 'composite') return null;
  const relation = nameLookup(catalog, catalog.searchPath).relationByOid(type.relation);
  return relation ? typed(relationColumns(relation)) : null;
}

/** Of the rows that a statement gives; null where a type is not known or two columns have one name. */
export function givenColumns(statement: Statement): readonly RowColumn[] | null {
  const targets = outputTargets(statement);
  if (new Set(targets.map(({ name }) => name)).size !== targets.length) return null;
  return typed(
    targets.map(({ name, expression }, index) => ({
      name,
      type: expression.type ?? statement.columns?.[index]?.type ?? null,
      typmod: -1,
    })),
  );
}

function typed(
  columns: readonly { readonly name: string; readonly type: number | null; readonly typmod: number }[],
): readonly RowColumn[] | null {
  const known = columns.flatMap(({ name, type, typmod }) => (type === null ? [] : [{ name, type, typmod }]));
  return known.length === columns.length && known.length > 0 ? known : null;
}
