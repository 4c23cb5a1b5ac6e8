/** Result columns of a routine by its declaration. */
import type { Routine } from '../1-read/catalog.js';
import type { NameLookup } from './name-lookup.js';
import type { RangeColumn } from './scope.js';
import { relationColumns } from './scope.js';

/**
 * OUT and TABLE columns; the fields of a composite result; else one column of the routine's own name.
 * Null for RECORD without a declaration, and for pseudo-types that only a call decides.
 */
export function routineColumns(routine: Routine, lookup: NameLookup): readonly RangeColumn[] | null {
  const out = routine.arguments.filter(
    (argument) => argument.mode === 'out' || argument.mode === 'inout' || argument.mode === 'table',
  );
  if (out.length > 0) {
    return out.map((argument, index) => ({
      name: argument.name ?? `column${index + 1}`,
      type: argument.type,
      typmod: -1,
      notNull: false,
    }));
  }
  const type = lookup.catalog.types.get(routine.returnType);
  const base = type?.kind === 'domain' ? lookup.catalog.types.get(type.baseType) : type;
  if (base?.kind === 'composite') {
    const relation = lookup.relationByOid(base.relation);
    return relation ? relationColumns(relation).map((column) => ({ ...column, notNull: false })) : null;
  }
  if (routine.returnType === 2249) return null;
  return [{ name: routine.name, type: routine.returnType, typmod: -1, notNull: false }];
}
