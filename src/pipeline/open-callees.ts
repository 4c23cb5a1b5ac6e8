/**
 * The routines that the bodies of a run call, as generated functions: each translated once, with parameters that
 * take what any of its callers and sites gives.
 */
import type { Catalog } from '../1-read/catalog.js';
import type { UserProject } from '../1-read/user-project.js';
import { inputArguments } from '../3-parse/routine-names.js';
import { walkBody } from '../4-classify/walk-body.js';
import type { Callees } from '../5-translate/callees.js';
import { elementsAt } from '../5-translate/parameter-type.js';
import { translateSteps } from '../5-translate/translate-steps.js';
import { asSteps, CalleeDrafts } from './callee-drafts.js';
import type { Judged } from './judge-routines.js';

export interface OpenCallees extends Callees {
  /** Positions of arguments that some body that calls the routine may pass as NULL. */
  nullable(oid: number): ReadonlySet<number>;
  /** Does the body of another routine of the run call it? */
  isCalled(oid: number): boolean;
}

/** @param atSites positions that some site passes as null, by the OID of the routine. */
export function openCallees(
  judged: ReadonlyMap<number, Judged>,
  atSites: ReadonlyMap<number, ReadonlySet<number>>,
  catalog: Catalog,
  project: UserProject,
): OpenCallees {
  const found = new Map<number, Set<number>>();
  const nullable = (oid: number): Set<number> => {
    const known = found.get(oid) ?? new Set(atSites.get(oid) ?? []);
    found.set(oid, known);
    return known;
  };
  const first = new CalleeDrafts(judged, catalog, project, everyPosition);
  // A first round, in which every parameter takes NULL, tells which ones have to.
  const note = (oid: number): void => {
    const own = judged.get(oid);
    const verdict = own === undefined ? null : asSteps(own);
    if (own === undefined || verdict === null) return;
    const noting: Callees = {
      ...first.callees,
      noteNullable: (called, position) => void nullable(called).add(position),
    };
    translateSteps({
      routine: own.routine,
      verdict,
      catalog,
      project,
      nullable: nullable(oid),
      columns: [],
      callees: noting,
    });
  };
  const order = callersFirst(judged);
  const noted = new Map<number, number>();
  const stale = (): readonly number[] => order.filter((oid) => noted.get(oid) !== nullable(oid).size);
  // Routines that call themselves pass on as NULL what they were given as NULL.
  for (let round = stale(); round.length > 0; round = stale()) {
    for (const oid of round) {
      noted.set(oid, nullable(oid).size);
      note(oid);
    }
  }
  const final = new CalleeDrafts(judged, catalog, project, ({ routine }) => nullable(routine.oid));
  const called = new Set([...judged.values()].flatMap((one) => calledBy(one)));
  return { ...final.callees, nullable, isCalled: (oid) => called.has(oid) };
}

function everyPosition({ routine }: Judged): ReadonlySet<number> {
  const positions = inputArguments(routine).map((_, index) => index + 1);
  return new Set([...positions, ...positions.map(elementsAt)]);
}

/** Every routine before those that it calls. */
function callersFirst(judged: ReadonlyMap<number, Judged>): readonly number[] {
  const order: number[] = [];
  const seen = new Set<number>();
  const visit = (oid: number): void => {
    if (seen.has(oid)) return;
    seen.add(oid);
    for (const called of calledBy(judged.get(oid))) visit(called);
    order.unshift(oid);
  };
  for (const oid of judged.keys()) visit(oid);
  return order;
}

function calledBy(one: Judged | undefined): readonly number[] {
  const found = new Set<number>();
  if (one?.body === undefined) return [];
  walkBody(one.body, ({ node }) => {
    if (node.kind === 'call' && typeof node['routine'] === 'number') found.add(node['routine']);
  });
  return [...found];
}
