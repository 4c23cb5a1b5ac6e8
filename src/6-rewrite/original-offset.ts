/** From a place in the rewritten text back to the same characters of the text before. */
import type { TextEdit } from '../2-find/result-use.js';
import { lineEnding } from './apply-edits.js';

/**
 * The span of the old text that the edits left as it is and that stands at this span of the new one; null where an
 * edit put or removed something in between. Offsets are without byte order marks.
 */
export function originalSpan(
  span: { readonly start: number; readonly end: number },
  before: string,
  edits: readonly TextEdit[],
): { readonly start: number; readonly end: number } | null {
  const eol = lineEnding(before);
  let shift = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const put = edit.text.replace(/\r?\n/g, eol).length;
    const start = edit.start + shift;
    if (span.end <= start) break;
    if (span.start < start + put) return null;
    shift += put - (edit.end - edit.start);
  }
  const original = { start: span.start - shift, end: span.end - shift };
  const cut = edits.some((edit) => original.start < edit.end && edit.start < original.end);
  return cut ? null : original;
}
