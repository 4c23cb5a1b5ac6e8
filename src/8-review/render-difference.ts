/** What a proof found to differ, as lines of the screen. */
import type { ReviewItem } from './review-item.js';
import { beside, span, textLines, wrapAll, type StyledLine } from './styled-line.js';

/** Both sides beside each other, then what reproduces it; no lines where nothing differs. */
export function differenceFound({ proof: { difference } }: ReviewItem, width: number): readonly StyledLine[] {
  if (difference === null) return [];
  const { level, summary, before, after, input } = difference;
  const left = Math.floor((width - 3) / 2);
  return [
    ...wrapAll([[span(`they differ, found by ${level}: ${summary}`, 'warning')]], width),
    ...beside(part('old', before, left), part('new', after, width - 3 - left), left),
    ...(input === '' ? [] : part('to reproduce it: the arguments, the rows, the old call', input, width)),
    [],
  ];
}

function part(title: string, text: string, width: number): readonly StyledLine[] {
  return [
    [span(title, 'faint')],
    ...wrapAll(
      textLines(text).map((line): StyledLine => [span(line)]),
      width,
    ),
  ];
}
