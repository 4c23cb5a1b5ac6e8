import { describe, expect, it } from 'vitest';
import { buildReport } from '../../../src/9-report/build-report.js';
import { renderSummary } from '../../../src/9-report/render-summary.js';
import { reasons, type ReasonId } from '../../../src/reasons.js';
import { evidence, reportedRoutine, reportedSite, reportInput } from '../../support/review-items.js';

const ran = { history: 'clean git', planned: false, reports: [] } as const;

/** A run with every reason, many routines and many files. */
function hugeReport() {
  const ids = Object.keys(reasons) as ReasonId[];
  return buildReport(
    reportInput({
      routines: Array.from({ length: 40 }, (_, n) =>
        reportedRoutine(`a_rather_long_function_name_${n}`, {
          hazards: [{ rule: 'security-definer', message: 'x' }],
        }),
      ),
      callSites: [
        ...Array.from({ length: 40 }, (_, n) => reportedSite(n, `a_rather_long_function_name_${n}`)),
        ...ids.map((id, n) =>
          reportedSite(100 + n, 'kept_one', {
            status: reasons[id].status,
            reason: { id, detail: 'x', line: 1 },
          }),
        ),
      ],
      files: {
        changed: Array.from(
          { length: 60 },
          (_, n) => `packages/app/src/services/a-file-with-a-long-name-${n}.ts`,
        ),
        created: ['packages/app/src/db/routines/apply-payment.ts'],
      },
      testsToLookAt: ['test/a.test.ts'],
      notes: ['n'.repeat(200)],
    }),
  );
}

it('counts the members of a class of reasons together', () => {
  const unsupported = (line: number, detail: string) =>
    reportedSite(line, 'f', { status: 'kept', reason: { id: 'unsupported', detail, line: null } });
  const report = buildReport(
    reportInput({ callSites: [unsupported(1, 'MERGE'), unsupported(2, 'CASE'), unsupported(3, 'CASE')] }),
  );
  const lines = renderSummary(report, ran);
  expect(lines.filter((line) => line.includes('unsupported'))).toEqual([
    expect.stringMatching(/^ {4}3 {2}unsupported +The body uses a construct/),
  ]);
});

describe('renderSummary', () => {
  it('says what was done, what was not and why, and how to take it back', () => {
    const report = buildReport(
      reportInput({
        routines: [
          reportedRoutine('update_status'),
          reportedRoutine('search_records', { verdict: 'keep', translation: 'none' }),
        ],
        callSites: [
          reportedSite(1, 'update_status'),
          reportedSite(2, 'update_status'),
          reportedSite(3, 'search_records', {
            status: 'kept',
            reason: { id: 'dynamic-sql', detail: 'EXECUTE', line: 3 },
          }),
        ],
        files: { changed: ['src/services/records.ts'], created: ["src/db/routines/it's.ts"] },
      }),
    );
    expect(renderSummary(report, { ...ran, reports: ['r.json'] })).toEqual([
      '3 calls of 2 routines in 1 file: 2 rewritten, 1 kept',
      'Routines: 1 single statement, 0 several steps, 1 to keep; 1 translated',
      'Proofs: 1 partial',
      'Rewritten: update_status ×2',
      'Not rewritten, and why:',
      '    1  dynamic-sql        The body builds SQL text and executes it.',
      'Reports: r.json',
      'Take it back with:',
      '  git restore -- src/services/records.ts',
      "  rm -- 'src/db/routines/it'\\''s.ts'",
      'The functions must stay in the database until no old instance of the application',
      '  runs any more.',
    ]);
  });

  it('says that a dry run and a run without changes wrote nothing', () => {
    const report = buildReport(reportInput());
    expect(renderSummary(report, { ...ran, planned: true })).toEqual([
      'No call of a database function was found.',
      'Nothing was written: this was a dry run.',
    ]);
    expect(renderSummary(report, ran)).toEqual([
      'No call of a database function was found.',
      'Nothing was written.',
    ]);
  });

  it.each([
    ['after a clean start', ran],
    ['with a report', { ...ran, history: 'git', reports: ['report.md'] }],
  ] as const)('fits a screen however much there is %s', (_name, context) => {
    const lines = renderSummary(hugeReport(), context);
    const rows = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 80)), 0);
    expect(rows).toBeLessThanOrEqual(24);
    const text = lines.join('\n');
    expect(text).toContain('Take it back with:');
    expect(text).toMatch(/and \d+ more reasons/);
  });

  it('restores the common folder only when nothing else was changed in it', () => {
    expect(renderSummary(hugeReport(), ran).join('\n')).toContain(
      'git restore -- packages/app/src/services\n',
    );
    const forced = renderSummary(hugeReport(), { ...ran, history: 'git' }).join('\n');
    expect(forced).toContain('a-file-with-a-long-name-59.ts');
  });

  it('never says proven of a partial proof', () => {
    const report = buildReport(
      reportInput({
        routines: [reportedRoutine('f', { proof: evidence() })],
        callSites: [reportedSite(1, 'f')],
      }),
    );
    expect(renderSummary(report, ran).join('\n')).not.toContain('proven');
  });
});
