/** A hand edit in the review: the code as text, and the edited text in its place, type-checked and proven anew. */
import { extname } from 'node:path';
import type { Draft, InlineDraft, ModuleDraft } from '../5-translate/draft.js';
import { editableInline, readInlineEdit } from '../6-rewrite/edit-inline.js';
import { editableModule, readModuleEdit } from '../6-rewrite/edit-module.js';
import { inlineOf } from '../6-rewrite/lay-steps-inline.js';
import type { EditProblem } from '../6-rewrite/written-text.js';
import type { Database } from '../io/database.js';
import { openSource } from '../io/open-source.js';
import type { Progress } from '../io/progress.js';
import type { Source } from '../io/resolve-source.js';
import type { OnInterrupt, Plan } from '../pipeline.js';
import { checkChanges } from './check-changes.js';
import { relativePath } from './compose-report.js';
import { placed } from './place-draft.js';
import { planOf, type PlanState } from './plan-state.js';
import { openProofBench } from './proof-bench.js';
import { proveSites } from './prove-sites.js';
import { withForm, type Candidate, type Proposal } from './site-state.js';

export interface EditPlace {
  /** CallSite.id. */
  readonly siteId: string;
  /** The alternative that is edited, from 0 on; null is the form that is shown first. */
  readonly alternative: number | null;
}

export interface EditPorts {
  readonly progress: Progress;
  readonly openDatabase?: (source: Source) => Promise<Database>;
  readonly onInterrupt?: OnInterrupt;
}

/** The code of a site for an editor, with the extension of its file; or why it cannot be edited. */
export async function editableText(
  { state }: Plan,
  place: EditPlace,
): Promise<{ readonly text: string; readonly extension: string } | EditProblem> {
  const edited = editedForm(state, place);
  if ('problem' in edited) return edited;
  const { proposal, draft } = edited;
  const { site, use, plan, part } = proposal;
  if (draft.kind === 'inline') {
    return {
      text: await editableInline(site, use, draft, part.place),
      extension: extname(site.site.file),
    };
  }
  const text = editableModule(plan, part.place);
  return typeof text === 'string' ? { text, extension: '.ts' } : text;
}

/**
 * The plan with the edited text in the place of a site's code, and of a function that several sites call in that
 * of all of them; or what is wrong with it: syntax, names, types. Its proof is part of the plan, whatever it says.
 */
export async function editSite(
  plan: Plan,
  place: EditPlace,
  text: string,
  ports: EditPorts,
): Promise<Plan | EditProblem> {
  const { state } = plan;
  const edited = editedForm(state, place);
  if ('problem' in edited) return edited;
  const { proposal, draft } = edited;
  const { site, use, part } = proposal;
  const read =
    draft.kind === 'inline'
      ? await readInlineEdit(text, site, use, draft, part.place)
      : readModuleEdit(text, proposal.plan, draft, part.place);
  if ('problem' in read) return read;
  const written = withoutTodos(read, text);
  const affected = draft.kind === 'inline' ? [proposal] : callersOf(proposal, state);
  const candidates: Candidate[] = [];
  for (const one of affected) {
    const candidate = await withDraft(one, written, state);
    if ('problem' in candidate) return candidate;
    candidates.push(candidate);
  }
  const wrong = typeErrors(candidates, state);
  if (wrong.length > 0) return { problem: wrong };
  const proven = await proveAgain(candidates, state, ports);
  const byId = new Map(proven.map((one) => [one.site.site.id, one]));
  const proposals = state.proven.proposals.map((one) => byId.get(one.site.site.id) ?? one);
  return planOf({ ...state, proven: { ...state.proven, proposals } });
}

function editedForm(
  { proven }: PlanState,
  { siteId, alternative }: EditPlace,
): { readonly proposal: Proposal; readonly draft: InlineDraft | ModuleDraft } | EditProblem {
  const found = proven.proposals.find(({ site }) => site.site.id === siteId);
  if (found === undefined) throw new Error(`There is no site ${siteId} to edit`);
  const proposal = withForm(found, alternative);
  const { draft, site } = proposal;
  if (draft.kind === 'embedded') {
    return {
      problem: ['a call inside a larger statement is edited in its file, for the statement is yours'],
    };
  }
  const other = alternative === null ? undefined : found.alternatives?.[alternative];
  // Another translation stands where the first one does.
  const name = other === undefined || other.draft !== undefined ? found.placement : other.name;
  if (draft.kind === 'inline') return { proposal, draft };
  if (name === 'inline') return { proposal, draft: inlineOf(draft, site) };
  const path = proposal.plan.modules[0]?.path;
  const caller = proven.proposals.find(({ plan }) => plan.modules.slice(1).some((one) => one.path === path));
  if (caller !== undefined) {
    const by = caller.draft.kind === 'module' ? caller.draft.name : caller.site.routine.name;
    return {
      problem: [`${draft.name} is called by the generated function ${by} too: edit it after it is written`],
    };
  }
  return { proposal, draft };
}

/** Who takes the last todo out of a skeleton has finished it. */
function withoutTodos<D extends InlineDraft | ModuleDraft>(draft: D, text: string): D {
  return text.includes('TODO(migrate-rpc)') ? draft : { ...draft, completeness: 'complete', todos: [] };
}

/** The sites that call the same generated function. */
function callersOf(proposal: Proposal, { proven }: PlanState): readonly Proposal[] {
  const path = proposal.plan.modules[0]?.path;
  const others = proven.proposals.filter(
    (one) => one.plan.modules[0]?.path === path && one.site.site.id !== proposal.site.site.id,
  );
  return [proposal, ...others];
}

async function withDraft(
  { site, use, part, verdict, attempt }: Proposal,
  draft: Draft,
  { catalog, judged }: PlanState,
): Promise<Candidate | EditProblem> {
  const where = draft.kind === 'module' ? 'module' : null;
  const plan = await placed(site, use, draft, where, { catalog, judged, part });
  if ('reason' in plan) return { problem: [`${plan.reason}: ${plan.detail}`] };
  const placement = where === null ? {} : ({ placement: where } as const);
  return { part, site, use, verdict, attempt, draft, plan, ...placement, edited: true };
}

/** Together with all that is planned in the same part, which has no new diagnostic without the edit. */
function typeErrors(candidates: readonly Candidate[], { proven, options }: PlanState): readonly string[] {
  const edited = new Map(candidates.map((one) => [one.site.site.id, one]));
  return [...new Set(candidates.map(({ part }) => part))].flatMap((part) => {
    const plans = proven.proposals
      .filter((one) => one.part === part)
      .map((one) => (edited.get(one.site.site.id) ?? one).plan);
    return checkChanges(part, plans).map(
      ({ file, line, code, message }) =>
        `${relativePath(options.cwd, file)}:${String(line)} TS${String(code)} ${message}`,
    );
  });
}

/** The database and the copy of it are opened anew: nothing is kept open while a person thinks. */
async function proveAgain(
  candidates: readonly Candidate[],
  { options, catalog, judged }: PlanState,
  { progress, openDatabase = openSource, onInterrupt = () => () => undefined }: EditPorts,
): Promise<readonly Proposal[]> {
  progress.start('opening the database');
  const db = await openDatabase(options.source);
  try {
    const bench = await openProofBench(judged, { db, catalog, options, onInterrupt });
    try {
      progress.start('proving the edited code');
      const drafted = [{ candidates, settled: [] }];
      return (await proveSites(drafted, { db, catalog, options, progress, bench })).proposals;
    } finally {
      await bench?.close();
    }
  } finally {
    progress.stop();
    await db.close();
  }
}
