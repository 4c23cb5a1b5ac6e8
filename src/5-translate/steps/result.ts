/** What a routine gives to its caller, as its signature says. */
import { nameLookup } from '../../3-parse/name-lookup.js';
import { relationColumns } from '../../3-parse/scope.js';
import type { StepsInput } from '../module-head.js';
import { unsupported } from '../untranslatable.js';

export interface ResultColumn {
  readonly name: string;
  readonly type: number;
}

export type Result =
  | { readonly kind: 'void' }
  | { readonly kind: 'scalar'; readonly type: number }
  /** The values of OUT arguments at the end. */
  | { readonly kind: 'out'; readonly columns: readonly ResultColumn[] }
  | { readonly kind: 'row'; readonly columns: readonly ResultColumn[] }
  | { readonly kind: 'set'; readonly columns: readonly ResultColumn[] };

export function resultOf({ routine, catalog }: StepsInput): Result {
  const given = routine.arguments.filter(({ mode }) => ['out', 'inout', 'table'].includes(mode));
  const columns = given.map(({ name, type }, index): ResultColumn => ({
    name: name ?? `column${index + 1}`,
    type,
  }));
  if (routine.kind === 'procedure')
    return columns.length === 0 ? { kind: 'void' } : unsupported('a procedure with OUT arguments');
  if (columns.length > 0) {
    if (columns.length === 1 && routine.returnsSet) return unsupported('a set of single values');
    return routine.returnsSet ? { kind: 'set', columns } : { kind: 'out', columns };
  }
  const type = catalog.types.get(routine.returnType);
  if (type?.name === 'void') return { kind: 'void' };
  if (type?.kind === 'composite') {
    const relation = nameLookup(catalog, catalog.searchPath).relationByOid(type.relation);
    if (relation === undefined || relation === null) return unsupported(`the row type ${type.sqlName}`);
    const fields = relationColumns(relation).map(({ name, type: oid }) =>
      oid === null ? unsupported(`the column ${name}`) : { name, type: oid },
    );
    return { kind: routine.returnsSet ? 'set' : 'row', columns: fields };
  }
  if (type?.kind === 'pseudo') return unsupported(`a result of the type ${type.sqlName}`);
  if (routine.returnsSet) return unsupported('a set of single values');
  return { kind: 'scalar', type: routine.returnType };
}
