/**
 * What PostgreSQL checks sooner in the translation than in the routine. An argument that is stored in a column
 * with a length or precision is fitted to it when the statement is planned, so that one which does not fit fails
 * also where no row matches; inside the routine it failed at the first row.
 */
import type { Catalog } from '../1-read/catalog.js';
import type { Insert, Statement } from '../3-parse/statement.js';
import { some } from './cardinality.js';

export function earlyChecks(
  statement: Statement,
  catalog: Catalog,
): readonly { readonly rule: string; readonly message: string }[] {
  if (statement.kind === 'insert') return ofInsertSelect(statement, catalog, false);
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

/**
 * The same of PL/pgSQL, whose plan knows the values of its variables for the first five runs in a session, as the
 * translation's always does, and need not know them later (choose_custom_plan of plancache.c).
 */
export function laterChecks(
  statement: Statement,
  catalog: Catalog,
): readonly { readonly rule: string; readonly message: string }[] {
  return statement.kind === 'insert' ? ofInsertSelect(statement, catalog, true) : [];
}

function ofInsertSelect(
  { source, into, insertColumns }: Insert,
  catalog: Catalog,
  plpgsql: boolean,
): readonly { readonly rule: string; readonly message: string }[] {
  if (source.kind !== 'select' || source.select.from.length === 0) return [];
  const relation = catalog.relations.find((candidate) => candidate.oid === into.oid);
  const fitted = insertColumns.filter((name, index) => {
    const value = source.select.targets[index]?.expression;
    const given = some(value, (node) => node.kind === 'parameter' || node.kind === 'variable');
    const computed = some(value, (node) => node.kind === 'column');
    return given && !computed && (relation?.columns.find((one) => one.name === name)?.typmod ?? -1) !== -1;
  });
  if (fitted.length === 0) return [];
  const columns = fitted.map((name) => `${into.table}.${name}`).join(', ');
  const message = plpgsql
    ? `A value that does not fit ${columns} fails before any row is read, also where the INSERT gets none. In a session that has run the function more than five times PostgreSQL may meet it at a row instead, behind the errors of that row.`
    : `A value that does not fit ${columns} now fails before any row is read, also where the INSERT gets none; the routine may have met it at a row, behind the errors of that row.`;
  return [{ rule: 'checked-early', message }];
}
