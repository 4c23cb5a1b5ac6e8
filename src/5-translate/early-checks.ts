/**
 * What PostgreSQL checks sooner in the translation than in the routine. An argument that is stored in a column
 * with a length or precision is fitted to it when the statement is planned, so that one which does not fit fails
 * also where no row matches; inside the routine it failed at the first row.
 */
import type { Catalog } from '../1-read/catalog.js';
import type { Statement } from '../3-parse/statement.js';
import { some } from './cardinality.js';

export function earlyChecks(
  statement: Statement,
  catalog: Catalog,
): readonly { readonly rule: string; readonly message: string }[] {
  if (statement.kind !== 'update') return [];
  const relation = catalog.relations.find((candidate) => candidate.oid === statement.table.oid);
  const fitted = statement.set
    .filter(({ value }) => some(value, (node) => node.kind === 'parameter'))
    .filter(({ column }) => (relation?.columns.find((one) => one.name === column)?.typmod ?? -1) !== -1)
    .map(({ column }) => `${statement.table.table}.${column}`);
  if (fitted.length === 0) return [];
  const message = `A value that does not fit ${fitted.join(', ')} now fails also where no row matches; the routine failed only at a row.`;
  return [{ rule: 'checked-early', message }];
}
