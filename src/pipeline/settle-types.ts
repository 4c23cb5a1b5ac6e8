/**
 * The types stage: sites whose edits bring a new diagnostic are tried in their cautious form, and kept when
 * that has one too. Ends when what is left has none; a site that goes takes its imports and module along.
 */
import type { ResolvedSite } from '../2-find/resolved-site.js';
import type { ResultUse } from '../2-find/result-use.js';
import type { NewDiagnostic } from '../7-prove/check-types.js';
import { checkChanges } from './check-changes.js';
import { relativePath } from './compose-report.js';
import { dropAssertions, findDeletions, needlessBefore, type Deletions } from './drop-assertions.js';
import { draftSite, type DraftInput, type Drafted } from './draft-sites.js';
import { settled, type Candidate, type Settled } from './site-state.js';

export async function settleTypes(drafted: Drafted, input: DraftInput): Promise<Drafted> {
  let candidates = drafted.candidates;
  const done: Settled[] = [...drafted.settled];
  const known = needlessBefore(candidates, input.part);
  for (;;) {
    let needless: Deletions = new Map();
    const found = checkChanges(
      input.part,
      candidates.map(({ plan }) => plan),
      (program, changes) => (needless = findDeletions(changes, program, known)),
    );
    const blamed = byBlame(found);
    if (blamed.size === 0) {
      const settledOnes = dropAssertions(candidates, needless, input.part);
      return { candidates: withSoundForms(settledOnes, input), settled: done };
    }
    const next: Candidate[] = [];
    const modules = blamedModules(candidates, blamed);
    for (const candidate of candidates) {
      const { id } = candidate.site.site;
      const diagnostic =
        blamed.get(id) ?? (isModule(candidate) ? modules.get(candidate.site.routine.oid) : undefined);
      if (diagnostic === undefined) next.push(candidate);
      else {
        const outcome = await again(candidate, candidates, diagnostic, input);
        if (!('reason' in outcome)) next.push(outcome);
        else if (blamed.has(id)) done.push(outcome);
        else next.push(candidate);
      }
    }
    candidates = next;
  }
}

/** Another form that brings a new diagnostic is not offered. */
function withSoundForms(candidates: readonly Candidate[], { part }: DraftInput): readonly Candidate[] {
  const others = candidates.flatMap(({ alternatives = [] }) => alternatives);
  if (others.length === 0) return candidates;
  return candidates.map((candidate) => {
    const rest = candidates.flatMap((one) => (one === candidate ? [] : [one.plan]));
    const alternatives = (candidate.alternatives ?? []).filter(
      ({ plan }) => checkChanges(part, [...rest, plan]).length === 0,
    );
    return { ...candidate, alternatives };
  });
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
    diagnosticText(diagnostic, site.site.file, input.part.project.root),
  );
  const claimed = use.request?.claimed !== undefined;
  const rest = attempts
    .slice(attempts.indexOf(candidate.attempt) + 1)
    .filter((attempt) => claimed || attempt !== 'claimed');
  for (const attempt of isModule(candidate) ? rest.slice(-1) : rest) {
    const outcome = await draftSite(site, use, verdict, attempt, sameRoutine(site, all), input);
    if (!('reason' in outcome)) return outcome;
  }
  return reason;
}

function isModule({ draft, placement }: Candidate): boolean {
  return draft.kind === 'module' && placement !== 'inline';
}

/** One function has one text: what is wrong with it at one of its sites is mended for all. */
function blamedModules(
  candidates: readonly Candidate[],
  blamed: ReadonlyMap<string, NewDiagnostic>,
): ReadonlyMap<number, NewDiagnostic> {
  const found = new Map<number, NewDiagnostic>();
  for (const candidate of candidates) {
    const diagnostic = blamed.get(candidate.site.site.id);
    if (diagnostic !== undefined && isModule(candidate)) found.set(candidate.site.routine.oid, diagnostic);
  }
  return found;
}

/** Where it would be: the site's own file is named by the site. */
function diagnosticText({ file, code, line, message }: NewDiagnostic, own: string, root: string): string {
  const place = file === own ? `line ${line} of the new text` : `line ${line} of ${relativePath(root, file)}`;
  return `TS${code} at ${place}: ${message}`;
}

function sameRoutine(
  site: ResolvedSite,
  all: readonly Candidate[],
): readonly { readonly site: ResolvedSite; readonly use: ResultUse }[] {
  return all.filter((one) => one.site.routine.oid === site.routine.oid);
}

const attempts: readonly Candidate['attempt'][] = ['plain', 'claimed', 'cautious', 'statement'];

/** The first diagnostic of each site. */
function byBlame(diagnostics: readonly NewDiagnostic[]): ReadonlyMap<string, NewDiagnostic> {
  const found = new Map<string, NewDiagnostic>();
  for (const diagnostic of diagnostics) {
    for (const id of diagnostic.siteIds) if (!found.has(id)) found.set(id, diagnostic);
  }
  return found;
}
