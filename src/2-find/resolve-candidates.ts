/** The routines that a call could mean, by name, search path, kind and arguments (PostgreSQL manual, 10.3). */
import type { Catalog, Routine } from '../1-read/catalog.js';
import type { RoutineCall, SiteRefusal } from './call-site.js';
import type { Binding } from './resolved-site.js';
import { bindArguments } from './resolve-arguments.js';

export interface Candidate {
  readonly routine: Routine;
  readonly bindings: readonly Binding[];
}

/** At least one candidate, or the refusal. Of equal signatures the one that the search path reaches first stays. */
export function findCandidates(call: RoutineCall, catalog: Catalog): readonly Candidate[] | SiteRefusal {
  const named = catalog.routines.filter((routine) => routine.name === call.name);
  const reachable = onPath(call, catalog, named);
  if (reachable.length === 0) {
    const closed = named.filter(({ schema }) => catalog.closedSchemas?.includes(schema));
    // The login's own search path leaves these out, so the call may well work for the application's login.
    if (call.schema === null && closed.length > 0) {
      const detail = `the login ${catalog.currentUser} has no USAGE on schema ${closed[0]?.schema ?? ''}, which has one`;
      return { reason: 'not-visible', detail };
    }
    return notFound(elsewhere(call, named));
  }
  const fitting = reachable.filter((routine) => (routine.kind === 'procedure') === (call.form === 'call'));
  if (fitting.length === 0) {
    const how =
      call.form === 'call' ? 'a function: it is called with SELECT' : 'a procedure: it is called with CALL';
    return notFound(`${signatureOf(reachable[0], catalog)} is ${how} (42809)`);
  }
  const candidates = fitting.flatMap((routine): readonly Candidate[] => {
    const bindings = bindArguments(call, routine, catalog);
    return bindings === null ? [] : [{ routine, bindings }];
  });
  if (candidates.length > 0) return withoutShadowed(candidates);
  const signatures = fitting.map((routine) => signatureOf(routine, catalog)).join(', ');
  return notFound(`no routine takes these arguments (42883); there is ${signatures}`);
}

/** `schema.name(type, …)` of the input arguments, as a person would write it. */
export function signatureOf(routine: Routine | undefined, catalog: Catalog): string {
  if (routine === undefined) return '';
  const types = inputTypes(routine).map((oid) => catalog.types.get(oid)?.sqlName ?? String(oid));
  return `${routine.schema}.${routine.name}(${types.join(', ')})`;
}

function inputTypes(routine: Routine): readonly number[] {
  return routine.arguments.filter(({ mode }) => mode !== 'out' && mode !== 'table').map(({ type }) => type);
}

function onPath(call: RoutineCall, catalog: Catalog, routines: readonly Routine[]): readonly Routine[] {
  if (call.schema !== null) return routines.filter((routine) => routine.schema === call.schema);
  const path = catalog.searchPath;
  return routines
    .filter((routine) => path.includes(routine.schema))
    .sort((a, b) => path.indexOf(a.schema) - path.indexOf(b.schema));
}

function withoutShadowed(candidates: readonly Candidate[]): readonly Candidate[] {
  const seen = new Set<string>();
  return candidates.filter(({ routine }) => {
    const key = inputTypes(routine).join();
    return seen.has(key) ? false : seen.add(key);
  });
}

function elsewhere(call: RoutineCall, named: readonly Routine[]): string {
  const schemas = [...new Set(named.map((routine) => routine.schema))].join(', ');
  if (schemas === '') return 'no routine of the database has this name';
  if (call.schema !== null) return `schema ${call.schema} has no such routine; ${schemas} has one`;
  return `it is in schema ${schemas}, which is not on the search path`;
}

function notFound(detail: string): SiteRefusal {
  return { reason: 'routine-not-found', detail };
}
