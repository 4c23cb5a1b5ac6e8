/** What the value of a generated function is to the routine's result. */
import type { DraftColumn, ModuleDraft } from '../draft.js';
import { returnType, type StepsInput } from '../module-head.js';
import { rawType } from '../representation.js';
import type { Result } from './result.js';

/** @param result null where it is not known. */
export function shapeOf(input: StepsInput, result: Result | null): Pick<ModuleDraft, 'shape' | 'columns'> {
  const column = ({ name, type }: { readonly name: string; readonly type: number }): DraftColumn => ({
    key: name,
    type: rawType(input.catalog, type, input.project.clients[0]?.driver),
    nullable: true,
  });
  if (result === null) {
    const returns = returnType(input);
    const shape = returns === 'void' ? 'nothing' : input.routine.returnsSet ? 'rows' : 'value';
    return { shape, columns: input.columns.map(column) };
  }
  switch (result.kind) {
    case 'void':
      return { shape: 'nothing', columns: [] };
    case 'scalar':
      return { shape: 'value', columns: [] };
    case 'out':
      return result.row
        ? { shape: 'rows', columns: result.columns.map(column) }
        : { shape: 'value', columns: [] };
    default:
      return { shape: 'rows', columns: result.columns.map(column) };
  }
}
