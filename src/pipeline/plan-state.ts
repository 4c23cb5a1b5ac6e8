/** All that a finished plan knows, and the report of it before and after something was written. */
import type { Catalog } from '../1-read/catalog.js';
import type { UnresolvedSite } from '../2-find/resolved-site.js';
import type { FileChange } from '../6-rewrite/site-plan.js';
import { chosenAlternative, type Decision, type Decisions } from '../8-review/review-item.js';
import type {
  AcceptedDifference,
  ReportedSite,
  ReportInput,
  SiteStatus,
  WrittenFiles,
} from '../9-report/report-input.js';
import type { Database } from '../io/database.js';
import { reasons } from '../reasons.js';
import type { Options } from '../options.js';
import type { Plan } from '../pipeline.js';
import { assembleParts } from './assemble-parts.js';
import {
  diffOf,
  relativePath,
  reportedRoutine,
  reportedSite,
  reviewItem,
  signatureOf,
  unresolvedReason,
} from './compose-report.js';
import type { FoundSites } from './find-sites.js';
import type { Judged } from './judge-routines.js';
import type { Part } from './open-parts.js';
import type { Proven } from './prove-sites.js';
import { withForm, type Proposal } from './site-state.js';

export interface PlanState {
  readonly options: Options;
  readonly database: ReportInput['database'];
  readonly catalog: Catalog;
  readonly parts: readonly Part[];
  readonly found: FoundSites;
  readonly unresolved: readonly UnresolvedSite[];
  readonly judged: ReadonlyMap<number, Judged>;
  readonly proven: Proven;
  /** Test files by the file with sites that they belong to, absolute. */
  readonly tests: ReadonlyMap<string, readonly string[]>;
  readonly notes: readonly string[];
  /** Diff of each proposal alone, by site id. */
  readonly diffs: ReadonlyMap<string, string>;
}

type PlanInput = Omit<PlanState, 'database' | 'notes' | 'diffs'> & { readonly db: Database };

export function composePlan({ db, ...input }: PlanInput): Plan {
  const { catalog, parts, found, proven } = input;
  const projects = parts.flatMap(({ project }) => project.notes);
  const notes = [
    ...new Set([...db.notes, ...catalog.notVisible, ...projects, ...found.notes, ...proven.notes]),
  ];
  return planOf({ ...input, notes, database: { source: db.label, serverVersion: db.serverVersion } });
}

/** The plan of what is known: each proposal with its diff and that of its other forms. */
export function planOf(known: Omit<PlanState, 'diffs'>): Plan {
  const { options, catalog, proven } = known;
  const diffs = new Map(
    proven.proposals.map((proposal) => {
      const changes = assembleParts([proposal]);
      return [proposal.site.site.id, diffOf(changes, options.cwd)] as const;
    }),
  );
  const state: PlanState = { ...known, diffs };
  const items = proven.proposals.map((proposal) =>
    reviewItem(
      proposal,
      diffs.get(proposal.site.site.id) ?? '',
      (proposal.alternatives ?? []).map(({ name, difference, evidence }, index) => ({
        name,
        difference,
        ...(evidence === undefined ? {} : { proof: evidence }),
        diff: diffOf(assembleParts([withForm(proposal, index)]), options.cwd),
      })),
      options.cwd,
      catalog,
    ),
  );
  return { items, report: reportAfter(state, new Map(), { changed: [], created: [] }), state };
}

