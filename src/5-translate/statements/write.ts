/** INSERT, UPDATE and DELETE as query builders. */
import type { Assignment, Delete, Insert, OnConflict, Update } from '../../3-parse/statement.js';
import type { DrizzleTable } from '../../1-read/user-project.js';
import type { Code, ObjectEntry } from '../code.js';
import { condition } from '../condition.js';
import { columnCode, drizzleColumn, tableCode, type Scope } from '../scope.js';
import { Untranslatable, unsupported } from '../untranslatable.js';
import { assignedValue } from '../values.js';
import { plainTables, tableRange, withTables } from './ranges.js';
import { method, type BuiltSelect } from './select.js';

/** The selection of RETURNING, made once the tables are in scope; null: none is wanted. */
export type Returning = ((scope: Scope) => readonly ObjectEntry[]) | null;

export function insertBuilder(insert: Insert, outer: Scope, returning: Returning): BuiltSelect {
  refuseCommonTables(insert.with);
  if (insert.overriding !== null)
    unsupported(`OVERRIDING ${insert.overriding.toUpperCase()} VALUE in a query builder`);
  if (insert.source.kind !== 'values')
    return unsupported('INSERT … SELECT or DEFAULT VALUES in a query builder');
  const scope = withTables(outer, [insert.into]);
  const table = drizzleOf(insert.into, scope);
  refuseSideEffects(table, insert.insertColumns, 'insert');
  const rows = insert.source.rows.map((row) => valuesRow(insert.insertColumns, row, table, scope));
  const [first] = rows;
  let chain = method({ kind: 'executor' }, 'insert', tableCode(table));
  chain = method(
    chain,
    'values',
    rows.length === 1 && first !== undefined ? first : { kind: 'array', items: rows },
  );
  if (insert.onConflict !== null) chain = onConflict(chain, insert.onConflict, table, scope);
  return { code: finish(chain, returning, scope), scope };
}

export function updateBuilder(update: Update, outer: Scope, returning: Returning): BuiltSelect {
  refuseCommonTables(update.with);
  const [from, ...more] = update.from;
  if (more.length > 0 || (from !== undefined && from.kind !== 'table'))
    unsupported('UPDATE … FROM several tables in a query builder');
  const scope = withTables(outer, [update.table, ...plainTables(update.from)]);
  const table = drizzleOf(update.table, scope);
  refuseSideEffects(
    table,
    update.set.map((item) => item.column),
    'update',
  );
  let chain = method({ kind: 'executor' }, 'update', tableCode(table));
  chain = method(chain, 'set', assignments(update.set, table, scope));
  if (from !== undefined && from.kind === 'table')
    chain = method(chain, 'from', tableCode(drizzleOf(from, scope)));
  if (update.where !== null) chain = method(chain, 'where', condition(update.where, scope));
  return { code: finish(chain, returning, scope), scope };
}

export function deleteBuilder(node: Delete, outer: Scope, returning: Returning): BuiltSelect {
  refuseCommonTables(node.with);
  if (node.using.length > 0) unsupported('DELETE … USING in a query builder');
  const scope = withTables(outer, [node.table]);
  const table = drizzleOf(node.table, scope);
  let chain = method({ kind: 'executor' }, 'delete', tableCode(table));
  if (node.where !== null) chain = method(chain, 'where', condition(node.where, scope));
  return { code: finish(chain, returning, scope), scope };
}

/**
 * `$onUpdate` joins every `.set()` and `$defaultFn` replaces database defaults: a column that has one and
 * that the body leaves alone would change its value.
 */
function refuseSideEffects(table: DrizzleTable, set: readonly string[], kind: 'insert' | 'update'): void {
  const touched = table.columns.find(
    (column) =>
      !set.includes(column.name) && (column.onUpdate || (kind === 'insert' && column.runtimeDefault)),
  );
  if (touched !== undefined)
    throw new Untranslatable('schema-side-effect', `${table.schema}.${table.name}.${touched.name}`);
}

function refuseCommonTables(common: readonly unknown[]): void {
  if (common.length > 0) unsupported('WITH in a query builder');
}

function drizzleOf(item: Insert['into'], scope: Scope): DrizzleTable {
  const range = scope.ranges.get(item.range) ?? tableRange(item, scope, null);
  return range.kind === 'table' ? range.table : unsupported('a target that is no table');
}

function valuesRow(
  columns: readonly string[],
  row: readonly Parameters<typeof assignedValue>[0][],
  table: DrizzleTable,
  scope: Scope,
): Code {
  const entries = columns.flatMap((name, index): ObjectEntry[] => {
    const value = row[index];
    if (value === undefined) return unsupported('a VALUES list shorter than its columns');
    const column = drizzleColumn(table, name);
    return value.kind === 'default'
      ? []
      : [{ kind: 'property', key: column.property, value: assignedValue(value, column, scope) }];
  });
  return { kind: 'object', entries };
}

function assignments(set: readonly Assignment[], table: DrizzleTable, scope: Scope): Code {
  const entries = set.map(({ column: name, value, form }): ObjectEntry => {
    if (form !== null) return unsupported(`${form} in a query builder`);
    const column = drizzleColumn(table, name);
    return { kind: 'property', key: column.property, value: assignedValue(value, column, scope) };
  });
  return { kind: 'object', entries };
}

function onConflict(chain: Code, clause: OnConflict, table: DrizzleTable, scope: Scope): Code {
  const entries: ObjectEntry[] = [];
  if (clause.target !== null) {
    if (clause.target.kind !== 'columns')
      return unsupported('ON CONFLICT with a constraint or an expression in a query builder');
    const columns = clause.target.columns.map((name) => columnCode(table, drizzleColumn(table, name)));
    const [only] = columns;
    entries.push({
      kind: 'property',
      key: 'target',
      value: columns.length === 1 && only !== undefined ? only : { kind: 'array', items: columns },
    });
    if (clause.target.where !== null) {
      const key = clause.action === 'nothing' ? 'where' : 'targetWhere';
      entries.push({ kind: 'property', key, value: condition(clause.target.where, scope) });
    }
  }
  if (clause.action === 'nothing') {
    return method(
      chain,
      'onConflictDoNothing',
      ...(entries.length === 0 ? [] : [{ kind: 'object', entries } as const]),
    );
  }
  refuseSideEffects(table, [...clause.set.map((item) => item.column)], 'update');
  entries.push({ kind: 'property', key: 'set', value: assignments(clause.set, table, scope) });
  if (clause.where !== null)
    entries.push({ kind: 'property', key: 'setWhere', value: condition(clause.where, scope) });
  return method(chain, 'onConflictDoUpdate', { kind: 'object', entries });
}

function finish(chain: Code, returning: Returning, scope: Scope): Code {
  if (returning === null) return chain;
  return method(chain, 'returning', { kind: 'object', entries: returning(scope) });
}
