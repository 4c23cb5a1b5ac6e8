import { expect, it } from 'vitest';
import { applyEdits } from '../../../src/6-rewrite/apply-edits.js';
import { originalSpan } from '../../../src/6-rewrite/original-offset.js';

const before = 'one two\r\nthree\r\n';
const edits = [
  { start: 0, end: 3, text: '1\n1' },
  { start: 9, end: 14, text: '' },
];
const after = applyEdits(before, edits);

function back(part: string): string | null {
  const start = after.indexOf(part);
  const span = originalSpan({ start, end: start + part.length }, before, edits);
  return span === null ? null : before.slice(span.start, span.end);
}

it('finds what no edit touched', () => {
  expect(after).toBe('1\r\n1 two\r\n\r\n');
  expect(back('two')).toBe('two');
  expect(back(' two\r\n')).toBe(' two\r\n');
});

it('knows nothing of what an edit put there or took away in between', () => {
  expect(back('1 two')).toBeNull();
  expect(back('two\r\n\r\n')).toBeNull();
});
