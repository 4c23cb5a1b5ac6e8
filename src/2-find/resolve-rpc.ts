/**
 * The routine that PostgREST would call for a request: of the schema, by its name and the names of the
 * arguments (PostgREST documentation, "Functions as RPC" and "Overloaded functions").
 */
import type { Catalog, Routine } from '../1-read/catalog.js';
import type { CallSite, RoutineCall, SiteRefusal } from './call-site.js';
import { bindArguments } from './resolve-arguments.js';
import { signatureOf } from './resolve-candidates.js';
import { resolveOutput } from './resolve-output.js';
import type { ResolvedSite, UnresolvedSite } from './resolved-site.js';
import type { ObjectPart, RpcRequest } from './rpc-request.js';

/** The site gets the statement that has the request's effect, each argument under the name that it has. */
export function resolveRpc(
  site: CallSite,
  request: RpcRequest,
  catalog: Catalog,
): ResolvedSite | UnresolvedSite {
  const routine = findRoutine(site.routineName, request, catalog);
  if ('reason' in routine) return { site, refusal: routine };
  if (!routine.executable) {
    const detail = `the login may not execute ${routine.schema}.${routine.name}`;
    return { site, refusal: { reason: 'not-visible', detail } };
  }
  const given = request.object === undefined ? request : withEveryArgument(request, request.object, routine);
  return bindRequest(site, given, routine, catalog);
}

/** Which of them the object has, its type tells (`object-arguments.ts`). */
function withEveryArgument(
  request: RpcRequest,
  [first]: readonly ObjectPart[],
  routine: Routine,
): RpcRequest {
  const inputs = routine.arguments.filter(({ mode }) => mode !== 'out' && mode !== 'table');
  const span = first?.hole.span ?? { start: 0, end: 0 };
  const args = inputs.map(({ name }, index) => ({
    name: name ?? '',
    hole: { index: index + 1, span, expression: '' },
  }));
  return { ...request, arguments: args };
}

function bindRequest(
  site: CallSite,
  request: RpcRequest,
  routine: Routine,
  catalog: Catalog,
): ResolvedSite | UnresolvedSite {
  const call = callOf(routine, request);
  const bindings = bindArguments(call, routine, catalog);
  const output = resolveOutput(call, routine, catalog);
  if (bindings === null || 'reason' in output) {
    const detail = 'a result or an argument without a name';
    return { site, refusal: { reason: 'rpc-not-yet', detail } };
  }
  const given = call.arguments.map(({ name, sql }) => `"${name ?? ''}" => ${sql}`).join(', ');
  const statement = {
    text: `select * from "${routine.schema}"."${routine.name}"(${given})`,
    holes: request.arguments.map(({ hole }) => hole),
  };
  const typed = request.arguments.map((one) => {
    const parameter = routine.arguments.find(({ name }) => name === one.name);
    return { ...one, type: catalog.types.get(parameter?.type ?? 0)?.sqlName ?? 'text' };
  });
  const rpc = { ...request, arguments: typed };
  return { site: { ...site, rpc, call, statement }, call, routine, bindings, output };
}

function findRoutine(name: string, request: RpcRequest, catalog: Catalog): Routine | SiteRefusal {
  const { schema } = request;
  const named = catalog.routines.filter(
    (one) =>
      one.name === name &&
      one.kind !== 'procedure' &&
      (schema === null ? catalog.searchPath.includes(one.schema) : one.schema === schema),
  );
  const [sole, second] = named;
  if (request.object !== undefined && sole !== undefined) {
    const detail = `the arguments of an overloaded function, whose names only types tell`;
    return second === undefined ? sole : { reason: 'rpc-not-yet', detail };
  }
  const fitting = named.filter((one) => takes(one, request));
  const [routine, other] = fitting;
  if (routine !== undefined && other === undefined) return routine;
  const signatures = (fitting.length > 0 ? fitting : named)
    .map((one) => signatureOf(one, catalog))
    .join(', ');
  if (routine !== undefined) {
    return { reason: 'ambiguous-overload', detail: `PostgREST answers PGRST203; there is ${signatures}` };
  }
  const names = request.arguments.map((one) => one.name).join(', ');
  const detail =
    named.length === 0
      ? `no function of this name is in ${schema ?? 'a schema of the search path'} (PGRST202)`
      : `no function takes the arguments (${names}) (PGRST202); there is ${signatures}`;
  return { reason: 'routine-not-found', detail };
}

function takes(routine: Routine, request: RpcRequest): boolean {
  const inputs = routine.arguments.filter(({ mode }) => mode !== 'out' && mode !== 'table');
  const given = request.arguments.map(({ name }) => name);
  return (
    given.every((name) => inputs.some((input) => input.name === name)) &&
    inputs.every((input) => input.default !== null || given.includes(input.name ?? ''))
  );
}

function callOf(routine: Routine, request: RpcRequest): RoutineCall {
  return {
    schema: routine.schema,
    name: routine.name,
    form: 'from',
    arguments: request.arguments.map(({ name, hole }) => ({
      name,
      sql: `$${String(hole.index)}`,
      hole,
      casts: [],
      variadic: routine.arguments.some((one) => one.name === name && one.mode === 'variadic'),
      holes: [hole],
    })),
    columns: null,
    scalarKey: routine.name,
  };
}
