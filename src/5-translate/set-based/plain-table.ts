/** Tables on which one statement over many rows does what a statement for each row does. */
import type { Catalog, Relation } from '../../1-read/catalog.js';

/** Setting these columns fires nothing, is checked by nothing, and moves no row. */
export function isPlainUpdate(relation: Relation, columns: readonly string[], catalog: Catalog): boolean {
  const own = (names: readonly (string | null)[]): boolean =>
    names.some((name) => name === null || columns.includes(name));
  return (
    isPlain(relation, 'update') &&
    (relation.exclusions ?? []).length === 0 &&
    new Set(columns).size === columns.length &&
    !relation.columns.some(({ generated }) => generated) &&
    !own(relation.checked ?? []) &&
    !relation.keys.some((key) => own(key.columns)) &&
    !relation.foreignKeys.some((key) => own(key.columns)) &&
    !referencesTo(relation, catalog).some((key) => own(key.references.columns)) &&
    columns.every((name) =>
      relation.columns.some((column) => column.name === name && column.identity === null),
    )
  );
}

/** No other row refers to its rows, which could refuse the deletion or go with it. */
export function isPlainDelete(relation: Relation, catalog: Catalog): boolean {
  return isPlain(relation, 'delete') && referencesTo(relation, catalog).length === 0;
}

function isPlain(relation: Relation, event: 'update' | 'delete'): boolean {
  return (
    relation.kind === 'table' &&
    relation.alone === true &&
    !relation.rowSecurity &&
    !relation.triggers.some(({ events }) => events.includes(event))
  );
}

function referencesTo({ schema, name }: Relation, { relations }: Catalog): Relation['foreignKeys'] {
  return relations
    .flatMap(({ foreignKeys }) => foreignKeys)
    .filter(({ references }) => references.schema === schema && references.table === name);
}
