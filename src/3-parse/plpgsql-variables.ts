/** Variables of a PL/pgSQL body and the scopes in which their names mean them. */
import type { Routine } from '../1-read/catalog.js';
import type { Variable } from './body.js';
import { fieldType } from './build-name.js';
import type { NameLookup } from './name-lookup.js';
import { inputArguments, parameterNode } from './routine-names.js';
import type { Expression } from './expression.js';
import type { Occurrence, RoutineNames } from './statement-context.js';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What a name stands for: a variable, an input argument that is never assigned, or a name that the tree does not hold. */
export type Meaning =
  | { readonly kind: 'variable'; readonly variable: Writable<Variable> }
  | { readonly kind: 'parameter'; readonly position: number }
  | { readonly kind: 'other'; readonly name: string };

export interface NameScope {
  readonly parent: NameScope | null;
  readonly label: string | null;
  readonly names: ReadonlyMap<string, Meaning>;
}

/** Names seen from a scope, the innermost first; a label or the routine's name may qualify (plpgsql_ns_lookup). */
export function scopedNames(
  scope: NameScope,
  routine: Routine,
  lookup: NameLookup,
  conflict: RoutineNames['conflict'],
  positional: readonly Meaning[],
): RoutineNames {
  return {
    conflict,
    resolve: (fields) => {
      for (let level: NameScope | null = scope; level; level = level.parent) {
        const node = inScope(level, fields, routine, lookup);
        if (node) return node;
      }
      return null;
    },
    positional: (number) => {
      const meaning = positional[number - 1];
      const node = meaning && nodeOf(meaning, [], routine, lookup);
      return node && node.kind !== 'unsupported' ? (node as Occurrence['node']) : null;
    },
  };
}

/** A reference to what a name stands for, or to a field of it; null: it has no such field. */
export function nodeOf(
  meaning: Meaning,
  path: readonly string[],
  routine: Routine,
  lookup: NameLookup,
): Occurrence['node'] | Expression | null {
  // Of a field's field it is no name: `(r.f).g` (resolve_column_ref in pl_comp.c).
  if (path.length > 1) return null;
  if (meaning.kind === 'parameter') return parameterNode(routine, meaning.position, path, lookup);
  if (meaning.kind === 'other') {
    return path.length > 0
      ? null
      : { kind: 'unsupported', construct: meaning.name.toUpperCase(), sql: meaning.name, type: 25 };
  }
  const { variable } = meaning;
  let type = variable.type;
  if (type !== null) {
    for (const field of path) type = type === null ? null : fieldType({ lookup }, type, field);
    if (type === null) return null;
  }
  return {
    kind: 'variable',
    variable: variable.id,
    name: variable.name,
    path,
    type: path.length > 0 || variable.type !== null ? type : null,
    inferred: null,
  };
}

/** The meaning of each argument in declaration order; those in `assigned` become variables. */
export function argumentMeanings(
  routine: Routine,
  assigned: ReadonlySet<number>,
  declare: (variable: Omit<Variable, 'id'>) => Writable<Variable>,
  lookup: NameLookup,
): readonly Meaning[] {
  const inputs = inputArguments(routine);
  return routine.arguments.map((argument, index): Meaning => {
    const position = inputs.indexOf(argument) + 1;
    const input = position > 0 ? (parameterNode(routine, position, [], lookup) as Expression | null) : null;
    const isOut = argument.mode === 'out' || argument.mode === 'inout' || argument.mode === 'table';
    if (!isOut && !assigned.has(index)) return { kind: 'parameter', position };
    const variable = declare({
      name: argument.name ?? `$${index + 1}`,
      // An input argument that the body assigns is a variable that starts with the argument's value.
      origin: isOut ? 'out' : 'declared',
      type: argument.type,
      typmod: -1,
      constant: false,
      notNull: false,
      default: input,
      line: 0,
    });
    return { kind: 'variable', variable };
  });
}

function inScope(
  scope: NameScope,
  fields: readonly string[],
  routine: Routine,
  lookup: NameLookup,
): Occurrence['node'] | Expression | null {
  const [first = '', second, ...rest] = fields;
  const direct = scope.names.get(first);
  if (direct) {
    const node = nodeOf(direct, fields.slice(1), routine, lookup);
    if (node) return node;
  }
  const labelled = scope.label === first && second !== undefined ? scope.names.get(second) : undefined;
  return labelled ? nodeOf(labelled, rest, routine, lookup) : null;
}
