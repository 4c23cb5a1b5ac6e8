/**
 * FOR over rows that its query locks. A row that the body has changed before the portal reaches it is left out
 * (ExecLockRows: it is updated by a later command of its own transaction), so the body may only change rows that were
 * read: the one of its turn.
 */
import type { Catalog } from '../../1-read/catalog.js';
import type { Step } from '../../3-parse/body.js';
import type { Expression } from '../../3-parse/expression.js';
import type { Delete, FromItem, Insert, RangeTable, Select, Update } from '../../3-parse/statement.js';
import { walk } from '../../4-classify/walk-body.js';
import { conjuncts } from '../cardinality.js';
import { outputTargets } from '../selection.js';
import { unsupported } from '../untranslatable.js';
import type { StepsContext } from './context.js';
import { assignedIn } from './loop-assigned.js';

type QueryStep = Extract<Step, { kind: 'for-query' }>;

const refused = 'FOR over locked rows that its body may change';

export function refuseChangedRows(step: QueryStep, select: Select, context: StepsContext): void {
  const { catalog } = context.input;
  const tables = tablesIn(select.from);
  const of = new Set(
    select.locking.flatMap((lock) => (lock.of.length === 0 ? tables.map(({ range }) => range) : lock.of)),
  );
  const locked = tables.filter(({ range }) => of.has(range));
  const names = locked.map(({ table }) => table);
  if (locked.length < of.size) unsupported(refused);
  walk(step.body, null, ({ node }) => {
    if (node.kind === 'unsupported-step' || node.kind === 'unsupported-statement') unsupported(refused);
    if (node.kind === 'call' && typeof node['routine'] === 'number' && node['volatile'] === true)
      if (reaches([node['routine']], names, catalog)) unsupported(refused);
    if (node.kind !== 'insert' && node.kind !== 'update' && node.kind !== 'delete') return;
    const write = node as unknown as Insert | Update | Delete;
    const { oid } = write.kind === 'insert' ? write.into : write.table;
    const triggers = catalog.relations.find((one) => one.oid === oid)?.triggers ?? [];
    if (
      reaches(
        triggers.map(({ routine }) => routine),
        names,
        catalog,
      )
    )
      unsupported(refused);
    const own = locked.filter((table) => table.oid === oid);
    if (own.length === 0 || (write.kind === 'insert' && write.onConflict?.action !== 'update')) return;
    const [table, ...others] = own;
    if (write.kind === 'insert' || table === undefined || others.length > 0) return unsupported(refused);
    if (!isOwnRow(write.where, table, step, select, catalog)) unsupported(refused);
    if (!isUnrepeated(table, select, catalog)) unsupported(refused);
  });
}

/** `WHERE key = row.key` of the row that the turn was given. */
function isOwnRow(
  where: Expression | null,
  table: RangeTable,
  step: QueryStep,
  select: Select,
  catalog: Catalog,
): boolean {
  const [target, ...others] = step.target;
  if (where === null || target?.kind !== 'variable' || others.length > 0) return false;
  if (step.body.some((inner) => assignedIn(inner).has(target.variable))) return false;
  const keys = uniqueKeys(table, catalog)
    .filter(({ length }) => length === 1)
    .flat();
  return conjuncts(where).some((test) =>
    sides(test).some(([column, value]) => {
      if (column.kind !== 'column' || value.kind !== 'variable') return false;
      if (!keys.includes(column.column) || value.variable !== target.variable) return false;
      const given = outputTargets(select).find(({ name }) => name === value.path[0])?.expression;
      return given?.kind === 'column' && given.column === column.column && given.range === table.range;
    }),
  );
}

/** No row of the table stands in two rows of the query: every other table is met by a whole unique key. */
export function isUnrepeated(table: RangeTable, select: Select, catalog: Catalog): boolean {
  const tables = tablesIn(select.from);
  if (!select.from.every(isPlain) || select.setOperation !== null) return false;
  const tests = [...(select.where === null ? [] : conjuncts(select.where)), ...joinTests(select.from)];
  const settled = new Set([table.range]);
  for (let before = -1; before < settled.size;) {
    before = settled.size;
    for (const other of tables) {
      const equated = tests.flatMap((test) =>
        sides(test).flatMap(([column, value]) =>
          column.kind === 'column' && column.range === other.range && isSettled(value, settled)
            ? [column.column]
            : [],
        ),
      );
      const keys = uniqueKeys(other, catalog);
      if (keys.some((key) => key.every((column) => equated.includes(column)))) settled.add(other.range);
    }
  }
  return settled.size === tables.length;
}

function isSettled(value: Expression, settled: ReadonlySet<number>): boolean {
  if (value.kind === 'column') return settled.has(value.range);
  return value.kind === 'literal' || value.kind === 'parameter' || value.kind === 'variable';
}

export function sides(test: Expression): readonly (readonly [Expression, Expression])[] {
  if (test.kind !== 'operator' || test.operator !== '=' || test.left === null) return [];
  return [
    [test.left, test.right],
    [test.right, test.left],
  ];
}

function uniqueKeys(table: RangeTable, catalog: Catalog): readonly (readonly string[])[] {
  const relation = catalog.relations.find(({ oid }) => oid === table.oid);
  return (relation?.keys ?? []).flatMap(({ columns, predicate, deferrable }) => {
    const named = columns.flatMap((column) => column ?? []);
    return predicate === null && !deferrable && named.length === columns.length ? [named] : [];
  });
}

/** Are these columns all of a key, each row of the table having its own? */
export function isUniqueKey(table: RangeTable, columns: readonly string[], catalog: Catalog): boolean {
  return uniqueKeys(table, catalog).some(
    (key) => key.length === columns.length && key.every((column) => columns.includes(column)),
  );
}

export function tablesIn(items: readonly FromItem[]): readonly RangeTable[] {
  return items.flatMap((item) => {
    if (item.kind === 'join') return tablesIn([item.left, item.right]);
    return item.kind === 'table' ? [item] : [];
  });
}

function isPlain(item: FromItem): boolean {
  return item.kind === 'table' || (item.kind === 'join' && isPlain(item.left) && isPlain(item.right));
}

function joinTests(items: readonly FromItem[]): readonly Expression[] {
  return items.flatMap((item) =>
    item.kind === 'join'
      ? [...(item.on === null ? [] : conjuncts(item.on)), ...joinTests([item.left, item.right])]
      : [],
  );
}

/** Does the text of one of the routines, or of one that it names, name one of the tables? */
function reaches(start: readonly number[], tables: readonly string[], catalog: Catalog): boolean {
  const seen = new Set<number>();
  const open = [...start];
  for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
    if (seen.has(oid)) continue;
    seen.add(oid);
    const source = catalog.routines.find((routine) => routine.oid === oid)?.source ?? null;
    if (source === null) return true;
    const words = new Set(source.toLowerCase().match(/[a-z_][\w$]*/g));
    if (words.has('execute') || tables.some((name) => words.has(name.toLowerCase()))) return true;
    for (const routine of catalog.routines) if (words.has(routine.name.toLowerCase())) open.push(routine.oid);
  }
  return false;
}
