/**
 * Routines that read the identity of their caller, judged again with what they read as arguments: one that gets
 * them from a routine of the run hands on what it was given itself.
 */
import type { Catalog, IdentitySource, Routine } from '../1-read/catalog.js';
import type { ResolvedSite } from '../2-find/resolved-site.js';
import { classify } from '../4-classify/classify.js';
import {
  identitySources,
  withIdentity,
  withIdentityArguments,
  type IdentityInput,
} from '../4-classify/identity-arguments.js';
import type { Hazard, Verdict } from '../4-classify/verdict.js';
import { identityBehindWrites } from '../4-classify/identity-behind-writes.js';
import type { ContextEntry } from '../config/context-setting.js';
import { placeReason } from '../4-classify/place-reason.js';
import { byGravity } from '../reasons.js';
import { contextFor } from './give-identity.js';
import { calledOids, type Judged } from './judge-routines.js';

export interface IdentityRun {
  readonly judged: ReadonlyMap<number, Judged>;
  /** With the routines as they were judged. */
  readonly sites: readonly ResolvedSite[];
  /** With the further arguments of each routine that has some. */
  readonly catalog: Catalog;
}

export function judgeIdentity(
  judged: ReadonlyMap<number, Judged>,
  sites: readonly ResolvedSite[],
  catalog: Catalog,
  context: readonly ContextEntry[],
): IdentityRun {
  const configured = (key: string): boolean => contextFor(key, context) !== undefined;
  const requested = requestedRoutines(judged, sites);
  const open = new Set([...judged.values()].filter(isOpen).map(({ routine }) => routine.oid));
  for (;;) {
    const sources = sourcesByRoutine(judged, open, { requested, catalog, configured });
    const run = judgedAgain(judged, sources, { requested, catalog, configured });
    const failed = [...sources.keys()].filter((oid) => fails(run.judged.get(oid)));
    if (failed.length === 0) {
      const known = withTriggers(run, requested);
      const judgedSites = sites.map((site) => ({
        ...site,
        routine: known.judged.get(site.routine.oid)?.routine ?? site.routine,
      }));
      return { ...known, sites: judgedSites };
    }
    for (const oid of failed) open.delete(oid);
  }
}

interface Known extends Pick<IdentityInput, 'catalog' | 'configured'> {
  readonly requested: ReadonlySet<number>;
}

/** Nothing but the identity stands in the way. */
function isOpen({ body, verdict }: Judged): boolean {
  return body !== undefined && verdict.reasons.every(({ id }) => id === 'identity');
}

/** Under SECURITY DEFINER the role is the owner, whoever calls. */
function fails(one: Judged | undefined): boolean {
  const role = one?.routine.identity?.sources.some(({ key }) => key === 'current_user') ?? false;
  return one?.verdict.kind === 'keep' || (role && one?.routine.securityDefiner === true);
}

/** The routines of `.rpc()` calls and what they call: their settings are those of the request. */
function requestedRoutines(
  judged: ReadonlyMap<number, Judged>,
  sites: readonly ResolvedSite[],
): ReadonlySet<number> {
  const found = new Set(sites.flatMap(({ site, routine }) => (site.rpc === undefined ? [] : [routine.oid])));
  for (const oid of found) for (const called of calledOids(judged.get(oid)?.body)) found.add(called);
  return found;
}

/** What each of the open routines needs, that of the routines that it calls among it. */
function sourcesByRoutine(
  judged: ReadonlyMap<number, Judged>,
  open: ReadonlySet<number>,
  known: Known,
): ReadonlyMap<number, readonly IdentitySource[]> {
  const found = new Map<number, readonly IdentitySource[]>();
  const called = new Map([...open].map((oid) => [oid, calledOids(judged.get(oid)?.body)] as const));
  let changed: boolean;
  do {
    changed = false;
    for (const oid of open) {
      const { body, routine } = judged.get(oid) ?? {};
      if (body === undefined || routine === undefined) continue;
      const handed = [...(called.get(oid) ?? [])].some((one) => found.has(one));
      if (!handed && !known.requested.has(oid) && !mayRead.test(routine.sqlBody ?? routine.source)) continue;
      const plain = identitySources(body, { ...known, handedOn: handedOn(found), defaults: 'left' });
      const defaults = plain.length > 0 || known.requested.has(oid) ? 'written' : 'left';
      const sources = identitySources(body, { ...known, handedOn: handedOn(found), defaults });
      if (sources.length === (found.get(oid)?.length ?? 0)) continue;
      found.set(oid, sources);
      changed = true;
    }
  } while (changed);
  return found;
}

