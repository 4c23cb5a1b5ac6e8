import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pc from 'picocolors';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { renderReview, reviewExtent } from '../../../src/8-review/render-review.js';
import {
  reduceReview,
  startReview,
  type ReviewKey,
  type ReviewState,
} from '../../../src/8-review/review-state.js';
import { evidence, reviewItem } from '../../support/review-items.js';

const plain = pc.createColors(false);
const small = { columns: 80, rows: 24 };
const large = { columns: 120, rows: 40 };

const items = [
  reviewItem('a', {
    hazards: [{ rule: 'security-definer', message: 'the function runs with the rights of its owner' }],
  }),
  reviewItem('b', {
    routine: 'public.apply_payment(integer, numeric)',
    file: 'src/services/payments.ts',
    line: 40,
    verdict: 'several steps',
    completeness: 'skeleton',
    todos: ['line 4: FOR loop', 'line 9: EXCEPTION'],
    proof: evidence({ status: 'not_run', reason: 'the translation is a skeleton', cases: 0 }),
    sql: Array.from({ length: 60 }, (_, line) => `  line ${line + 1} of the body`).join('\n'),
  }),
];

function press(keys: readonly ReviewKey[], size = small): ReviewState {
  return keys.reduce<ReviewState>(
    (state, key) => reduceReview(state, key, reviewExtent(state, size)),
    startReview(items),
  );
}

/** Compares with the written frame; UPDATE=1 writes it. */
async function expectFrame(name: string, lines: readonly string[]): Promise<void> {
  const path = join(import.meta.dirname, 'frames', `${name}.txt`);
  const text = `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
  if (process.env.UPDATE === '1') await writeFile(path, text);
  expect(text).toBe(await readFile(path, 'utf8'));
}

describe('frames', () => {
  const frames: readonly [name: string, keys: readonly ReviewKey[], size: typeof small][] = [
    ['change-80x24', [], small],
    ['change-120x40', [], large],
    ['skeleton-80x24', ['yes'], small],
    ['skeleton-scrolled-80x24', ['yes', 'page down', 'down'], small],
    ['why-80x24', ['yes', 'why'], small],
    ['help-80x24', ['help'], small],
    ['back-80x24', ['no', 'back'], small],
  ];
  it.each(frames)('%s', async (name, keys, size) => {
    await expectFrame(name, renderReview(press(keys, size), size, plain));
  });
});

describe('a difference', () => {
  const differing = reviewItem('d', {
    proof: evidence({
      status: 'differs',
      difference: {
        level: 'run',
        summary: 'the value differs at [0].total (case "one hit")',
        before: '[{ total: "12.50" }]',
        after: '[{ total: 12.5 }]',
        input:
          '{"a1":1}\nINSERT INTO "public"."records" ("id") VALUES (\'1\');\nSELECT update_status(\'1\', NULL);',
      },
    }),
  });
  const at = (keys: readonly ReviewKey[], size: typeof small): readonly string[] =>
    renderReview(
      keys.reduce<ReviewState>(
        (state, key) => reduceReview(state, key, reviewExtent(state, size)),
        startReview([differing]),
      ),
      size,
      plain,
    );

  it.each([
    ['differs-80x24', [], small],
    ['differs-120x40', [], large],
    ['differs-name-80x24', ['yes', { typed: 'up' }], small],
  ] satisfies readonly [string, readonly ReviewKey[], typeof small][])('%s', async (name, keys, size) => {
    await expectFrame(name, at(keys, size));
  });
});

describe('any size', () => {
  const sizes = [
    { columns: 20, rows: 6 },
    { columns: 40, rows: 10 },
    { columns: 99, rows: 24 },
    { columns: 100, rows: 24 },
    { columns: 200, rows: 60 },
  ];
  it.each(sizes)('fits $columns×$rows', (size) => {
    for (const keys of [[], ['yes'], ['why'], ['help']] as const) {
      const lines = renderReview(press(keys, size), size, plain);
      expect(lines.length).toBeLessThanOrEqual(Math.max(1, size.rows - 1));
      for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(size.columns - 1);
    }
  });

  it('reaches the last line of the diff by scrolling', () => {
    const keys = Array.from({ length: 20 }, (): ReviewKey => 'page down');
    const lines = renderReview(press(['yes', ...keys]), small, plain).join('\n');
    expect(lines.replace(/\s+/g, ' ')).toContain('.where(eq(records.id, id));');
    expect(press(['yes', ...keys, 'up']).scroll).toBe(press(['yes', ...keys]).scroll - 1);
  });

  it('counts wide characters by their cells and lets no text steer the terminal', () => {
    const steering = reviewItem('x', {
      sql: `-- 受取人\u001b[2J\u202e${'漢'.repeat(100)}`,
      diff: '+\tconst a = 1;\u0007',
    });
    const lines = renderReview(startReview([steering]), small, plain);
    expect(lines.join('\n')).not.toContain('\u001b');
    expect(lines.join('\n')).not.toContain('\u202e');
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(79);
  });

  it('colours added and removed lines', () => {
    const lines = renderReview(startReview(items), large, pc.createColors(true)).join('\n');
    expect(lines).toContain('\u001b[32m+  await db.update(');
    expect(lines).toContain('\u001b[31m-  await db.execute(');
  });
});

describe('a change with another form', () => {
  const forms = [
    reviewItem('a', {
      alternatives: [{ name: 'one statement', difference: 'the lock is taken later', diff: '+short' }],
    }),
  ];
  const screen = (state: ReviewState): string => renderReview(state, large, plain).join('\n');

  it('says so, and shows the form with what differs when asked', () => {
    const first = startReview(forms);
    expect(screen(first)).toContain('form 1 of 2, f shows one statement');
    expect(screen(first)).not.toContain('+short');
    const second = reduceReview(first, 'other form', reviewExtent(first, large));
    expect(screen(second)).toContain('! differs: the lock is taken later');
    expect(screen(second)).toContain('+short');
    expect(screen(second)).toContain('form 2 of 2, f shows the first again');
  });

  it('shows the proof of a form that is another translation, and its own again', () => {
    const proof = { ...forms[0]!.proof, status: 'partial', cases: 17, notCompared: ['locks'] } as const;
    const own = reviewItem('a', {
      alternatives: [{ name: 'one statement for the loop', difference: null, diff: '+short', proof }],
    });
    const first = startReview([own]);
    expect(screen(first)).not.toContain('17 cases');
    const second = reduceReview(first, 'other form', reviewExtent(first, large));
    expect(screen(second)).toContain('proof partial: 17 cases');
    expect(screen(second)).not.toContain('! differs');
    expect(screen(reduceReview(second, 'why', reviewExtent(second, large)))).toContain('17 cases');
    const third = reduceReview(second, 'other form', reviewExtent(second, large));
    expect(screen(third)).not.toContain('17 cases');
    expect(reduceReview(second, 'yes', reviewExtent(second, large)).decisions.get('a')).toBe('apply 1');
  });
});
