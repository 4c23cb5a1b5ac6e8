/** Translates each site's routine and puts the translation in its place. */
import type { Catalog } from '../1-read/catalog.js';
import type { ResolvedSite } from '../2-find/resolved-site.js';
import type { ResultUse } from '../2-find/result-use.js';
import type { MultiStep, SingleStatement } from '../4-classify/verdict.js';
import { requestHazards, requestValueHazards, type RowLimit } from '../4-classify/request-hazards.js';
import { executions, siteHazards } from '../4-classify/site-hazards.js';
import type { Draft, InlineDraft, NoDraft } from '../5-translate/draft.js';
import { inlineRoutine } from '../5-translate/inline-routine.js';
import { withJsonValues } from '../5-translate/requests/json-result.js';
import { withQuery } from '../5-translate/requests/query-result.js';
import { translateSingle } from '../5-translate/translate-single.js';
import { translateSteps } from '../5-translate/translate-steps.js';
import { withSetBasedLoops } from '../5-translate/set-based/with-set-based-loops.js';
import { withoutNonNull } from '../5-translate/without-non-null.js';
import { relativePath } from './compose-report.js';
import { countsIndexes } from './counts-indexes.js';
import { refusalAtSite, refusalOfArguments } from './fits-site.js';
import { errorShape } from './error-shape.js';
import type { ContextEntry } from '../config/context-setting.js';
import type { Options } from '../options.js';
import { nullablePositions } from './nullable-positions.js';
import type { OpenSites } from './open-sites.js';
import { identityHazards, missingIdentity } from './tell-identity.js';
import type { Judged } from './judge-routines.js';
import { asSteps } from './callee-drafts.js';
import type { OpenCallees } from './open-callees.js';
import { otherForms, placed, setBasedForm, whereSteps, type SetBasedDraft } from './place-draft.js';
import { unrequirable } from './module-format.js';
import type { Part } from './open-parts.js';
import { settled, type Candidate, type Settled } from './site-state.js';

export interface DraftInput {
  readonly catalog: Catalog;
  readonly judged: ReadonlyMap<number, Judged>;
  readonly part: Part;
  /** What the bodies call; without it every call stays. */
  readonly callees?: OpenCallees;
  /** Where several steps go; without it to modules. */
  readonly placement?: Options['placement'];
  /** A person will be asked, who may take another form. */
  readonly reviewed?: boolean;
  /** What gives the identity of the caller at the sites. */
  readonly context?: readonly ContextEntry[];
  readonly rowLimit?: RowLimit;
  /** That paths of the configuration start from. */
  readonly cwd?: string;
}

export interface Drafted {
  readonly candidates: readonly Candidate[];
  readonly settled: readonly Settled[];
}

/** `all` are the sites of all parts: a generated module has one form, which has to fit each of its callers. */
export async function draftSites(
  { open, settled: earlier, uses }: OpenSites,
  all: readonly OpenSites[],
  input: DraftInput,
): Promise<Drafted> {
  const done: Settled[] = [...earlier];
  const candidates: Candidate[] = [];
  for (const { site, verdict } of open) {
    const use = uses.get(site.site.id);
    if (use === undefined) throw new Error(`The use of ${site.site.id} was not looked at`);
    if ('reason' in use) done.push(settled(site, use.reason, use.detail));
    else {
      const asked = withQuery({ site, use, verdict }, input.catalog);
      const given = 'kind' in asked ? asked : withJsonValues(asked, input.catalog);
      const outcome =
        'kind' in given
          ? settled(site, given.reason, given.detail)
          : await draftSite(given.site, given.use, given.verdict, 'plain', usesOf(site, all), input);
      if ('reason' in outcome) done.push(outcome);
      else if ((site.identity?.missing.length ?? 0) > 0) done.push(missingIdentity(outcome));
      else candidates.push(outcome);
    }
  }
  return { candidates, settled: done };
}

/** One site's translation in its place, or why there is none. */
export async function draftSite(
  site: ResolvedSite,
  given: ResultUse,
  verdict: SingleStatement | MultiStep,
  attempt: Candidate['attempt'],
  allUses: readonly { readonly site: ResolvedSite; readonly use: ResultUse }[],
  input: DraftInput,
): Promise<Candidate | Settled> {
  const use = attempt === 'plain' ? given : asClaimed(given);
  const draft = translate(site, use, verdict, attempt, allUses, input);
  if (draft.kind === 'none') return settled(site, draft.reason, draft.detail, draft);
  if (draft.kind === 'inline' && needsStatement(draft) && use.hoistPoint === null) {
    return draftSite(site, use, verdict, 'statement', allUses, input);
  }
  const where = draft.kind === 'module' ? whereSteps(draft, site, use, attempt, allUses, input) : null;
  const first = await placed(site, use, draft, where, input);
  // What cannot be laid out at the call may still be called there.
  const placement = where === 'inline' && 'reason' in first ? 'module' : where;
  const plan = placement === where ? first : await placed(site, use, draft, placement, input);
  if ('reason' in plan) return settled(site, plan.reason, plan.detail);
  const module = unrequirable(plan);
  if (module !== null) {
    const detail = `TS1479: the file is CommonJS and cannot require ${relativePath(input.part.project.root, module)}, an ES module`;
    return settled(site, 'type-error', detail);
  }
  const shape = draft.kind === 'embedded' ? [] : errorShape(use.client);
  const body = verdict.kind === 'single-statement' ? verdict.statement : verdict.body;
  const hazards = [
    ...draft.hazards,
    ...siteHazards(site, use, input.catalog),
    ...requestHazards(site, body, input.catalog, input.rowLimit),
    ...requestValueHazards(site, use),
    ...identityHazards(site, use),
    ...shape,
  ];
  const own = { part: input.part, site, use, verdict, draft: { ...draft, hazards }, plan, attempt };
  if (placement === null || draft.kind !== 'module') return own;
  const others = await otherForms(site, use, draft, placement, input);
  const shorter = shorterDraft(own, allUses, input);
  const set = shorter === null ? [] : await setBasedForm(site, use, shorter, placement, input);
  return { ...own, placement, alternatives: [...others, ...set] };
}

