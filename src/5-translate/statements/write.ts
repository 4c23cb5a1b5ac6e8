/** INSERT, UPDATE and DELETE as query builders. */
import type { Assignment, Delete, Insert, OnConflict, Select, Update } from '../../3-parse/statement.js';
import type { DrizzleTable } from '../../1-read/user-project.js';
import type { Code, ObjectEntry } from '../code.js';
import { condition } from '../condition.js';
import { expression } from '../expressions/expression.js';
import { bind, template, within } from '../fragment.js';
import { columnCode, drizzleColumn, tableCode, type Scope } from '../scope.js';
import { Untranslatable, unsupported } from '../untranslatable.js';
import { assignedValue } from '../values.js';
import { withCommonTables, withSubqueries } from './derived.js';
import { plainTables, tableRange, withTables } from './ranges.js';
import { fromClause, method, plain, selectBuilder, type BuiltSelect } from './select.js';

/** The selection of RETURNING, made once the tables are in scope; null: none is wanted. */
export type Returning = ((scope: Scope) => readonly ObjectEntry[]) | null;

export function insertBuilder(insert: Insert, outer: Scope, returning: Returning): BuiltSelect {
  const common = withCommonTables(outer, insert.with);
  if (insert.overriding === 'user') unsupported('OVERRIDING USER VALUE in a query builder');
  const scope = withTables(common.scope, [insert.into]);
  const table = drizzleOf(insert.into, scope);
  refuseSideEffects(table, insert.insertColumns, 'insert');
  let chain = method(common.executor, 'insert', tableCode(table));
  if (insert.overriding === 'system') chain = method(chain, 'overridingSystemValue');
  chain =
    insert.source.kind === 'select'
      ? method(chain, 'select', insertedRows(insert, insert.source.select, table, common.scope))
      : method(chain, 'values', insertedValues(insert, table, scope));
  if (insert.onConflict !== null) chain = onConflict(chain, insert.onConflict, table, scope);
  return { code: finish(chain, returning, table, scope), scope };
}

export function updateBuilder(update: Update, outer: Scope, returning: Returning): BuiltSelect {
  const common = withCommonTables(outer, update.with);
  const tables = withTables(common.scope, [update.table, ...plainTables(update.from)]);
  const scope = withSubqueries(tables, update.from);
  const table = drizzleOf(update.table, scope);
  refuseSideEffects(
    table,
    update.set.map((item) => item.column),
    'update',
  );
  let chain = method(common.executor, 'update', tableCode(table));
  chain = method(chain, 'set', assignments(update.set, table, scope));
  if (update.from.length > 1) unsupported('UPDATE … FROM a, b in a query builder');
  chain = fromClause(chain, update.from, scope);
  if (update.where !== null) chain = method(chain, 'where', condition(update.where, scope));
  return { code: finish(chain, returning, table, scope), scope };
}

export function deleteBuilder(node: Delete, outer: Scope, returning: Returning): BuiltSelect {
  const common = withCommonTables(outer, node.with);
  if (node.using.length > 0) unsupported('DELETE … USING in a query builder');
  const scope = withTables(common.scope, [node.table]);
  const table = drizzleOf(node.table, scope);
  let chain = method(common.executor, 'delete', tableCode(table));
  if (node.where !== null) chain = method(chain, 'where', condition(node.where, scope));
  return { code: finish(chain, returning, table, scope), scope };
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

function insertedValues({ insertColumns, source }: Insert, table: DrizzleTable, scope: Scope): Code {
  const rows = source.kind === 'values' ? source.rows : [[]];
  const items = rows.map((row) => valuesRow(row.length === 0 ? [] : insertColumns, row, table, scope));
  const [first, ...others] = items;
  return first !== undefined && others.length === 0 ? first : { kind: 'array', items };
}

/** Drizzle inserts from a query only when it gives every column of the table, in the table's order. */
function insertedRows(insert: Insert, select: Select, table: DrizzleTable, outer: Scope): Code {
  if (select.setOperation !== null || select.values !== null || select.distinct !== null)
    unsupported('INSERT … SELECT DISTINCT, VALUES or UNION in a query builder');
  if (table.columns.some((column) => !insert.insertColumns.includes(column.name)))
    unsupported('INSERT … SELECT into a part of the columns in a query builder');
  return selectBuilder(select, outer, (scope) =>
    table.columns.map(({ name, property }): ObjectEntry => {
      const target = select.targets[insert.insertColumns.indexOf(name)];
      if (target === undefined) return unsupported('a SELECT of fewer columns than the INSERT names');
      const value = plain(target.expression, scope);
      return { kind: 'property', key: property, value: value.kind === 'sql' ? named(value, name) : value };
    }),
  ).code;
}

function named(value: Code, name: string): Code {
  return method(value, 'as', { kind: 'string', value: name });
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
  return { kind: 'object', entries: [...entries, ...leftToDefault(entries, table)] };
}

/** What the statement leaves out stays the database's business, though the type of `.values()` wants it. */
function leftToDefault(given: readonly ObjectEntry[], table: DrizzleTable): readonly ObjectEntry[] {
  const isGiven = (property: string): boolean =>
    given.some((entry) => entry.kind === 'property' && entry.key === property);
  return table.columns.flatMap(({ property, required }): ObjectEntry[] =>
    required !== true || isGiven(property)
      ? []
      : [{ kind: 'property', key: property, value: { kind: 'sql', type: null, parts: ['default'] } }],
  );
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
      // PostgreSQL finds the index by comparing texts, to which a parameter is unlike any constant.
      const value = template(within(bind.or, expression(clause.target.where, scope)));
      entries.push({ kind: 'property', key, value });
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

function finish(chain: Code, returning: Returning, table: DrizzleTable, scope: Scope): Code {
  if (returning === null) return chain;
  const entries = returning(scope);
  return method(
    chain,
    'returning',
    ...(isWholeRow(entries, table) ? [] : [{ kind: 'object', entries } as const]),
  );
}

/** Every column under its own property, in the table's order, is what `.returning()` gives. */
function isWholeRow(entries: readonly ObjectEntry[], table: DrizzleTable): boolean {
  return (
    entries.length === table.columns.length &&
    entries.every((entry, index) => {
      const column = table.columns[index];
      return (
        column !== undefined &&
        entry.kind === 'property' &&
        entry.key === column.property &&
        entry.value.kind === 'member' &&
        entry.value.property === column.property
      );
    })
  );
}
