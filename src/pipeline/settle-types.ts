/**
 * The types stage: sites whose edits bring a new diagnostic are tried in their cautious form, and kept when
 * that has one too. Ends when what is left has none; a site that goes takes its imports and module along.
 */
import type { ResolvedSite } from '../2-find/resolved-site.js';
import type { ResultUse } from '../2-find/result-use.js';
import { assemble, type AssembleOptions } from '../6-rewrite/assemble.js';
import { checkTypes, type NewDiagnostic } from '../7-prove/check-types.js';
import { draftSite, type DraftInput, type Drafted } from './draft-sites.js';
import { settled, type Candidate, type Settled } from './site-state.js';

export async function settleTypes(
  drafted: Drafted,
  files: ReadonlyMap<string, string>,
  input: DraftInput,
  options: AssembleOptions,
): Promise<Drafted> {
  let candidates = drafted.candidates;
  const done: Settled[] = [...drafted.settled];
  for (;;) {
    const changes = assemble(
      candidates.map(({ plan }) => plan),
      files,
      options,
    );
    const blamed = byBlame(checkTypes(input.program, changes));
    if (blamed.size === 0) return { candidates, settled: done };
    const next: Candidate[] = [];
    for (const candidate of candidates) {
      const diagnostic = blamed.get(candidate.site.site.id);
      if (diagnostic === undefined) next.push(candidate);
      else {
        const outcome = await again(candidate, candidates, diagnostic, input);
        if ('reason' in outcome) done.push(outcome);
        else next.push(outcome);
      }
    }
    candidates = next;
  }
}

async function again(
  candidate: Candidate,
  all: readonly Candidate[],
  diagnostic: NewDiagnostic,
  input: DraftInput,
): Promise<Candidate | Settled> {
  const { site, use, verdict } = candidate;
  const reason = settled(
    site,
    'type-error',
    `TS${diagnostic.code} at line ${diagnostic.line} of the new text: ${diagnostic.message}`,
  );
  if (candidate.attempt === 'cautious' || candidate.draft.kind === 'module') return reason;
  const outcome = await draftSite(site, use, verdict, 'cautious', sameRoutine(site, all), input);
  return 'reason' in outcome ? reason : outcome;
}

function sameRoutine(
  site: ResolvedSite,
  all: readonly Candidate[],
): readonly { readonly site: ResolvedSite; readonly use: ResultUse }[] {
  return all.filter((one) => one.site.routine.oid === site.routine.oid);
}

/** The first diagnostic of each site. */
function byBlame(diagnostics: readonly NewDiagnostic[]): ReadonlyMap<string, NewDiagnostic> {
  const found = new Map<string, NewDiagnostic>();
  for (const diagnostic of diagnostics) {
    for (const id of diagnostic.siteIds) if (!found.has(id)) found.set(id, diagnostic);
  }
  return found;
}
