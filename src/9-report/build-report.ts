/** Plain data of a run -> the report that every form of output is made from. No I/O. */
import type { Evidence } from '../7-prove/evidence.js';
import type { ExitCode } from '../errors.js';
import { reasons, type ReasonId } from '../reasons.js';
import { redactDeep } from './redact.js';
import {
  reportSchema,
  type Explanation,
  type Report,
  type ReportCallSite,
  type ReportRoutine,
} from './report-schema.js';
import type { ReportedRoutine, ReportedSite, ReportInput } from './report-input.js';

/** Counts, explains and redacts. Throws when the data contradict each other: that is a bug of this program. */
export function buildReport(input: ReportInput): Report {
  const callSites = input.callSites.map(reportCallSite);
  const report: Report = {
    version: 1,
    database: { source: input.database.source, server_version: input.database.serverVersion },
    summary: {
      call_sites: input.callSites.length,
      ...countStatuses(callSites),
      routines: input.routines.length,
      single_statement: input.routines.filter((it) => it.verdict === 'single-statement').length,
      multi_step: input.routines.filter((it) => it.verdict === 'multi-step').length,
      complete: input.routines.filter((it) => it.translation === 'complete').length,
      skeleton: input.routines.filter((it) => it.translation === 'skeleton').length,
      proven: input.routines.filter((it) => it.proof.status === 'proven').length,
    },
    routines: input.routines.map((routine) => reportRoutine(routine, input.callSites)),
    call_sites: callSites,
    tests_to_look_at: [...input.testsToLookAt],
    files: { changed: [...input.files.changed], created: [...input.files.created] },
    notes: [...input.notes],
  };
  const redacted = redactDeep(report);
  checkReport(redacted);
  return redacted;
}

/** Throws when a report breaks its schema or an invariant between its parts: that is a bug of this program. */
export function checkReport(report: Report): void {
  reportSchema.parse(report);
  const { summary, call_sites: sites, routines } = report;
  const sum = summary.rewritable + summary.rewritten + summary.kept + summary.declined + summary.unresolved;
  if (sum !== summary.call_sites || summary.call_sites !== sites.length) {
    throw new Error(
      `The report counts ${sum} of ${summary.call_sites} call sites and lists ${sites.length}.`,
    );
  }
  for (const [status, number] of Object.entries(countStatuses(sites))) {
    if (summary[status as keyof typeof summary] !== number) {
      throw new Error(`The report's summary does not agree with its call sites on ${status}.`);
    }
  }
  const ids = new Set(sites.map((site) => site.id));
  if (ids.size !== sites.length) throw new Error('Two call sites of the report have the same id.');
  for (const site of sites) {
    if ((site.reason !== null) !== (site.status === 'kept' || site.status === 'unresolved')) {
      throw new Error(`The call site ${site.id} is ${site.status} with reason ${String(site.reason)}.`);
    }
  }
  for (const id of routines.flatMap((routine) => routine.call_sites)) {
    if (!ids.has(id))
      throw new Error(`A routine of the report names the call site ${id}, which is not listed.`);
  }
}

/** 0 when nothing is left, 1 when something remains. */
export function exitCodeOf(report: Report): ExitCode {
  return report.summary.rewritten === report.summary.call_sites ? 0 : 1;
}

function countStatuses(sites: readonly ReportCallSite[]) {
  const count = (status: ReportCallSite['status']): number =>
    sites.filter((it) => it.status === status).length;
  return {
    rewritable: count('rewritable'),
    rewritten: count('rewritten'),
    kept: count('kept'),
    declined: count('declined'),
    unresolved: count('unresolved'),
  };
}

function reportRoutine(routine: ReportedRoutine, sites: readonly ReportedSite[]): ReportRoutine {
  const explanations = routine.reasons.map((reason) => explain(reason));
  return {
    signature: routine.signature,
    schema: routine.schema,
    name: routine.name,
    language: routine.language,
    verdict: routine.verdict,
    reasons: [...new Set(explanations.map((it) => it.reason))],
    explanations,
    hazards: routine.hazards.map(({ rule, message }) => ({ rule, message })),
    translation: routine.translation,
    todos: [...routine.todos],
    statements: routine.statements,
    round_trips: { ...routine.roundTrips },
    proof: reportProof(routine.proof),
    still_used_by: [...routine.stillUsedBy],
    call_sites: sites.filter((it) => it.routine === routine.signature).map((it) => it.id),
  };
}

function reportCallSite(site: ReportedSite): ReportCallSite {
  const explanation = site.reason === null ? null : explain(site.reason);
  const { acceptedDifference: accepted, editedByHand: edited, otherForms: forms } = site;
  return {
    id: site.id,
    file: site.file,
    line: site.line,
    column: site.column,
    kind: site.kind,
    routine: site.routine ?? site.routineName,
    status: site.status,
    reason: explanation?.reason ?? null,
    explanation,
    diff: site.diff,
    ...(accepted === undefined
      ? {}
      : { accepted_difference: { sentence: accepted.sentence, counter_example: accepted.counterExample } }),
    ...(forms === undefined
      ? {}
      : { other_forms: forms.map((form) => ({ ...form, proof: reportProof(form.proof) })) }),
    ...(edited === undefined ? {} : { edited_by_hand: { proof: reportProof(edited) } }),
  };
}

function explain(reason: {
  readonly id: ReasonId;
  readonly detail: string;
  readonly line: number | null;
  readonly text?: string;
}): Explanation {
  const { sentence, remedy } = reasons[reason.id];
  const detail = reason.detail.trim();
  const member = memberOf(reason.id, detail);
  return {
    reason: member === '' ? reason.id : `${reason.id}: ${member}`,
    detail,
    line: reason.line,
    ...(reason.text === undefined ? {} : { text: reason.text }),
    sentence,
    remedy,
  };
}

/** Two reasons are classes, and the report names the member: the construct, or the number of the diagnostic. */
function memberOf(id: ReasonId, detail: string): string {
  if (id === 'unsupported') return detail.split('\n')[0] ?? '';
  if (id === 'type-error') return /\bTS\d+\b/.exec(detail)?.[0] ?? '';
  return '';
}

function reportProof(proof: Evidence): ReportRoutine['proof'] {
  return {
    status: proof.status,
    cases: proof.cases,
    branches_hit: proof.branchesHit,
    branches: proof.branches,
    not_compared: [...proof.notCompared],
    ...(proof.difference === null ? {} : { difference: { ...proof.difference } }),
    ...(proof.reason === null ? {} : { reason: proof.reason }),
    ...(proof.latency === undefined ? {} : { timing: timingOf(proof.latency) }),
  };
}

/** Two digits: more would be noise. */
function timingOf(latency: NonNullable<Evidence['latency']>): NonNullable<ReportRoutine['proof']['timing']> {
  const { statements, roundTrips, near, far } = latency;
  const ratio = ({ before, after }: { readonly before: number; readonly after: number }): number =>
    Math.round((after / Math.max(before, 0.001)) * 100) / 100;
  return {
    statements: { ...statements },
    round_trips: { ...roundTrips },
    latency_ratio: { at_0_ms: ratio(near), at_1_ms: ratio(far) },
  };
}
