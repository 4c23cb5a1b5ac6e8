/** Variables that each stand for one field of a row variable. */
import type { Variable } from '../../3-parse/body.js';
import type { RowColumn } from './row-columns.js';

export interface FieldVariable extends Variable {
  readonly field: string;
}

/** The name of the field; null: it is a variable of the body. */
export function fieldOf(variable: Variable): string | null {
  return 'field' in variable ? (variable as FieldVariable).field : null;
}

export function fieldVariable(variable: Variable, column: RowColumn, id: number): FieldVariable {
  const { type, typmod } = column;
  const name = `${variable.name}_${column.name}`;
  const own = { id, name, field: column.name, type, typmod, notNull: false, default: null };
  return { ...variable, ...own, origin: 'declared' };
}
