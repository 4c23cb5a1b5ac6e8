/** Puts text edits into a text. Overlapping edits are a bug of the program and throw. */
import type { TextEdit } from '../2-find/result-use.js';

/**
 * Applies edits whose offsets are UTF-16 code units of `text`. Insertions at one place keep their order and
 * stand before a replacement that starts there. Line breaks of edit texts become the text's own.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = sortEdits(edits);
  const eol = lineEnding(text);
  let result = '';
  let position = 0;
  for (const edit of ordered) {
    if (edit.start < position || edit.end < edit.start || edit.end > text.length) {
      throw new Error(`Edits overlap or leave the text at ${edit.start}..${edit.end}`);
    }
    result += text.slice(position, edit.start) + edit.text.replace(/\r?\n/g, eol);
    position = edit.end;
  }
  return result + text.slice(position);
}

/** CRLF when most of the text's lines end so, else LF. */
export function lineEnding(text: string): '\n' | '\r\n' {
  const all = text.split('\n').length - 1;
  const carriage = text.split('\r\n').length - 1;
  return carriage > all / 2 ? '\r\n' : '\n';
}

/** The byte order mark of a text as on disk (or nothing), and the text that offsets refer to. */
export function splitByteOrderMark(raw: string): { readonly mark: string; readonly text: string } {
  return raw.startsWith('\uFEFF') ? { mark: '\uFEFF', text: raw.slice(1) } : { mark: '', text: raw };
}

function sortEdits(edits: readonly TextEdit[]): readonly TextEdit[] {
  return edits
    .map((edit, index) => ({ edit, index }))
    .sort(
      (a, b) =>
        a.edit.start - b.edit.start ||
        Number(a.edit.end > a.edit.start) - Number(b.edit.end > b.edit.start) ||
        a.index - b.index,
    )
    .map(({ edit }) => edit);
}
