/** Which row variables can be one variable a field: what assigns them and their parts, and with which columns. */
import type { Catalog } from '../../1-read/catalog.js';
import type { Step, Variable } from '../../3-parse/body.js';
import type { Expression, VariableReference } from '../../3-parse/expression.js';
import { relationColumns } from '../../3-parse/scope.js';
import { givenColumns, rowColumns, type RowColumn } from './row-columns.js';
import { assignedBy, innerLists } from './variable-uses.js';
import { rowOf } from './whole-row-reads.js';

/** Every step at any depth that assigns the variable or a part of it. */
export function assignments(id: number, steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step) => [
    ...(assignedBy(step).includes(id) ? [step] : []),
    ...innerLists(step).flatMap((list) => assignments(id, list)),
  ]);
}

/** Of a RECORD: the columns that all of its statements agree on. */
export function columnsOf(
  variable: Variable,
  steps: readonly Step[],
  catalog: Catalog,
): readonly RowColumn[] | null {
  if (variable.origin !== 'declared' || variable.notNull) return null;
  if (variable.type !== null) return rowColumns(catalog, variable.type);
  const shapes = steps.map((step) => ('statement' in step ? givenColumns(step.statement) : null));
  const [first] = shapes;
  const same = shapes.every((shape) => JSON.stringify(shape) === JSON.stringify(first));
  return same && first !== undefined ? first : null;
}

/**
 * The row type of the table whose columns all of these statements give, as `SELECT *` does: a RECORD that they fill is
 * written as one of its rows. Null: there is none.
 */
export function rowTypeOf(steps: readonly Step[], catalog: Catalog): number | null {
  const shapes = steps.map((step) => ('statement' in step ? shapeOf(step.statement.columns) : ''));
  const [shape = ''] = shapes;
  if (shape === '' || shapes.some((other) => other !== shape)) return null;
  return catalog.relations.find((one) => shapeOf(relationColumns(one)) === shape)?.rowType ?? null;
}

function shapeOf(columns: readonly RelationColumn[] | null): string {
  return (columns ?? []).map(({ name, type, typmod }) => JSON.stringify([name, type, typmod])).join();
}

type RelationColumn = Pick<RowColumn, 'name' | 'typmod'> & { readonly type: number | null };

/** Is what the step assigns told field by field? */
export function isTakenApart(
  step: Step,
  id: number,
  columns: readonly RowColumn[],
  catalog: Catalog,
): boolean {
  const isField = (path: readonly string[]): boolean =>
    path.length === 1 && columns.some(({ name }) => name === path[0]);
  const isRowIn = ([first, second]: readonly string[]): boolean => {
    const outer = columns.find(({ name }) => name === first);
    const inner = outer === undefined ? null : rowColumns(catalog, outer.type);
    return inner?.some(({ name }) => name === second) === true;
  };
  if (step.kind === 'execute-sql' || step.kind === 'for-query') {
    const targets = step.kind === 'for-query' ? step.target : (step.into?.targets ?? []);
    const own = targets.filter((target) => 'variable' in target && target.variable === id);
    const whole = targets.length === 1 && targets[0]?.kind === 'variable';
    return whole || own.every((target) => target.kind === 'field' && isField(target.path));
  }
  if (step.kind !== 'assign') return false;
  if (step.target.kind === 'field') return isField(step.target.path) || isRowIn(step.target.path);
  if (step.target.kind === 'element') return isField(fieldOfElement(step.target.element));
  if (step.target.kind !== 'variable') return false;
  const { value } = step;
  if (value.kind === 'null') return true;
  if (value.kind === 'variable') return value.path.length === 0 && sameRow(value, columns, catalog);
  const row = rowOf(value);
  return row !== null && row.items.length === columns.length;
}

function sameRow(node: VariableReference, columns: readonly RowColumn[], catalog: Catalog): boolean {
  const own = node.type === null ? null : rowColumns(catalog, node.type);
  return JSON.stringify(own) === JSON.stringify(columns);
}

/** `f` of `r.f[i]`; empty where the variable itself is the array. */
export function fieldOfElement(element: Expression): readonly string[] {
  if (element.kind === 'subscript') return fieldOfElement(element.operand);
  return element.kind === 'variable' ? element.path : [];
}
