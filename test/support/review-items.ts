/** Review items and report data, made of what a test says and plain values for the rest. */
import type { Evidence } from '../../src/7-prove/evidence.js';
import type { ReviewItem } from '../../src/8-review/review-item.js';
import type { ReportedRoutine, ReportedSite, ReportInput } from '../../src/9-report/report-input.js';

export function evidence(given: Partial<Evidence> = {}): Evidence {
  return {
    status: 'partial',
    cases: 6,
    branchesHit: 2,
    branches: 2,
    notCompared: ['locks'],
    difference: null,
    reason: null,
    ...given,
  };
}

export function reviewItem(siteId: string, given: Partial<ReviewItem> = {}): ReviewItem {
  return {
    siteId,
    file: 'src/services/records.ts',
    line: 12,
    routine: 'public.update_status(integer, text)',
    verdict: 'single statement',
    completeness: 'complete',
    todos: [],
    proof: evidence(),
    hazards: [],
    sql: [
      'CREATE OR REPLACE FUNCTION public.update_status(p_id integer, p_status text)',
      ' RETURNS void',
      ' LANGUAGE sql',
      'AS $function$',
      '  UPDATE records SET status = p_status, updated_at = now() WHERE id = p_id;',
      '$function$',
    ].join('\n'),
    diff: [
      '--- src/services/records.ts',
      '+++ src/services/records.ts',
      '@@ -12,1 +12,1 @@',
      '-  await db.execute(sql`SELECT update_status(${id}, ${status})`);',
      '+  await db.update(records).set({ status, updatedAt: sql`now()` }).where(eq(records.id, id));',
    ].join('\n'),
    alternatives: [],
    ...given,
  };
}

export function reportedRoutine(name: string, given: Partial<ReportedRoutine> = {}): ReportedRoutine {
  return {
    signature: `public.${name}(integer)`,
    schema: 'public',
    name,
    language: 'sql',
    verdict: 'single-statement',
    reasons: [],
    hazards: [],
    translation: 'complete',
    todos: [],
    statements: 1,
    roundTrips: { before: 1, after: 1 },
    proof: evidence(),
    stillUsedBy: [],
    ...given,
  };
}

export function reportedSite(
  line: number,
  routineName: string,
  given: Partial<ReportedSite> = {},
): ReportedSite {
  return {
    id: `src/services/records.ts:${line}:9`,
    file: 'src/services/records.ts',
    line,
    column: 9,
    kind: 'execute',
    routine: `public.${routineName}(integer)`,
    routineName,
    status: 'rewritten',
    reason: null,
    diff: `--- a\n+++ b\n@@ -${line} +${line} @@\n-old();\n+fresh();\n`,
    ...given,
  };
}

export function reportInput(given: Partial<ReportInput> = {}): ReportInput {
  return {
    database: { source: '127.0.0.1:5432/app', serverVersion: '15.18' },
    routines: [],
    callSites: [],
    testsToLookAt: [],
    files: { changed: [], created: [] },
    notes: [],
    ...given,
  };
}
