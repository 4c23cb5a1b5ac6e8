/** Names of the input arguments, as the bodies of SQL routines see them. */
import type { Routine, RoutineArgument } from '../1-read/catalog.js';
import { fieldType } from './build-name.js';
import type { NameLookup } from './name-lookup.js';
import type { Occurrence, RoutineNames } from './statement-context.js';

/** Arguments that a caller passes, in order. */
export function inputArguments(routine: Routine): readonly RoutineArgument[] {
  return routine.arguments.filter((argument) => argument.mode !== 'out' && argument.mode !== 'table');
}

/** How many of them the routine declares: behind them stands what it read of its caller, which STRICT does not see. */
export function declaredInputs(routine: Routine): number {
  return inputArguments(routine).length - (routine.identity?.sources.length ?? 0);
}

/** A reference to input argument `position` (1-based) or to a field of it. */
export function parameterNode(
  routine: Routine,
  position: number,
  path: readonly string[],
  lookup: NameLookup,
): Occurrence['node'] | null {
  const argument = inputArguments(routine)[position - 1];
  if (!argument) return null;
  let type: number | null = argument.type;
  for (const field of path) type = fieldType({ lookup }, type, field);
  // Without a known field type the declared one still says what the argument is.
  if (type === null) return null;
  return { kind: 'parameter', position, name: argument.name, type, inferred: null, path };
}

/** `name`, `routine.name`, `name.field`, `routine.name.field` (sql_fn_post_column_ref in functions.c). */
export function sqlRoutineNames(routine: Routine, lookup: NameLookup): RoutineNames {
  const inputs = inputArguments(routine);
  const find = (name: string | undefined, path: readonly string[]): Occurrence['node'] | null => {
    const index = inputs.findIndex((argument) => argument.name !== null && argument.name === name);
    return index < 0 ? null : parameterNode(routine, index + 1, path, lookup);
  };
  return {
    conflict: 'column',
    resolve: ([first, second, ...rest]) => {
      if (second === undefined) return find(first, []);
      return (first === routine.name ? find(second, rest) : null) ?? find(first, [second, ...rest]);
    },
    positional: (number) => parameterNode(routine, number, [], lookup),
  };
}
