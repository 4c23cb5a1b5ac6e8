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

/** Breaks a line into pieces of at most `width` cells; an empty line stays one empty piece. */
export function wrapLine(line: StyledLine, width: number): readonly StyledLine[] {
  const lines: Span[][] = [[]];
  let used = 0;
  for (const part of line) {
    let text = '';
    for (const { segment } of graphemes.segment(part.text)) {
      const cells = stringWidth(segment);
      if (used + cells > width && used > 0) {
        lines.at(-1)?.push({ text, style: part.style });
        lines.push([]);
        text = '';
        used = 0;
      }
      text += segment;
      used += cells;
    }
    if (text !== '') lines.at(-1)?.push({ text, style: part.style });
  }
  return lines;
}

/** The line cut to `width` cells, with `…` where something is missing. */
export function cutLine(line: StyledLine, width: number): StyledLine {
  if (widthOf(line) <= width) return line;
  return [...(wrapLine(line, width - 1)[0] ?? []), { text: '…', style: 'faint' }];
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

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

function harmless(text: string): string {
  return text.replace(/\t/g, '  ').replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '·');
}
