/** What a routine gives to its caller, as its signature says. */
import type { StepsInput } from '../module-head.js';
import { unsupported } from '../untranslatable.js';
import { rowColumns } from './row-columns.js';

export interface ResultColumn {
  readonly name: string;
  readonly type: number;
}

export type Result =
  | { readonly kind: 'void' }
  | { readonly kind: 'scalar'; readonly type: number }
  /** The values of OUT arguments at the end; `row`: a row of them even where one is all there is. */
  | { readonly kind: 'out'; readonly columns: readonly ResultColumn[]; readonly row: boolean }
  | { readonly kind: 'row'; readonly columns: readonly ResultColumn[] }
  | { readonly kind: 'set'; readonly columns: readonly ResultColumn[] };

export function resultOf({ routine, catalog }: StepsInput): Result {
  const given = routine.arguments.filter(({ mode }) => ['out', 'inout', 'table'].includes(mode));
  const columns = given.map(({ name, type }, index): ResultColumn => ({
    name: name ?? `column${index + 1}`,
    type,
  }));
  if (routine.kind === 'procedure')
    return columns.length === 0 ? { kind: 'void' } : { kind: 'out', columns, row: true };
  if (columns.length > 0)
    return routine.returnsSet ? { kind: 'set', columns } : { kind: 'out', columns, row: columns.length > 1 };
  const type = catalog.types.get(routine.returnType);
  if (type?.name === 'void') return { kind: 'void' };
  if (type?.kind === 'composite') {
    const fields = rowColumns(catalog, routine.returnType) ?? unsupported(`the row type ${type.sqlName}`);
    return { kind: routine.returnsSet ? 'set' : 'row', columns: fields };
  }
  if (type?.kind === 'pseudo') return unsupported(`a result of the type ${type.sqlName}`);
  // Rows of one value have a column of the routine's name.
  if (routine.returnsSet) return { kind: 'set', columns: [{ name: routine.name, type: routine.returnType }] };
  return { kind: 'scalar', type: routine.returnType };
}
