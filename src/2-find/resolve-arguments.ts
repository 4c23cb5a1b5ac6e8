/** Which argument of a call goes to which parameter of a routine (PostgreSQL manual, 4.3 and 38.5.6). */
import type { Catalog, Routine, RoutineArgument } from '../1-read/catalog.js';
import type { CallArgument, RoutineCall } from './call-site.js';
import type { Binding } from './resolved-site.js';

/** From here on CALL also lists OUT parameters, whose arguments are not evaluated. */
const callListsOut = 140000;

/** Null when number, names or defaults do not fit; types are not looked at. */
export function bindArguments(
  call: RoutineCall,
  routine: Routine,
  catalog: Catalog,
): readonly Binding[] | null {
  const listsOut = routine.kind === 'procedure' && catalog.serverVersionNumber >= callListsOut;
  const listed = routine.arguments.filter(({ mode }) => isInput(mode) || (mode === 'out' && listsOut));
  const given = assign(call.arguments, listed, catalog);
  if (given === null) return null;
  const bindings: Binding[] = [];
  for (const [index, parameter] of listed.entries()) {
    const argument = given.get(index) ?? null;
    if (argument === null && parameter.default === null) return null;
    if (isInput(parameter.mode)) bindings.push({ parameter, position: bindings.length + 1, argument });
  }
  return bindings;
}

function isInput(mode: RoutineArgument['mode']): boolean {
  return mode === 'in' || mode === 'inout' || mode === 'variadic';
}

function assign(
  list: readonly CallArgument[],
  parameters: readonly RoutineArgument[],
  catalog: Catalog,
): ReadonlyMap<number, CallArgument> | null {
  const given = new Map<number, CallArgument>();
  const positional = list.filter((argument) => argument.name === null);
  const last = parameters.length - 1;
  const collects = parameters[last]?.mode === 'variadic' && !list.some((argument) => argument.variadic);
  for (const [index, argument] of positional.entries()) {
    if (collects && index >= last) break;
    if (index > last || (argument.variadic && index !== last)) return null;
    given.set(index, argument);
  }
  const rest = collects ? positional.slice(last) : [];
  if (rest.length > 0) given.set(last, collect(rest, parameters[last], catalog));
  for (const argument of list) {
    if (argument.name === null) continue;
    const index = parameters.findIndex((parameter) => parameter.name === argument.name);
    // PostgreSQL matches a VARIADIC parameter by name only with the keyword.
    if (index < 0 || given.has(index) || (parameters[index]?.mode === 'variadic') !== argument.variadic)
      return null;
    given.set(index, argument);
  }
  return given;
}

/** The arguments that a VARIADIC parameter takes become the array that PostgreSQL makes of them. */
function collect(
  rest: readonly CallArgument[],
  parameter: RoutineArgument | undefined,
  catalog: Catalog,
): CallArgument {
  const declared = parameter === undefined ? undefined : catalog.types.get(parameter.type);
  const type = declared?.sqlName;
  const array = `ARRAY[${rest.map((argument) => argument.sql).join(', ')}]`;
  const polymorphic = type === undefined || type.startsWith('any') || type === '"any"';
  return {
    name: null,
    sql: polymorphic ? array : `${array}::${type}`,
    hole: null,
    casts: [],
    variadic: false,
    holes: rest.flatMap((argument) => argument.holes),
    collected: { type: declared?.element ?? 0, items: rest },
  };
}
