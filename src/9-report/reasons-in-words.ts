/** Kept and unresolved sites, gathered by reason. */
import { reasons, type ReasonId } from '../reasons.js';
import type { Explanation, Report, ReportCallSite } from './report-schema.js';

export interface ReasonGroup {
  readonly status: 'kept' | 'unresolved';
  readonly reason: string;
  readonly explanation: Explanation;
  readonly sites: readonly ReportCallSite[];
}

/** The gravest reason first. */
export function groupByReason(report: Report): readonly ReasonGroup[] {
  const groups = new Map<
    string,
    { status: 'kept' | 'unresolved'; explanation: Explanation; sites: ReportCallSite[] }
  >();
  for (const site of report.call_sites) {
    if (site.explanation === null || (site.status !== 'kept' && site.status !== 'unresolved')) continue;
    const group = groups.get(site.explanation.reason);
    if (group === undefined) {
      groups.set(site.explanation.reason, {
        status: site.status,
        explanation: site.explanation,
        sites: [site],
      });
    } else group.sites.push(site);
  }
  return [...groups]
    .map(([reason, group]) => ({ reason, ...group }))
    .sort((a, b) => gravityOf(b.reason) - gravityOf(a.reason));
}

function gravityOf(reason: string): number {
  const id = reason.split(':')[0] as ReasonId;
  return reasons[id].gravity;
}

/** `line 7 of the body: v_id := next_id()`; empty where no line is the cause. */
export function bodyLine(explanation: Explanation | null): string {
  if (explanation === null || explanation.line === null) return '';
  const { line, text } = explanation;
  return `line ${String(line)} of the body${text === undefined ? '' : `: ${text}`}`;
}
