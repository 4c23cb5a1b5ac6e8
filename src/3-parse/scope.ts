/** What names mean at a place of a statement: from items, their columns, common tables. */
import type { Relation } from '../1-read/catalog.js';
import type { Expression } from './expression.js';

export interface RangeColumn {
  readonly name: string;
  readonly type: number | null;
  readonly typmod: number;
  readonly notNull: boolean;
}

/** One from item that column references can point at. */
export interface Range {
  readonly id: number;
  readonly alias: string;
  /** Written or implied schema of a table that has no alias, for `schema.table.column`. */
  readonly schema: string | null;
  /** null: not known (a system catalog, a function without a known row type). */
  readonly columns: readonly RangeColumn[] | null;
  readonly relation: Relation | null;
  readonly rowType: number | null;
  /** A function that gives values and no rows: its alias is the value, whatever the column is called. */
  readonly scalar?: boolean;
  readonly excluded: boolean;
}

/** A column that an unqualified name or a star reaches; JOIN … USING shows a pair as one. */
export interface VisibleColumn {
  readonly name: string;
  readonly expression: Expression;
}

export interface CommonTableColumns {
  readonly name: string;
  readonly columns: readonly RangeColumn[] | null;
}

export interface Scope {
  readonly parent: Scope | null;
  readonly ranges: readonly Range[];
  readonly visible: readonly VisibleColumn[];
  readonly commonTables: readonly CommonTableColumns[];
}

export const emptyScope: Scope = { parent: null, ranges: [], visible: [], commonTables: [] };

/** Column that `name`, `table.name` or `schema.table.name` means here, the innermost query first; null: none. */
export function findColumn(scope: Scope, fields: readonly string[]): Expression | null {
  for (let level: Scope | null = scope; level; level = level.parent) {
    const found = fields.length === 1 ? unqualified(level, fields[0] ?? '') : qualified(level, fields);
    if (found) return found;
  }
  return null;
}

/** From item that goes by this name here; null: none. */
export function findRange(scope: Scope, alias: string): Range | null {
  for (let level: Scope | null = scope; level; level = level.parent) {
    const found =
      level.ranges.find((range) => range.alias === alias && !range.excluded) ??
      level.ranges.find((range) => range.alias === alias);
    if (found) return found;
  }
  return null;
}

/** Common table of that name, the innermost WITH first. */
export function findCommonTable(scope: Scope, name: string): CommonTableColumns | null {
  for (let level: Scope | null = scope; level; level = level.parent) {
    const found = level.commonTables.findLast((table) => table.name === name);
    if (found) return found;
  }
  return null;
}

/** All columns that a from item shows, in order. */
export function visibleColumns(range: Range): readonly VisibleColumn[] {
  return (range.columns ?? []).map((column) => ({ name: column.name, expression: columnOf(range, column) }));
}

/** A reference to one column of a from item. */
export function columnOf(range: Range, column: RangeColumn): Expression {
  return {
    kind: 'column',
    range: range.id,
    column: column.name,
    type: column.type,
    notNull: column.notNull,
    excluded: range.excluded,
  };
}

/** Columns of a table, a view or a composite type. */
export function relationColumns(relation: Relation): readonly RangeColumn[] {
  return relation.columns.map(({ name, type, typmod, notNull }) => ({ name, type, typmod, notNull }));
}

const SYSTEM_COLUMNS: Readonly<Record<string, number>> = {
  ctid: 27,
  tableoid: 26,
  xmin: 28,
  xmax: 28,
  cmin: 29,
  cmax: 29,
};

function unqualified(scope: Scope, name: string): Expression | null {
  const column = scope.visible.find((each) => each.name === name);
  if (column) return column.expression;
  const [unknown, ...others] = scope.ranges.filter((range) => range.columns === null);
  const table = scope.ranges.find((range) => range.relation !== null && !range.excluded);
  if (table && SYSTEM_COLUMNS[name] !== undefined) return systemColumn(table, name);
  // A name that nothing known explains can only belong to the one item whose columns are not known;
  // callers confirm that by describing the statement.
  return unknown && others.length === 0 && scope.ranges.length === 1 ? unknownColumn(unknown, name) : null;
}

function qualified(scope: Scope, fields: readonly string[]): Expression | null {
  const [name, table, schema] = [...fields].reverse();
  if (name === undefined || table === undefined) return null;
  const range = scope.ranges.find(
    (each) => each.alias === table && (schema === undefined || each.schema === schema),
  );
  if (!range) return null;
  const column = range.columns?.find((each) => each.name === name);
  if (column) return columnOf(range, column);
  if (range.relation && SYSTEM_COLUMNS[name] !== undefined) return systemColumn(range, name);
  return range.columns === null ? unknownColumn(range, name) : null;
}

function systemColumn(range: Range, name: string): Expression {
  return columnOf(range, { name, type: SYSTEM_COLUMNS[name] ?? null, typmod: -1, notNull: true });
}

function unknownColumn(range: Range, name: string): Expression {
  return columnOf(range, { name, type: null, typmod: -1, notNull: false });
}