/** A word of each thing that is read, so that most bodies need no closer look. */
const mayRead = /\bauth\b|current_setting|current_user|session_user|current_role|\buser\b/i;

function handedOn(
  sources: ReadonlyMap<number, readonly IdentitySource[]>,
): (oid: number) => readonly IdentitySource[] {
  return (oid) => sources.get(oid) ?? [];
}

function judgedAgain(
  judged: ReadonlyMap<number, Judged>,
  sources: ReadonlyMap<number, readonly IdentitySource[]>,
  { catalog, configured }: Known,
): Omit<IdentityRun, 'sites'> {
  const routines = new Map<number, Routine>();
  for (const [oid, own] of sources) {
    const routine = judged.get(oid)?.routine;
    if (routine !== undefined) routines.set(oid, withIdentity(routine, own));
  }
  const known: Catalog = {
    ...catalog,
    routines: catalog.routines.map((routine) => routines.get(routine.oid) ?? routine),
  };
  const again = new Map(judged);
  for (const [oid, routine] of routines) {
    const one = judged.get(oid);
    if (one?.body === undefined) continue;
    const input: IdentityInput = { catalog, configured, handedOn: handedOn(sources), defaults: 'written' };
    const body = withIdentityArguments(one.body, routine, input);
    again.set(oid, { ...one, routine, body, verdict: classify(routine, body, known) });
  }
  const given = new Map<number, Verdict>();
  for (const oid of routines.keys()) {
    const verdict = again.get(oid)?.verdict;
    if (verdict !== undefined) given.set(oid, withHazards(verdict, ofCalled(oid, again, routines)));
  }
  for (const [oid, verdict] of given) {
    const one = again.get(oid);
    if (one !== undefined) again.set(oid, { ...one, verdict });
  }
  return { judged: again, catalog: known };
}

/** What is to be known of the routines whose text takes the place of their calls, to any depth. */
function ofCalled(
  oid: number,
  judged: ReadonlyMap<number, Judged>,
  routines: ReadonlyMap<number, Routine>,
): readonly Hazard[] {
  return reachedFrom(oid, judged).flatMap(({ routine, verdict }) => {
    if (routine.oid === oid || !routines.has(routine.oid)) return [];
    const name = `${routine.schema}.${routine.name}`;
    return verdict.hazards.flatMap(({ rule, message }): Hazard[] => {
      if (rule === 'security-definer') {
        const rights = `${name} ran with the rights of ${routine.owner}; what it did runs with those of the login.`;
        return [{ rule, message: rights }];
      }
      return ['row-security', 'triggers', 'deferred'].includes(rule) ? [{ rule, message }] : [];
    });
  });
}

function withHazards<V extends Verdict>(verdict: V, hazards: readonly Hazard[]): V {
  const known = new Set(verdict.hazards.map(({ message }) => message));
  return {
    ...verdict,
    hazards: [...verdict.hazards, ...hazards.filter(({ message }) => !known.has(message))],
  };
}

/** Triggers and defaults run in the database and read the settings there, which the query does not make. */
function withTriggers(
  { judged, catalog }: Omit<IdentityRun, 'sites'>,
  requested: ReadonlySet<number>,
): Omit<IdentityRun, 'sites'> {
  const again = new Map(judged);
  for (const [oid, one] of judged) {
    if (one.body === undefined || (one.routine.identity === undefined && !requested.has(oid))) continue;
    const found = reachedFrom(oid, judged).flatMap(({ routine, body }) =>
      body === undefined
        ? []
        : identityBehindWrites(routine, body, catalog).map((reason) =>
            reason.line === null ? reason : placeReason(reason, routine),
          ),
    );
    const [first, ...others] = [...found, ...one.verdict.reasons].sort(byGravity);
    if (found.length === 0 || first === undefined) continue;
    const { hazards } = one.verdict;
    again.set(oid, { ...one, verdict: { kind: 'keep', reasons: [first, ...others], hazards } });
  }
  return { judged: again, catalog };
}

/** A routine and what it calls, to any depth. */
function reachedFrom(oid: number, judged: ReadonlyMap<number, Judged>): readonly Judged[] {
  const found = new Set([oid]);
  for (const one of found) for (const next of calledOids(judged.get(one)?.body)) found.add(next);
  return [...found].flatMap((one) => judged.get(one) ?? []);
}
