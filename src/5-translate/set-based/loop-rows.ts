/** The rows that a loop goes through. */
import type { VariableReference } from '../../3-parse/expression.js';
import type { Select, SelectTarget } from '../../3-parse/statement.js';

export interface LoopRows {
  readonly select: Select;
  /** Place of an output column by what the turn calls it: `3` for a variable, `3.total` for a field of one. */
  readonly columns: ReadonlyMap<string, number>;
}

/** Place and definition of the output column that a variable of the turn shows; null: it is no variable of the loop. */
export function columnRead(
  { variable, path }: VariableReference,
  { columns, select }: LoopRows,
): { readonly place: number; readonly target: SelectTarget } | null {
  const place = columns.get([String(variable), ...path].join('.'));
  const target = place === undefined ? undefined : select.targets[place];
  return place === undefined || target === undefined ? null : { place, target };
}

/** Is the variable one that the loop fills? */
export function isOfLoop({ variable }: VariableReference, { columns }: LoopRows): boolean {
  return [...columns.keys()].some((key) => key.split('.')[0] === String(variable));
}
