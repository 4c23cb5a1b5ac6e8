/** The generated functions of one run that bodies call, each made when it is first asked for. */
import type { Catalog } from '../1-read/catalog.js';
import type { UserProject } from '../1-read/user-project.js';
import { walkBody } from '../4-classify/walk-body.js';
import type { Hazard, MultiStep } from '../4-classify/verdict.js';
import { runsAsCaller, type Callees } from '../5-translate/callees.js';
import type { ModuleDraft } from '../5-translate/draft.js';
import type { StepsInput } from '../5-translate/module-head.js';
import { ownDraft } from '../5-translate/own-draft.js';
import { translateSteps } from '../5-translate/translate-steps.js';
import type { Judged } from './judge-routines.js';

export class CalleeDrafts {
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
    const input = this.inputOf(oid);
    // What calls itself by way of others finds this in its place.
    const pending = input === null ? null : ownDraft(input, true);
    this.#known.set(oid, pending);
    const draft = input === null ? null : this.draft(input);
    this.#known.set(oid, draft);
    if (pending !== null) this.settle(pending, draft);
    return draft;
  }

  private inputOf(oid: number): StepsInput | null {
    const own = this.judged.get(oid);
    const verdict = own === undefined ? null : asSteps(own);
    if (own === undefined || verdict === null || !runsAsCaller(own.routine)) return null;
    const { catalog, project, callees } = this;
    return {
      routine: own.routine,
      verdict,
      catalog,
      project,
      nullable: this.nullable(own),
      columns: [],
      callees,
    };
  }

  private draft(input: StepsInput): ModuleDraft | null {
    const draft = translateSteps(input);
    if (draft.kind !== 'module' || draft.completeness !== 'complete') return null;
    return { ...draft, hazards: [...input.verdict.hazards.filter(ofItsTables), ...draft.hazards] };
  }

  /** Functions that call one which turned out to stay are made anew; the others call it as it is now. */
  private settle(pending: ModuleDraft, draft: ModuleDraft | null): void {
    for (const [oid, one] of [...this.#known]) {
      if (one === null || one === draft || !holds(one, pending)) continue;
      if (draft === null) this.#known.delete(oid);
      else this.#known.set(oid, replaced(one, pending, draft));
    }
  }
}

function holds({ callees = [] }: ModuleDraft, pending: ModuleDraft): boolean {
  return callees.some((callee) => callee === pending || holds(callee, pending));
}

function replaced(one: ModuleDraft, pending: ModuleDraft, draft: ModuleDraft): ModuleDraft {
  if (one.callees === undefined) return one;
  const callees = one.callees.map((callee) =>
    callee === pending ? draft : replaced(callee, pending, draft),
  );
  return { ...one, callees };
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