/** The steps with loops as single statements. A function that others call too has one form. */
function shorterDraft(
  { site, use, verdict, draft, attempt }: Pick<Candidate, 'site' | 'use' | 'verdict' | 'draft' | 'attempt'>,
  allUses: readonly { readonly site: ResolvedSite; readonly use: ResultUse }[],
  input: DraftInput,
): SetBasedDraft | null {
  const shared = allUses.length > 1 || input.callees?.isCalled(site.routine.oid) === true;
  if (shared || draft.completeness !== 'complete' || verdict.kind !== 'multi-step') return null;
  const loops = verdict.body.kind === 'plpgsql' ? withSetBasedLoops(verdict.body, input.catalog) : null;
  if (loops === null) return null;
  const made = translate(site, use, { ...verdict, body: loops.body }, attempt, allUses, input);
  if (made.kind !== 'module' || made.completeness !== 'complete') return null;
  return { draft: { ...made, hazards: draft.hazards }, difference: loops.difference };
}

function asClaimed(use: ResultUse): ResultUse {
  const { request } = use;
  return request?.claimed === undefined ? use : { ...use, request: { ...request, asClaimed: true } };
}

/** Its builders stand before a statement, which an expression that no statement holds has not. */
function needsStatement(draft: InlineDraft): boolean {
  return (draft.prelude?.length ?? 0) > 0;
}

function translate(
  site: ResolvedSite,
  use: ResultUse,
  verdict: SingleStatement | MultiStep,
  attempt: Candidate['attempt'],
  allUses: readonly { readonly site: ResolvedSite; readonly use: ResultUse }[],
  input: DraftInput,
): Draft | NoDraft {
  const { catalog, callees, part } = input;
  const { project, program } = part;
  if (site.site.embedded !== undefined) return inlineRoutine({ site, use, verdict, catalog, project });
  const refused = refusalOfArguments(site, use);
  if (refused !== null) return refused;
  const times = executions(site);
  if (times > 1 && callees?.acts(site.routine.oid) !== false) {
    const detail = `(${site.routine.name}(…)).* does what the routine does ${String(times)} times, once a column; call it in FROM`;
    return { kind: 'none', reason: 'unsupported', detail };
  }
  if (verdict.kind === 'single-statement') {
    const draft = translateSingle({
      site,
      use,
      verdict,
      catalog,
      project,
      ...(callees === undefined ? {} : { callees }),
      cautious: attempt === 'cautious' || attempt === 'statement',
      form: attempt === 'statement' ? 'statement' : 'any',
    });
    // What one statement cannot say, several may: INTO STRICT, whose errors are tests.
    const open = draft.kind === 'none' && draft.reason === 'unsupported' && use.request?.inStatement !== true;
    const steps = open ? stepsOf(site, input) : null;
    const other = steps === null ? draft : translate(site, use, steps, attempt, allUses, input);
    return other.kind === 'none' || other.completeness !== 'complete' ? draft : other;
  }
  const nullable = new Set([
    ...allUses.flatMap((one) => nullablePositions(one.site, one.use)),
    ...(callees?.nullable(site.routine.oid) ?? []),
  ]);
  const columns =
    site.output.shape === 'row'
      ? site.output.columns.map((column) => ({ name: column.source, type: column.type }))
      : [];
  const draft = translateSteps({
    routine: site.routine,
    verdict,
    catalog,
    project,
    nullable,
    columns,
    ...(callees === undefined ? {} : { callees }),
    // The attempt before it gives steps that stood at their call the place of a function.
    cautious: attempt === 'statement',
  });
  if (draft.kind === 'none') return draft;
  const unfit = refusalAtSite(draft, site, use, catalog);
  if (unfit !== null) return unfit;
  return countsIndexes(program) ? draft : withoutNonNull(draft);
}

/** The body as a list of one step, or of the few that one statement stands for. */
function stepsOf({ routine }: ResolvedSite, { judged }: DraftInput): MultiStep | null {
  const one = judged.get(routine.oid);
  return one === undefined ? null : asSteps(one);
}

function usesOf(
  site: ResolvedSite,
  all: readonly OpenSites[],
): readonly { readonly site: ResolvedSite; readonly use: ResultUse }[] {
  return all.flatMap(({ open, uses }) =>
    open.flatMap((one) => {
      const use = uses.get(one.site.site.id);
      return one.site.routine.oid === site.routine.oid && use !== undefined && !('reason' in use)
        ? [{ site: one.site, use }]
        : [];
    }),
  );
}
