/** Call sites to the routines that PostgreSQL would call, with arguments and output bound; or why not. */
import type { Catalog, Routine } from '../1-read/catalog.js';
import type { Database, DescribeAnswer, DescribeRequest } from '../io/database.js';
import type { CallSite, RoutineCall, SiteRefusal } from './call-site.js';
import { asInstances } from './polymorphic-routine.js';
import { chooseByTypes, typedRequests } from './resolve-by-types.js';
import { type Candidate, findCandidates } from './resolve-candidates.js';
import { resolveOutput } from './resolve-output.js';
import { resolveRpc } from './resolve-rpc.js';
import type { ResolvedSite, UnresolvedSite } from './resolved-site.js';

export interface Resolution {
  readonly resolved: readonly ResolvedSite[];
  readonly unresolved: readonly UnresolvedSite[];
}

interface Open {
  readonly site: CallSite;
  readonly call: RoutineCall;
  readonly candidates: readonly Candidate[];
  readonly requests: readonly DescribeRequest[];
}

/**
 * Sites that syntax has refused stay refused. The others are described by PostgreSQL, all in one batch:
 * a call that it refuses is unresolved with its message, and of several overloads the one whose declared
 * types are those that it inferred is meant.
 */
export async function resolveSites(
  sites: readonly CallSite[],
  catalog: Catalog,
  db: Pick<Database, 'describe'>,
): Promise<Resolution> {
  const open: Open[] = [];
  const unresolved: UnresolvedSite[] = [];
  const resolved: ResolvedSite[] = [];
  for (const site of sites) {
    if (site.rpc !== undefined && site.refusal === null) {
      const one = resolveRpc(site, site.rpc, catalog);
      if ('refusal' in one) unresolved.push(one);
      else resolved.push(one);
      continue;
    }
    const one = openSite(site, catalog);
    if ('refusal' in one) unresolved.push(one);
    else open.push(one);
  }
  const requests = open.flatMap((one) => one.requests);
  const answers = requests.length === 0 ? [] : await db.describe(requests);
  let next = 0;
  for (const one of open) {
    const own = answers.slice(next, next + one.requests.length);
    next += one.requests.length;
    const result = resolveOpen(one, own, catalog);
    if ('refusal' in result) unresolved.push(result);
    else resolved.push(result);
  }
  return { resolved: asInstances(resolved), unresolved };
}

function openSite(site: CallSite, catalog: Catalog): Open | UnresolvedSite {
  const { call, statement } = site;
  if (site.refusal !== null) return { site, refusal: site.refusal };
  if (call === null || statement === null) {
    return { site, refusal: { reason: 'call-parse-error', detail: 'the statement was not read' } };
  }
  const candidates = findCandidates(call, catalog);
  if ('reason' in candidates) return { site, refusal: candidates };
  const requests =
    site.embedded?.interpolatesNames === true ? [] : typedRequests(statement.text, call, candidates, catalog);
  return { site, call, candidates, requests };
}

function resolveOpen(
  { site, call, candidates }: Open,
  answers: readonly DescribeAnswer[],
  catalog: Catalog,
): ResolvedSite | UnresolvedSite {
  const [statement] = answers;
  const refused =
    statement?.ok === false ? refusalOf(statement.failure.sqlstate, statement.failure.message) : null;
  const unsure = site.embedded?.binds === 'template' && statement?.ok === false;
  // `${table.column}` is no value, so that `$n` in its place may have no type or fit no GROUP BY.
  if (refused !== null && !(unsure && ofHoles.has(statement.failure.sqlstate)))
    return { site, refusal: refused };
  const chosen = chooseByTypes(call, candidates, answers, catalog);
  if ('reason' in chosen) return { site, refusal: chosen };
  const { routine, bindings } = chosen;
  if (!routine.executable) return { site, refusal: notVisible(routine) };
  const output = resolveOutput(call, routine, catalog);
  if ('reason' in output) return { site, refusal: output };
  return { site, call, routine, bindings, output };
}

/** Grouping, indeterminate type, type mismatch, column reference. */
const ofHoles: ReadonlySet<string> = new Set(['42803', '42P18', '42804', '42P10']);

/** SQLSTATEs of PostgreSQL's manual, appendix A. */
function refusalOf(sqlstate: string, message: string): SiteRefusal {
  const detail = `${message} (${sqlstate})`;
  if (sqlstate === '42883' || sqlstate === '42809') return { reason: 'routine-not-found', detail };
  if (sqlstate === '42725') return { reason: 'ambiguous-overload', detail };
  if (sqlstate === '42501') return { reason: 'not-visible', detail };
  return { reason: 'call-parse-error', detail };
}

function notVisible({ schema, name }: Routine): SiteRefusal {
  return { reason: 'not-visible', detail: `the login may not execute ${schema}.${name}` };
}
