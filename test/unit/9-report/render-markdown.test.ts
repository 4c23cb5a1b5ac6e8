import { describe, expect, it } from 'vitest';
import { buildReport } from '../../../src/9-report/build-report.js';
import { renderMarkdown } from '../../../src/9-report/render-markdown.js';
import { evidence, reportedRoutine, reportedSite, reportInput } from '../../support/review-items.js';

const text = renderMarkdown(
  buildReport(
    reportInput({
      routines: [
        reportedRoutine('update_status', {
          hazards: [{ rule: 'row-security', message: 'table records has policies' }],
          stillUsedBy: ['trigger touch on public.records'],
        }),
        reportedRoutine('search', {
          verdict: 'keep',
          translation: 'none',
          reasons: [{ id: 'dynamic-sql', detail: 'EXECUTE q', line: 7 }],
        }),
        reportedRoutine('pay', {
          verdict: 'multi-step',
          translation: 'skeleton',
          todos: ['line 4: FOR loop'],
          proof: evidence({
            status: 'differs',
            difference: {
              level: 'run',
              summary: 'another value',
              before: '"1.00"',
              after: '1',
              input: '{"id":1}',
            },
          }),
        }),
      ],
      callSites: [
        reportedSite(1, 'update_status', { diff: '-old\n+const a = `x` + "```";\n' }),
        reportedSite(2, 'search', {
          status: 'kept',
          reason: { id: 'dynamic-sql', detail: 'EXECUTE q', line: 7 },
          diff: '',
        }),
        reportedSite(3, 'pay', { status: 'declined' }),
      ],
      files: { changed: ['src/services/records.ts'], created: [] },
      testsToLookAt: ['test/records.test.ts'],
      notes: ['extension "pg_*" was skipped'],
    }),
  ),
  { history: 'git' },
);

describe('renderMarkdown', () => {
  it.each([
    'Database: `127.0.0.1:5432/app`, PostgreSQL 15.18',
    '3 calls of 3 routines in 1 file: 1 rewritten, 1 kept, 1 declined',
    '| `public.update_status(integer)` | single-statement | complete | partial: 6 cases, 2 of 2 branches, not compared: locks | 1 → 1 | 1 | trigger touch on public.records |',
    '### `src/services/records.ts:1` `public.update_status(integer)`',
    '### dynamic-sql (kept)\n\nThe body builds SQL text and executes it. Keep the call, or write the statements that it can become by hand.\n\n- `src/services/records.ts:2` `public.search(integer)`: EXECUTE q (line 7 of the body)',
    '- `public.update_status(integer)` row-security: table records has policies',
    '- `public.pay(integer)` line 4: FOR loop',
    '  - found by run: another value\n  - old: "1.00"\n  - new: 1\n  - input: {"id":1}',
    '- `test/records.test.ts` uses or stands in for what is rewritten',
    '- extension "pg\\_\\*" was skipped',
    '```sh\ngit restore -- src/services/records.ts\n```',
    'The functions must stay in the database until no old instance',
  ])('holds %s', (part) => {
    expect(text).toContain(part);
  });

  it('fences a diff that holds a fence', () => {
    expect(text).toContain('````diff\n-old\n+const a = `x` + "```";\n````');
  });

  it('ends in one line break', () => {
    expect(text).toMatch(/[^\n]\n$/);
  });
});
