/** UPDATE or DELETE of the row of each turn, as one statement over all rows of the loop. */
import type { Catalog, Relation } from '../../1-read/catalog.js';
import type { ColumnReference, Expression, VariableReference } from '../../3-parse/expression.js';
import { operatorType } from '../../3-parse/operator-type.js';
import type { Delete, RangeTable, Select, Statement, Update } from '../../3-parse/statement.js';
import { mayFail } from '../steps/may-fail.js';
import { conjuncts } from '../cardinality.js';
import { isUnrepeated, isUniqueKey, sides, tablesIn } from '../steps/locked-loop.js';
import { failuresOf } from './failures-of.js';
import { columnRead, isOfLoop, type LoopRows } from './loop-rows.js';
import { isPlainQuery } from './plain-query.js';
import { isPlainDelete, isPlainUpdate } from './plain-table.js';

/** Ids of FROM items that are like no other. */
const ownRanges = 20_000;

export interface OneStatement {
  readonly statement: Update | Delete;
  /**
   * Rows of the written table itself, not locked before: measured against a second session, the statement meets each
   * row that the loop meets. Otherwise a row whose key the other session changes meanwhile is left out.
   */
  readonly exact: boolean;
}

/** Null: it is not provably the same. */
export function asOneStatement(statement: Statement, rows: LoopRows, catalog: Catalog): OneStatement | null {
  if (statement.kind !== 'update' && statement.kind !== 'delete') return null;
  if (statement.with.length > 0 || statement.returning.length > 0 || statement.where === null) return null;
  const relation = catalog.relations.find(({ oid }) => oid === statement.table.oid);
  if (relation === undefined || !isPlainQuery(rows.select)) return null;
  const keys = keysOf(statement.where, statement.table, rows);
  if (keys === null) return null;
  const names = keys.map(({ column }) => column.column);
  if (!isUniqueKey(statement.table, names, catalog) || !isOnce(keys, rows, catalog)) return null;
  const made =
    statement.kind === 'update'
      ? updateOf(statement, relation, keys, rows, catalog)
      : deleteOf(statement, relation, keys, rows, catalog);
  const { select } = rows;
  const [{ source } = { source: null }] = keys;
  const own = tablesIn(select.from).find(({ range }) => range === source?.range);
  const exact =
    select.locking.length === 0 &&
    own?.oid === statement.table.oid &&
    keys.every((key) => key.source.column === key.column.column);
  return made === null ? null : { statement: made, exact };
}

interface Key {
  /** Of the table that is written. */
  readonly column: ColumnReference;
  /** Of the turn. */
  readonly value: VariableReference;
  /** What the query gives for it. */
  readonly source: ColumnReference;
  readonly place: number;
}

/** `WHERE key = row.key` and no more. */
function keysOf(where: Expression, table: RangeTable, rows: LoopRows): readonly Key[] | null {
  const keys = conjuncts(where).map((test): Key | null => {
    for (const [column, value] of sides(test)) {
      if (column.kind !== 'column' || column.range !== table.range || value.kind !== 'variable') continue;
      const read = columnRead(value, rows);
      const source = read?.target.expression;
      if (read === null || source?.kind !== 'column' || source.type !== column.type) continue;
      return { column, value, source, place: read.place };
    }
    return null;
  });
  return keys.some((key) => key === null) ? null : keys.flatMap((key) => key ?? []);
}

/** Does the query give each key at most once? */
function isOnce(keys: readonly Key[], { select }: LoopRows, catalog: Catalog): boolean {
  const [first] = keys;
  const table = tablesIn(select.from).find(({ range }) => range === first?.source.range);
  if (table === undefined || keys.some(({ source }) => source.range !== table.range)) return false;
  const names = keys.map(({ source }) => source.column);
  return isUniqueKey(table, names, catalog) && isUnrepeated(table, select, catalog);
}

