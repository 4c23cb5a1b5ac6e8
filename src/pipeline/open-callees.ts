/**
 * The routines that the bodies of a run call, as generated functions: each translated once, with parameters that
 * take what any of its callers and sites gives.
 */
import type { Catalog } from '../1-read/catalog.js';
import type { UserProject } from '../1-read/user-project.js';
import { inputArguments } from '../3-parse/routine-names.js';
import { walkBody } from '../4-classify/walk-body.js';
import type { Hazard, MultiStep } from '../4-classify/verdict.js';
import { runsAsCaller, type Callees } from '../5-translate/callees.js';
import type { ModuleDraft } from '../5-translate/draft.js';
import { translateSteps } from '../5-translate/translate-steps.js';
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
  const first = new Drafts(judged, catalog, project, everyPosition);
  // A first round, in which every parameter takes NULL, tells which ones have to.
  for (const oid of callersFirst(judged)) {
    const own = judged.get(oid);
    const verdict = own === undefined ? null : asSteps(own);
    if (own === undefined || verdict === null) continue;
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
  }
  const final = new Drafts(judged, catalog, project, ({ routine }) => nullable(routine.oid));
  const called = new Set([...judged.values()].flatMap((one) => calledBy(one)));
  return { ...final.callees, nullable, isCalled: (oid) => called.has(oid) };
}

class Drafts {
  readonly callees: Callees;
  readonly #known = new Map<number, ModuleDraft | null>();

  constructor(
    private readonly judged: ReadonlyMap<number, Judged>,
    private readonly catalog: Catalog,
    private readonly project: UserProject,
    private readonly nullable: (one: Judged) => ReadonlySet<number>,
  ) {
    this.callees = {
      module: (oid) => this.module(oid),
      single: (oid) => {
        const verdict = judged.get(oid)?.verdict;
        return verdict?.kind === 'single-statement' ? verdict : null;
      },
      acts: (oid) => {
        const one = judged.get(oid);
        return one?.body === undefined || acts(one, judged, new Set());
      },
    };
  }

  module(oid: number): ModuleDraft | null {
    const known = this.#known.get(oid);
    if (known !== undefined) return known;
    // What calls itself by way of others finds a call that stays.
    this.#known.set(oid, null);
    const draft = this.draft(oid);
    this.#known.set(oid, draft);
    return draft;
  }

  private draft(oid: number): ModuleDraft | null {
    const own = this.judged.get(oid);
    const verdict = own === undefined ? null : asSteps(own);
    if (own === undefined || verdict === null || !runsAsCaller(own.routine)) return null;
    const draft = translateSteps({
      routine: own.routine,
      verdict,
      catalog: this.catalog,
      project: this.project,
      nullable: this.nullable(own),
      columns: [],
      callees: this.callees,
    });
    if (draft.kind !== 'module' || draft.completeness !== 'complete') return null;
    return { ...draft, hazards: [...verdict.hazards.filter(ofItsTables), ...draft.hazards] };
  }
}

/** A body of one statement is a list of one step. */
export function asSteps({ verdict, body }: Judged): MultiStep | null {
  if (verdict.kind === 'multi-step') return verdict;
  if (verdict.kind === 'keep' || body === undefined) return null;
  return { kind: 'multi-step', body, hazards: verdict.hazards, reasons: [] };
}

/** What a caller has to know too: the other hazards are about the call itself. */
function ofItsTables({ rule }: Hazard): boolean {
  return rule === 'triggers' || rule === 'row-security' || rule === 'deferred';
}

function everyPosition({ routine }: Judged): ReadonlySet<number> {
  return new Set(inputArguments(routine).map((_, index) => index + 1));
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

/** Does it write, lock or do something else than read, itself or through what it calls? */
function acts(one: Judged, judged: ReadonlyMap<number, Judged>, seen: Set<number>): boolean {
  if (one.body === undefined) return true;
  seen.add(one.routine.oid);
  let found = false;
  walkBody(one.body, ({ node }) => {
    if (/^(insert|update|delete)$/.test(node.kind) || node.kind.startsWith('unsupported')) found = true;
    if (node.kind === 'select' && Array.isArray(node['locking']) && node['locking'].length > 0) found = true;
    if (node.kind !== 'call') return;
    const routine = node['routine'];
    if (typeof routine !== 'number') {
      if (node['volatile'] === true) found = true;
      return;
    }
    const called = judged.get(routine);
    if (!seen.has(routine) && (called === undefined || acts(called, judged, seen))) found = true;
  });
  return found;
}
