import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '../../../src/9-report/render-markdown.js';
import { renderSummary } from '../../../src/9-report/render-summary.js';
import { buildReport, checkReport, exitCodeOf } from '../../../src/9-report/build-report.js';
import { reportSchema } from '../../../src/9-report/report-schema.js';
import { evidence, reportedRoutine, reportedSite, reportInput } from '../../support/review-items.js';

const mixed = reportInput({
  routines: [
    reportedRoutine('update_status'),
    reportedRoutine('apply_payment', {
      verdict: 'multi-step',
      translation: 'skeleton',
      todos: ['line 4: FOR loop'],
    }),
    reportedRoutine('search_records', {
      language: 'plpgsql',
      verdict: 'keep',
      translation: 'none',
      reasons: [{ id: 'dynamic-sql', detail: 'EXECUTE query', line: 7 }],
      statements: 0,
      roundTrips: { before: 1, after: null },
      proof: evidence({
        status: 'not_run',
        cases: 0,
        branches: 0,
        branchesHit: 0,
        notCompared: [],
        reason: 'kept',
      }),
    }),
    reportedRoutine('merge_rows', {
      verdict: 'keep',
      translation: 'none',
      reasons: [{ id: 'unsupported', detail: 'MERGE', line: 2 }],
    }),
  ],
  callSites: [
    reportedSite(1, 'update_status'),
    reportedSite(2, 'apply_payment', { status: 'rewritable' }),
    reportedSite(3, 'search_records', {
      status: 'kept',
      reason: { id: 'dynamic-sql', detail: 'EXECUTE query', line: 7 },
      diff: '',
    }),
    reportedSite(4, 'merge_rows', {
      status: 'kept',
      reason: { id: 'unsupported', detail: 'MERGE', line: 2 },
      diff: '',
    }),
    reportedSite(5, 'update_status', { status: 'declined' }),
    reportedSite(6, 'lost', {
      status: 'unresolved',
      routine: null,
      reason: { id: 'routine-not-found', detail: 'lost(integer)', line: null },
      diff: '',
    }),
    reportedSite(7, 'update_status', {
      status: 'kept',
      reason: { id: 'type-error', detail: 'TS2322 at line 9: no', line: null },
    }),
  ],
});

describe('buildReport', () => {
  it('counts each site once and agrees with its schema', () => {
    const report = buildReport(mixed);
    expect(report.summary).toEqual({
      call_sites: 7,
      rewritten: 1,
      rewritable: 1,
      kept: 3,
      declined: 1,
      unresolved: 1,
      routines: 4,
      single_statement: 1,
      multi_step: 1,
      complete: 1,
      skeleton: 1,
      proven: 0,
    });
    expect(reportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  });

  it('names reasons by id, classes of reasons with their member, and explains them', () => {
    const report = buildReport(mixed);
    expect(report.call_sites.map((site) => site.reason)).toEqual([
      null,
      null,
      'dynamic-sql',
      'unsupported: MERGE',
      null,
      'routine-not-found',
      'type-error: TS2322',
    ]);
    expect(report.routines[2]?.explanations).toEqual([
      {
        reason: 'dynamic-sql',
        detail: 'EXECUTE query',
        line: 7,
        sentence: 'The body builds SQL text and executes it.',
        remedy: 'Keep the call, or write the statements that it can become by hand.',
      },
    ]);
  });

  it('lists the sites of each routine, and an unresolved one under its written name', () => {
    const report = buildReport(mixed);
    expect(report.routines[0]?.call_sites).toEqual([
      'src/services/records.ts:1:9',
      'src/services/records.ts:5:9',
      'src/services/records.ts:7:9',
    ]);
    expect(report.call_sites[5]?.routine).toBe('lost');
  });

  it('redacts passwords wherever they stand', () => {
    const report = buildReport({
      ...mixed,
      notes: ['could not reach postgresql://app:s3cret@db/app'],
      callSites: [reportedSite(1, 'update_status', { diff: '-connect("postgres://me:s3cr@t/x@db:1/a")' })],
    });
    expect(JSON.stringify(report)).not.toMatch(/s3cr/);
    expect(report.notes).toEqual(['could not reach postgresql://app:***@db/app']);
  });

  it('refuses to call a proof proven that left something out', () => {
    const routines = [
      reportedRoutine('f', { proof: evidence({ status: 'proven', notCompared: ['locks'] }) }),
    ];
    expect(() => buildReport(reportInput({ routines }))).toThrow(/nothing is left uncompared/);
  });

  it('throws when a site has a reason that its status does not allow', () => {
    const callSites = [reportedSite(1, 'f', { status: 'kept' })];
    expect(() => buildReport(reportInput({ callSites }))).toThrow(/is kept with reason null/);
  });

  it('throws when two sites have one id', () => {
    expect(() =>
      buildReport(reportInput({ callSites: [reportedSite(1, 'f'), reportedSite(1, 'f')] })),
    ).toThrow(/same id/);
  });
});

describe('checkReport', () => {
  it.each(['rewritten', 'kept', 'call_sites'] as const)('throws when %s is off by one', (key) => {
    const report = buildReport(mixed);
    const broken = { ...report, summary: { ...report.summary, [key]: report.summary[key] + 1 } };
    expect(() => checkReport(broken)).toThrow(/counts 7 of 8|counts 8 of 7/);
  });

  it('throws when two counts are wrong in a way that the sum hides', () => {
    const report = buildReport(mixed);
    const { kept, rewritten } = report.summary;
    const broken = { ...report, summary: { ...report.summary, kept: kept - 1, rewritten: rewritten + 1 } };
    expect(() => checkReport(broken)).toThrow(/does not agree/);
  });
});

describe('a difference that was accepted', () => {
  const difference = { level: 'run', summary: 'rows differ', before: 'a', after: 'b', input: '{}' } as const;
  const accepted = reportInput({
    callSites: [
      reportedSite(1, 'f', { acceptedDifference: { sentence: 'rows differ', counterExample: difference } }),
      reportedSite(2, 'f', { acceptedDifference: { sentence: 'undefined for null', counterExample: null } }),
      reportedSite(3, 'f'),
    ],
  });

  it('stands at its call site with what shows it', () => {
    expect(buildReport(accepted).call_sites.map((site) => site.accepted_difference)).toEqual([
      { sentence: 'rows differ', counter_example: difference },
      { sentence: 'undefined for null', counter_example: null },
      undefined,
    ]);
  });

  it('is told in the summary and beside the change', () => {
    const report = buildReport(accepted);
    const summary = renderSummary(report, { history: 'git', planned: false, reports: [] });
    expect(summary).toContain('Accepted although old and new differ: 2 calls; the report says how');
    const text = renderMarkdown(report, { history: 'git' });
    expect(text).toContain('**Accepted although it differs**: rows differ\n\nold:\n\n```text\na\n```');
    expect(text).toContain('**Accepted although it differs**: undefined for null');
    expect(text.match(/Accepted although/g)).toHaveLength(2);
  });
});

describe('exitCodeOf', () => {
  it.each([
    ['no call at all', [], 0],
    ['all rewritten', [reportedSite(1, 'f'), reportedSite(2, 'f')], 0],
    ['one rewritable', [reportedSite(1, 'f'), reportedSite(2, 'f', { status: 'rewritable' })], 1],
    ['one declined', [reportedSite(1, 'f', { status: 'declined' })], 1],
  ] as const)('%s', (_name, callSites, code) => {
    expect(exitCodeOf(buildReport(reportInput({ callSites })))).toBe(code);
  });
});
