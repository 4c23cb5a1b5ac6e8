/** A translation in its place: in the site's own text, or as a call of a generated function. */
import type { SiteRefusal } from '../2-find/call-site.js';
import type { ResolvedSite } from '../2-find/resolved-site.js';
import type { ResultUse } from '../2-find/result-use.js';
import type { Draft, ModuleDraft } from '../5-translate/draft.js';
import { canStandInline, inlineOf, placementOf } from '../6-rewrite/lay-steps-inline.js';
import { placeEmbedded } from '../6-rewrite/place-embedded.js';
import { placeInline } from '../6-rewrite/place-inline.js';
import { placeModule } from '../6-rewrite/place-module.js';
import { placeRequest } from '../6-rewrite/place-request.js';
import type { ImportNeed, SitePlan } from '../6-rewrite/site-plan.js';
import { countsIndexes } from './counts-indexes.js';
import type { DraftInput } from './draft-sites.js';
import type { AlternativePlan, Candidate } from './site-state.js';

/** Several steps that did not type-check at the call are tried as a function. */
export function whereSteps(
  draft: ModuleDraft,
  site: ResolvedSite,
  use: ResultUse,
  attempt: Candidate['attempt'],
  allUses: readonly unknown[],
  { placement = 'module', callees }: DraftInput,
): 'inline' | 'module' {
  if (attempt !== 'plain') return 'module';
  const called = callees?.isCalled(site.routine.oid) ?? false;
  return placementOf(draft, site, use, { wanted: placement, sites: allUses.length, called });
}

/** The other place of the steps, where there is one and a person may choose it. */
export async function otherForms(
  site: ResolvedSite,
  use: ResultUse,
  draft: ModuleDraft,
  placement: 'inline' | 'module',
  input: DraftInput,
): Promise<readonly AlternativePlan[]> {
  if (input.reviewed !== true || !canStandInline(draft, site, use)) return [];
  const name = placement === 'inline' ? 'module' : 'inline';
  const plan = await placed(site, use, draft, name, input);
  return 'reason' in plan ? [] : [{ name, difference: null, plan }];
}

/** The steps with loops as single statements, and what a second session could make another way. */
export interface SetBasedDraft {
  readonly draft: ModuleDraft;
  readonly difference: string | null;
}

/** What does in one statement what a loop does in many; it is another translation, to be proven like the first. */
export async function setBasedForm(
  site: ResolvedSite,
  use: ResultUse,
  { draft, difference }: SetBasedDraft,
  placement: 'inline' | 'module',
  input: DraftInput,
): Promise<readonly AlternativePlan[]> {
  const plan = await placed(site, use, draft, placement, input);
  return 'reason' in plan ? [] : [{ name: 'one statement for the loop', difference, plan, draft }];
}

/** @param where of several steps; null for anything else. */
export async function placed(
  site: ResolvedSite,
  use: ResultUse,
  draft: Draft,
  where: 'inline' | 'module' | null,
  input: DraftInput,
): Promise<SitePlan | SiteRefusal> {
  const plan = await placedDraft(site, use, draft, where, input);
  const imports = site.identity?.imports ?? [];
  if ('reason' in plan || imports.length === 0) return plan;
  const needs = imports.map(({ name, local, file }): ImportNeed => ({
    name,
    local,
    typeOnly: false,
    from: { kind: 'file', path: file },
  }));
  return { ...plan, imports: [...plan.imports, ...needs] };
}

function placedDraft(
  site: ResolvedSite,
  use: ResultUse,
  draft: Draft,
  where: 'inline' | 'module' | null,
  input: DraftInput,
): Promise<SitePlan | SiteRefusal> {
  const { place, program } = input.part;
  if (draft.kind === 'module' && where === 'inline') {
    const inline = inlineOf(draft, site);
    if (use.request !== undefined) return placeRequest(site, use, inline, place, countsIndexes(program));
    return placeInline(site, use, inline, place);
  }
  if (draft.kind === 'embedded') return placeEmbedded(site, use, draft, place);
  if (draft.kind === 'module') return callModule(site, use, draft, input);
  if (use.request !== undefined) return placeRequest(site, use, draft, place, countsIndexes(program));
  return placeInline(site, use, draft, place);
}

async function callModule(
  site: ResolvedSite,
  use: ResultUse,
  draft: ModuleDraft,
  { part: { place } }: DraftInput,
): Promise<SitePlan | SiteRefusal> {
  const [plan] = await placeModule([{ site, use }], draft, place);
  if (plan === undefined) throw new Error(`The module call of ${site.site.id} got no plan`);
  return plan;
}