/** Sites that nobody decided on stay rewritable. */
export function reportAfter(
  state: PlanState,
  decisions: Decisions,
  files: WrittenFiles,
  notes: readonly string[] = [],
): ReportInput {
  const { catalog, options, proven, judged, found, unresolved } = state;
  const { cwd } = options;
  const sites = new Map<string, ReportedSite>();
  for (const { site, refusal } of unresolved) {
    sites.set(
      site.id,
      reportedSite(site, null, statusOf(refusal.reason), unresolvedReason(refusal), '', cwd),
    );
  }
  for (const { site, routine, reason, preview } of proven.settled) {
    const signature = routine === null ? null : signatureOf(routine, catalog);
    const diff = preview === undefined ? '' : diffOf(assembleParts([preview]), cwd);
    sites.set(site.id, reportedSite(site, signature, statusOf(reason.id), reason, diff, cwd));
  }
  for (const proposal of proven.proposals) {
    const { site, routine } = proposal.site;
    const decision = decisions.get(site.id);
    const other = decision === undefined ? null : chosenAlternative(decision);
    const diff =
      other === null
        ? (state.diffs.get(site.id) ?? '')
        : diffOf(assembleParts([withForm(proposal, other)]), cwd);
    const { status, reason } = outcomeOf(proposal, decision);
    const accepted = acceptedOf(proposal, decision);
    const otherForms = otherFormsOf(proposal);
    sites.set(site.id, {
      ...reportedSite(site, signatureOf(routine, catalog), status, reason, diff, cwd),
      ...(accepted === null ? {} : { acceptedDifference: accepted }),
      ...(otherForms.length === 0 ? {} : { otherForms }),
      ...(proposal.edited === true ? { editedByHand: proposal.evidence } : {}),
    });
  }
  const taken = proven.proposals.map((proposal) => {
    const decision = decisions.get(proposal.site.site.id);
    return decision === undefined ? proposal : withForm(proposal, chosenAlternative(decision));
  });
  return {
    database: state.database,
    routines: [...judged.values()]
      .filter((one) => one.onlyFromBodies !== true)
      .map((one) => reportedRoutine(one, taken, proven.settled, catalog)),
    callSites: found.sites.map((site) => {
      const reported = sites.get(site.id);
      if (reported === undefined) throw new Error(`The call site ${site.id} was lost on the way`);
      return reported;
    }),
    testsToLookAt: testsOf(state, sites),
    files,
    notes: [...notes, ...state.notes],
  };
}

/** Those that are other translations; where the same one stands is no part of the report. */
function otherFormsOf({ alternatives = [] }: Proposal): NonNullable<ReportedSite['otherForms']> {
  return alternatives.flatMap(({ name, difference, evidence }) =>
    evidence === undefined ? [] : [{ name, difference, proof: evidence }],
  );
}

/** A translation that did another thing than the routine is kept, unless a person accepted it. */
function outcomeOf(
  { evidence }: Proposal,
  decision: Decision | undefined,
): { readonly status: SiteStatus; readonly reason: ReportedSite['reason'] } {
  if (decision === 'decline') return { status: 'declined', reason: null };
  if (decision !== undefined) return { status: 'rewritten', reason: null };
  if (evidence.difference === null) return { status: 'rewritable', reason: null };
  return { status: 'kept', reason: { id: 'proof-differs', detail: evidence.difference.summary, line: null } };
}

/** A difference that a person took with the change: the proof's, or that of the form. */
function acceptedOf(
  { evidence, alternatives = [] }: Proposal,
  decision: Decision | undefined,
): AcceptedDifference | null {
  if (decision === undefined || decision === 'decline') return null;
  const { difference } = evidence;
  if (difference !== null) return { sentence: difference.summary, counterExample: difference };
  const sentence = alternatives[chosenAlternative(decision) ?? -1]?.difference ?? null;
  return sentence === null ? null : { sentence, counterExample: null };
}

/** Of the sites that are rewritten, or that a plan would rewrite. */
function testsOf(
  { tests, found, options }: PlanState,
  reported: ReadonlyMap<string, ReportedSite>,
): readonly string[] {
  const touched = found.sites.filter(({ id }) => /^rewrit/.test(reported.get(id)?.status ?? ''));
  const files = new Set(touched.flatMap(({ file }) => tests.get(file) ?? []));
  return [...files].sort().map((file) => relativePath(options.cwd, file));
}

export function writtenFiles(changes: readonly FileChange[], cwd: string): WrittenFiles {
  const names = (made: boolean): readonly string[] =>
    changes.filter(({ before }) => (before === null) === made).map(({ path }) => relativePath(cwd, path));
  return { changed: names(false), created: names(true) };
}

function statusOf(id: keyof typeof reasons): SiteStatus {
  return reasons[id].status;
}