function updateOf(
  statement: Update,
  relation: Relation,
  keys: readonly Key[],
  rows: LoopRows,
  catalog: Catalog,
): Update | null {
  const columns = statement.set.map(({ column }) => column);
  if (statement.from.length > 0 || !isPlainUpdate(relation, columns, catalog)) return null;
  if (statement.set.some(({ form, value }) => form !== null || value.kind === 'default')) return null;
  const range = ownRanges;
  const used = new Map<string, number>();
  const set = statement.set.map((each) => ({ ...each, value: moved(each.value, range, used, rows) }));
  const failures = set.map(({ column, value }) => failuresOf(column, value, relation, catalog));
  const all = failures.reduce<number>((sum, one) => sum + (one ?? 2), 0);
  // Of two errors the first one is told, and one statement may meet the rows in another order.
  if (all > 1 || (all > 0 && mayFail(rows.select, catalog))) return null;
  if (used.size === 0 && keys.length === 1) return { ...statement, where: isAmong(keys, rows) };
  for (const { value, place } of keys) used.set(nameOf(value), place);
  const select = chosen(used, rows);
  if (select === null) return null;
  const tests = keys.map(({ column, value, source }): Expression => ({
    kind: 'operator',
    operator: '=',
    left: column,
    right: { ...source, range, column: nameOf(value) },
    type: 16,
  }));
  const [test] = tests;
  const where: Expression =
    tests.length === 1 && test !== undefined ? test : { kind: 'and', operands: tests, type: 16 };
  const alias = keys[0]?.value.path.length === 0 ? 'chosen' : (keys[0]?.value.name ?? 'chosen');
  return {
    ...statement,
    set,
    from: [{ kind: 'subquery', range, alias, lateral: false, select, columnNames: [] }],
    where,
  };
}

function deleteOf(
  statement: Delete,
  relation: Relation,
  keys: readonly Key[],
  rows: LoopRows,
  catalog: Catalog,
): Delete | null {
  if (statement.using.length > 0 || keys.length !== 1 || !isPlainDelete(relation, catalog)) return null;
  return { ...statement, where: isAmong(keys, rows) };
}

/** `key IN (SELECT …)` */
function isAmong([key]: readonly Key[], rows: LoopRows): Expression | null {
  if (key === undefined) return null;
  const select = chosen(new Map([[nameOf(key.value), key.place]]), rows);
  return select === null
    ? null
    : { kind: 'subquery-comparison', quantifier: 'any', operator: '=', left: key.column, select, type: 16 };
}

/** The loop's query with only the columns that are used. */
function chosen(used: ReadonlyMap<string, number>, { select }: LoopRows): Select | null {
  const targets = [...used].flatMap(([name, place]) => {
    const target = select.targets[place];
    return target === undefined ? [] : [{ ...target, name }];
  });
  return targets.length < used.size ? null : (renumbered({ ...select, targets }) as Select);
}

/** The value with columns of the subquery for what the turn reads. */
function moved(value: Expression, range: number, used: Map<string, number>, rows: LoopRows): Expression {
  const visit = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(visit);
    if (typeof node !== 'object' || node === null) return node;
    if ('kind' in node && node.kind === 'variable') {
      const read = node as VariableReference;
      const column = columnRead(read, rows);
      if (column === null)
        return isOfLoop(read, rows)
          ? { kind: 'unsupported', construct: 'the row', sql: '', type: null }
          : node;
      const name = nameOf(read);
      used.set(name, column.place);
      const { expression } = column.target;
      const notNull =
        expression.kind === 'column' &&
        expression.notNull &&
        rows.select.from.length === 1 &&
        rows.select.from[0]?.kind === 'table';
      return {
        kind: 'column',
        range,
        column: name,
        type: expression.type,
        notNull,
        excluded: false,
      } satisfies Expression;
    }
    const copy = Object.fromEntries(Object.entries(node).map(([key, inner]) => [key, visit(inner)]));
    return 'kind' in node ? typed(copy as unknown as Expression) : copy;
  };
  return visit(value) as Expression;
}

/** The fields of a RECORD had no types when the expression was read. */
function typed(node: Expression): Expression {
  if (node.type !== null) return node;
  if (node.kind === 'operator') {
    const { operator, left, right } = node;
    // A constant without a type has that of the other operand.
    const [one, other] = [left?.type ?? null, right.type];
    return { ...node, type: operatorType(operator, one ?? other, other ?? one, left === null) };
  }
  if (node.kind !== 'coalesce' && node.kind !== 'greatest' && node.kind !== 'least') return node;
  return { ...node, type: node.operands.find(({ type }) => type !== null)?.type ?? null };
}

function nameOf({ name, path }: VariableReference): string {
  return path.at(-1) ?? name;
}

function renumbered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(renumbered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => [
      key,
      key === 'range' && typeof item === 'number'
        ? ownRanges + 1 + item
        : key === 'of' && Array.isArray(item)
          ? item.map((one: number) => ownRanges + 1 + one)
          : renumbered(item),
    ]),
  );
}
