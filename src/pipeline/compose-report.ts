/** A plan as the plain data of the report and of the review. */
import { relative, sep } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import type { Catalog, Routine } from '../1-read/catalog.js';
import type { CallSite, SiteRefusal } from '../2-find/call-site.js';
import { callingRoutines } from '../4-classify/calling-routines.js';
import type { Hazard } from '../4-classify/verdict.js';
import type { FileChange } from '../6-rewrite/site-plan.js';
import type { Evidence } from '../7-prove/evidence.js';
import type { ReviewItem } from '../8-review/review-item.js';
import type { ReportedRoutine, ReportedSite, SiteStatus } from '../9-report/report-input.js';
import type { Judged } from './judge-routines.js';
import type { Proposal, Settled } from './site-state.js';

/** `public.apply_payment(integer, numeric)`. */
export function signatureOf(given: Routine, catalog: Catalog): string {
  const routine = given.identity?.declared ?? given;
  const types = routine.arguments
    .filter(({ mode }) => mode === 'in' || mode === 'inout' || mode === 'variadic')
    .map(({ type }) => catalog.types.get(type)?.sqlName ?? 'unknown');
  return `${routine.schema}.${routine.name}(${types.join(', ')})`;
}

export function relativePath(cwd: string, path: string): string {
  return relative(cwd, path).split(sep).join('/');
}

/** One unified diff of all the changes, paths relative to `cwd`. */
export function diffOf(changes: readonly FileChange[], cwd: string): string {
  return changes
    .map(({ path, before, after }) => {
      const name = relativePath(cwd, path);
      const old = before === null ? '/dev/null' : `a/${name}`;
      const patch = createTwoFilesPatch(
        old,
        `b/${name}`,
        withoutMark(before ?? ''),
        withoutMark(after),
        '',
        '',
        { context: 3 },
      );
      return patch.replace(/^=+\n/, '').replace(/^(---|\+\+\+) ([^\n]*?)\t?$/gm, '$1 $2');
    })
    .join('');
}

export function reviewItem(
  proposal: Proposal,
  diff: string,
  alternatives: ReviewItem['alternatives'],
  cwd: string,
  catalog: Catalog,
): ReviewItem {
  const { site, verdict, draft } = proposal;
  return {
    siteId: site.site.id,
    file: relativePath(cwd, site.site.file),
    line: site.site.line,
    routine: signatureOf(site.routine, catalog),
    verdict: verdict.kind === 'single-statement' ? 'single statement' : 'several steps',
    completeness: draft.completeness,
    todos: draft.todos,
    proof: proposal.evidence,
    hazards: hazardsOf(proposal),
    sql: site.routine.definition ?? site.routine.source,
    diff,
    alternatives,
    edited: proposal.edited === true,
  };
}

export function reportedSite(
  site: CallSite,
  routine: string | null,
  status: SiteStatus,
  reason: ReportedSite['reason'],
  diff: string,
  cwd: string,
): ReportedSite {
  const { id, line, column, kind, routineName } = site;
  return {
    id,
    file: relativePath(cwd, site.file),
    line,
    column,
    kind,
    routine,
    routineName,
    status,
    reason,
    diff,
  };
}

export function unresolvedReason(refusal: SiteRefusal): ReportedSite['reason'] {
  return { id: refusal.reason, detail: refusal.detail, line: null };
}

/** A routine's own row: the least that holds for all of its sites. */
export function reportedRoutine(
  judged: Judged,
  proposals: readonly Proposal[],
  kept: readonly Settled[],
  catalog: Catalog,
): ReportedRoutine {
  const { routine, verdict } = judged;
  const own = proposals.filter((proposal) => proposal.site.routine.oid === routine.oid);
  const [first] = own;
  const skeleton = own.some((proposal) => proposal.draft.completeness === 'skeleton');
  return {
    signature: signatureOf(routine, catalog),
    schema: routine.schema,
    name: routine.name,
    language: routine.language,
    verdict: verdict.kind,
    reasons: verdict.reasons,
    hazards: unique(own.length === 0 ? verdict.hazards : own.flatMap(hazardsOf)),
    translation: first === undefined ? 'none' : skeleton ? 'skeleton' : 'complete',
    todos: first?.draft.todos ?? [],
    statements: Math.max(0, ...own.map((proposal) => proposal.draft.statements)),
    roundTrips: {
      before: 1,
      after: first === undefined ? null : Math.max(...own.map(roundTripsOf)),
    },
    proof: weakest(own, kept, routine),
    stillUsedBy: [...routine.usedBy, ...callingRoutines(routine, catalog)],
  };
}

/** BEGIN and COMMIT are the site's own where it stands in a transaction. */
function roundTripsOf({ draft, use }: Proposal): number {
  return draft.kind === 'module' && use.client.inTransaction ? draft.statements : draft.roundTrips;
}

/** The translation knows which calls of the body are left. */
function hazardsOf({ verdict, draft }: Proposal): readonly Hazard[] {
  const known = draft.kind !== 'embedded' && draft.completeness === 'complete';
  const declared = verdict.hazards.filter(({ rule }) => !known || rule !== 'calls-routine');
  return [...declared, ...draft.hazards];
}

const order: readonly Evidence['status'][] = ['differs', 'not_run', 'partial', 'proven'];

function weakest(own: readonly Proposal[], kept: readonly Settled[], routine: Routine): Evidence {
  const [first, ...rest] = own
    .map((proposal) => proposal.evidence)
    .sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  if (first !== undefined)
    return { ...first, cases: rest.reduce((sum, one) => sum + one.cases, first.cases) };
  const reason = kept.find((one) => one.routine?.oid === routine.oid)?.reason.id ?? 'no translation';
  return {
    status: 'not_run',
    cases: 0,
    branchesHit: 0,
    branches: 0,
    notCompared: [],
    difference: null,
    reason,
  };
}

function unique(hazards: readonly Hazard[]): readonly Hazard[] {
  return [...new Map(hazards.map((hazard) => [`${hazard.rule}\0${hazard.message}`, hazard])).values()];
}

/** A byte order mark is no part of a diff that people read. */
function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}
