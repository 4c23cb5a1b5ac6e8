/** The database's own routines whose bodies call one: PostgreSQL keeps no record of what PL/pgSQL text calls. */
import type { Catalog, Routine } from '../1-read/catalog.js';
import { declaredOid } from '../2-find/polymorphic-routine.js';
import { nameLookup, searchPathOf } from '../3-parse/name-lookup.js';
import { textFacts, type TextFacts } from './text-facts.js';

/** `function public.caller(integer)`, each once; a call in text that is put together when it runs is not seen. */
export function callingRoutines(routine: Routine, catalog: Catalog): readonly string[] {
  return catalog.routines
    .filter((caller) => caller.oid !== declaredOid(routine) && calls(caller, routine, catalog))
    .map((caller) => `${caller.kind} ${caller.schema}.${caller.name}(${argumentTypes(caller, catalog)})`)
    .filter((words) => !routine.usedBy.includes(words));
}

function calls(caller: Routine, routine: Routine, catalog: Catalog): boolean {
  if (caller.extension !== null || !/^(?:sql|plpgsql)$/.test(caller.language)) return false;
  const named = factsOf(caller).calls.filter(({ name }) => name === routine.name);
  if (named.length === 0) return false;
  const lookup = nameLookup(catalog, searchPathOf(caller, catalog));
  return named.some(({ schema, name }) =>
    lookup.routines(schema, name).some(({ oid }) => oid === declaredOid(routine)),
  );
}

const known = new WeakMap<Routine, TextFacts>();

function factsOf(routine: Routine): TextFacts {
  const facts = known.get(routine) ?? textFacts(routine.sqlBody ?? routine.source);
  known.set(routine, facts);
  return facts;
}

function argumentTypes(routine: Routine, catalog: Catalog): string {
  return routine.arguments
    .filter(({ mode }) => mode !== 'out' && mode !== 'table')
    .map(({ type }) => catalog.types.get(type)?.sqlName ?? 'unknown')
    .join(', ');
}
