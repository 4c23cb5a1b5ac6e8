/** The routines that a call can mean (PostgreSQL manual, 10.3), and which of them untyped arguments choose. */
import type { Catalog, Routine, RoutineArgument } from '../../1-read/catalog.js';
import type { BodyDatabase } from './body-database.js';
import type { CallArgument } from './call-arguments.js';
import type { CallUse } from './read-text.js';

export interface Candidate {
  readonly routine: Routine;
  /** The parameter that each argument of the call is for, in the call's order. */
  readonly parameters: readonly RoutineArgument[];
}

/** Of the schema that is written, else along the path; of equal signatures the first. Aggregates are left out. */
export function candidatesFor(
  { catalog }: BodyDatabase,
  call: CallUse,
  searchPath: readonly string[],
): readonly Candidate[] {
  if (call.schema === 'pg_catalog') return [];
  const schemas = call.schema === null ? searchPath : [call.schema];
  const named = catalog.routines.filter(
    ({ name, kind }) => name === call.name && /^(?:func|proc)/.test(kind),
  );
  const seen = new Set<string>();
  return schemas
    .flatMap((schema) => named.filter((routine) => routine.schema === schema))
    .flatMap((routine): Candidate[] => {
      const parameters = bind(routine, call.arguments);
      const key = inputsOf(routine)
        .map(({ type }) => type)
        .join();
      if (parameters === null || seen.has(key)) return [];
      seen.add(key);
      return [{ routine, parameters }];
    });
}

/** Routines of that name that take so many arguments, in any schema. */
export function namesakes({ catalog }: BodyDatabase, call: CallUse): readonly Routine[] {
  return catalog.routines.filter(
    (routine) =>
      routine.name === call.name &&
      /^(?:func|proc)/.test(routine.kind) &&
      bind(routine, call.arguments) !== null,
  );
}

function inputsOf(routine: Routine): readonly RoutineArgument[] {
  const outs = routine.kind === 'procedure' ? /^table$/ : /^(?:out|table)$/;
  return routine.arguments.filter(({ mode }) => !outs.test(mode));
}

function bind(routine: Routine, given: readonly CallArgument[]): readonly RoutineArgument[] | null {
  const inputs = inputsOf(routine);
  const variadic = inputs.at(-1)?.mode === 'variadic' ? inputs.at(-1) : undefined;
  const bound: RoutineArgument[] = [];
  for (const [index, { name }] of given.entries()) {
    const parameter =
      name === null
        ? (inputs[index] ?? variadic)
        : inputs.find((one) => one.name === name && !bound.includes(one));
    if (parameter === undefined) return null;
    bound.push(parameter);
  }
  const missing = inputs.filter((one) => !bound.includes(one));
  return missing.every((one) => one.default !== null || one === variadic) ? bound : null;
}

export type Choice =
  | { readonly kind: 'one'; readonly routine: Routine }
  /** The one that PostgreSQL takes because an argument has no type of its own. */
  | { readonly kind: 'silent'; readonly routine: Routine; readonly others: readonly Routine[] }
  /** 42725. */
  | { readonly kind: 'ambiguous'; readonly routines: readonly Routine[] };

/**
 * Which candidate arguments of no type choose. Where a typed argument tells candidates apart nothing is said: its type
 * is not known here. Null for no candidate.
 */
export function chooseOverload(
  candidates: readonly Candidate[],
  call: CallUse,
  catalog: Catalog,
): Choice | null {
  const [first] = candidates;
  if (first === undefined) return null;
  const typed = call.arguments.flatMap(({ type }, index) => (type === 'some' ? [index] : []));
  const differs = (index: number): boolean =>
    candidates.some(({ parameters }) => parameters[index]?.type !== first.parameters[index]?.type);
  if (candidates.length === 1 || typed.some(differs)) return { kind: 'one', routine: first.routine };
  const unknown = call.arguments.flatMap(({ type }, index) =>
    type === 'unknown' && differs(index) ? [index] : [],
  );
  let left = candidates;
  for (const index of unknown) {
    const category = categoryFor(left, index, catalog);
    if (category === null) continue;
    const fits = left.filter((one) => typeOf(one, index, catalog)?.category === category);
    const preferred = fits.filter((one) => typeOf(one, index, catalog)?.preferred === true);
    left = preferred.length > 0 ? preferred : fits;
  }
  // Of those that are left one with fewer defaults filled in is no better: that is ambiguous too.
  if (left.length !== 1 || left[0] === undefined)
    return { kind: 'ambiguous', routines: candidates.map(({ routine }) => routine) };
  const { routine } = left[0];
  return {
    kind: 'silent',
    routine,
    others: candidates.flatMap((one) => (one.routine === routine ? [] : [one.routine])),
  };
}

/** A string is taken if any candidate takes one; else the category that all agree on. */
function categoryFor(candidates: readonly Candidate[], index: number, catalog: Catalog): string | null {
  const categories = new Set(candidates.map((one) => typeOf(one, index, catalog)?.category));
  if (categories.has('S')) return 'S';
  const [only] = categories;
  return categories.size === 1 ? (only ?? null) : null;
}

function typeOf({ parameters }: Candidate, index: number, catalog: Catalog) {
  const type = catalog.types.get(parameters[index]?.type ?? 0);
  return type?.kind === 'domain' ? catalog.types.get(type.baseType) : type;
}
