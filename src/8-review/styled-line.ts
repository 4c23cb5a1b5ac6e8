/** A line of the screen as spans of text with a meaning; width is counted in terminal cells. */
import type { Formatter } from 'picocolors/types.js';
import type pc from 'picocolors';
import stringWidth from 'string-width';

export type Style = 'plain' | 'strong' | 'faint' | 'added' | 'removed' | 'place' | 'warning';

export interface Span {
  readonly text: string;
  readonly style: Style;
}

export type StyledLine = readonly Span[];

export type Palette = Pick<
  ReturnType<typeof pc.createColors>,
  'bold' | 'dim' | 'green' | 'red' | 'cyan' | 'yellow'
>;

/** One span. Tabs become two spaces; characters that steer a terminal become `·`. */
export function span(text: string, style: Style = 'plain'): Span {
  return { text: harmless(text), style };
}

export function widthOf(line: StyledLine): number {
  return line.reduce((sum, part) => sum + stringWidth(part.text), 0);
}

/**
 * Breaks a line into pieces of at most `width` cells, after a space where one is near; what follows
 * the first is indented. An empty line stays one empty piece.
 */
export function wrapLine(line: StyledLine, width: number): readonly StyledLine[] {
  const cells = line.flatMap((part) =>
    [...graphemes.segment(part.text)].map(({ segment }) => ({
      text: segment,
      style: part.style,
      width: stringWidth(segment),
    })),
  );
  const pieces: StyledLine[] = [];
  let start = 0;
  while (start < cells.length || pieces.length === 0) {
    const indent = pieces.length === 0 ? '' : '  ';
    let end = start;
    let used = indent.length;
    while (end < cells.length && (used + (cells[end]?.width ?? 0) <= width || end === start)) {
      used += cells[end]?.width ?? 0;
      end += 1;
    }
    if (end < cells.length) {
      const space = cells.slice(start, end).findLastIndex((cell) => cell.text === ' ');
      if (space > (end - start) * nearEnd) end = start + space + 1;
    }
    pieces.push(joinCells(indent, cells.slice(start, end)));
    start = end;
  }
  return pieces;
}

/** Each line broken as `wrapLine` does. */
export function wrapAll(lines: readonly StyledLine[], width: number): readonly StyledLine[] {
  return lines.flatMap((line) => wrapLine(line, width));
}

/** Two columns with a rule between them, the left one filled to `width` cells. */
export function beside(
  left: readonly StyledLine[],
  right: readonly StyledLine[],
  width: number,
): readonly StyledLine[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, row) => [
    ...padLine(left[row] ?? [], width),
    span(' │ ', 'faint'),
    ...(right[row] ?? []),
  ]);
}

/** The lines of a text, without the blank ones at its end. */
export function textLines(text: string): readonly string[] {
  return text.replace(/\s+$/, '').split(/\r?\n/);
}

/** The line cut to `width` cells, with `…` where something is missing. */
export function cutLine(line: StyledLine, width: number): StyledLine {
  if (widthOf(line) <= width) return line;
  return [...(wrapLine(line, width - 1)[0] ?? []), { text: '…', style: 'plain' }];
}

/** The line filled with spaces to `width` cells. */
export function padLine(line: StyledLine, width: number): StyledLine {
  const missing = width - widthOf(line);
  return missing > 0 ? [...line, { text: ' '.repeat(missing), style: 'plain' }] : line;
}

/** The line as text for a terminal. */
export function paint(line: StyledLine, palette: Palette): string {
  const formatters: Readonly<Record<Style, Formatter>> = {
    plain: String,
    strong: palette.bold,
    faint: palette.dim,
    added: palette.green,
    removed: palette.red,
    place: palette.cyan,
    warning: palette.yellow,
  };
  return line.map((part) => formatters[part.style](part.text)).join('');
}

/** A line is broken at a space only in this last part of it, so that code is not torn into short pieces. */
const nearEnd = 0.6;

function joinCells(indent: string, cells: StyledLine): StyledLine {
  const spans: { text: string; style: Style }[] = indent === '' ? [] : [{ text: indent, style: 'plain' }];
  for (const cell of cells) {
    const last = spans.at(-1);
    if (last?.style === cell.style) last.text += cell.text;
    else spans.push({ text: cell.text, style: cell.style });
  }
  return spans;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

function harmless(text: string): string {
  return text.replace(/\t/g, '  ').replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '·');
}
