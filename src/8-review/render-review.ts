/** The state of a review -> the lines of the screen, for any size of terminal. Pure. */
import { helpLines, keyLine } from './review-keys.js';
import { explainProof, describeProof } from './describe-proof.js';
import { countDecisions, formOf, type Extent, type ReviewState } from './review-state.js';
import { differenceFound } from './render-difference.js';
import type { Alternative, ReviewItem } from './review-item.js';
import {
  beside,
  cutLine,
  paint,
  span,
  textLines,
  wrapAll,
  type Palette,
  type Span,
  type StyledLine,
} from './styled-line.js';

/** In cells; the frame is one cell narrower and one line shorter, so that a terminal never wraps or scrolls it. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** From here on the SQL and the diff stand side by side. */
const wideColumns = 100;
const mostHazards = 3;
const mostProofLines = 2;

/** At most `rows - 1` lines, each at most `columns - 1` cells wide; the last one is the line of keys. */
export function renderReview(state: ReviewState, size: ScreenSize, palette: Palette): readonly string[] {
  const width = frameWidth(size);
  const head = headLines(state, width);
  const content = contentLines(state, width);
  const page = pageHeight(state, size);
  const first = Math.max(0, Math.min(state.scroll, content.length - page));
  const visible = content.slice(first, first + page);
  const blank = Array.from({ length: page - visible.length }, (): StyledLine => []);
  const rule: StyledLine = [span('─'.repeat(width), 'faint')];
  const foot: StyledLine =
    content.length > page
      ? [
          span(
            `── lines ${first + 1}-${first + visible.length} of ${content.length}, scroll with ↑ ↓ space `,
            'faint',
          ),
        ]
      : rule;
  const body = [...head, rule, ...visible, ...blank, foot].slice(0, Math.max(0, size.rows - 2));
  return [...body, keyLine(state)].map((line) => paint(cutLine(line, width), palette));
}

/** How far the current screen can be scrolled. */
export function reviewExtent(state: ReviewState, size: ScreenSize): Extent {
  const page = pageHeight(state, size);
  const lines = contentLines(state, frameWidth(size)).length;
  return { lastScroll: Math.max(0, lines - page), page: Math.max(1, page - 1) };
}

function frameWidth(size: ScreenSize): number {
  return Math.max(8, size.columns - 1);
}

/** Rows that the head, two rules and the keys leave. */
function pageHeight(state: ReviewState, size: ScreenSize): number {
  return Math.max(1, size.rows - 1 - headLines(state, frameWidth(size)).length - 3);
}

function headLines(state: ReviewState, width: number): readonly StyledLine[] {
  const item = state.items[state.index];
  if (item === undefined) return [];
  const { accepted, declined } = countDecisions(state);
  const decision = state.decisions.get(item.siteId);
  const hazards = item.hazards
    .slice(0, mostHazards)
    .map((it): StyledLine => [span(`! ${it.rule}: ${it.message}`, 'warning')]);
  const more = item.hazards.length - hazards.length;
  return [
    [
      span(`${state.index + 1}/${state.items.length}`, 'strong'),
      span(`  ${accepted} accepted, ${declined} declined  `, 'faint'),
      span(`${item.file}:${item.line}`, 'place'),
      ...(decision === undefined
        ? []
        : [span(decision === 'decline' ? '  (declined)' : '  (accepted)', 'strong')]),
    ],
    [span(item.routine, 'strong')],
    [
      span(`${item.verdict}, `),
      completeness(item),
      ...(item.edited === true ? [span(', edited by hand')] : []),
      ...formSpans(state, item),
    ],
    ...differenceLines(state, item),
    ...wrapAll([[span(`proof ${describeProof(shownForm(state, item).proof)}`)]], width).slice(
      0,
      mostProofLines,
    ),
    ...hazards,
    ...(more > 0 ? [[span(`! ${more} more, press w`, 'warning')]] : []),
  ];
}

/** The form that stands on the screen. */
function shownForm(
  state: ReviewState,
  item: ReviewItem,
): Pick<Required<Alternative>, 'diff' | 'difference' | 'proof'> {
  const { diff, proof, alternatives } = item;
  return { diff, difference: null, proof, ...alternatives[formOf(state, item) - 1] };
}

function formSpans(state: ReviewState, item: ReviewItem): readonly Span[] {
  const count = item.alternatives.length;
  if (count === 0) return [];
  const form = formOf(state, item);
  const next = item.alternatives[form];
  const offer = next === undefined ? 'f shows the first again' : `f shows ${next.name}`;
  return [span(`  form ${form + 1} of ${count + 1}, ${offer}`, 'faint')];
}

function differenceLines(state: ReviewState, item: ReviewItem): readonly StyledLine[] {
  const { difference } = shownForm(state, item);
  return difference === null ? [] : [[span(`! differs: ${difference}`, 'warning')]];
}

function completeness(item: ReviewItem): Span {
  if (item.completeness === 'complete') return span('complete');
  return span(
    item.todos.length === 1
      ? 'skeleton, 1 part to do by hand'
      : `skeleton, ${item.todos.length} parts to do by hand`,
    'warning',
  );
}

function contentLines(state: ReviewState, width: number): readonly StyledLine[] {
  const item = state.items[state.index];
  if (item === undefined) return [];
  if (state.screen === 'problem') {
    const lines = state.problem.flatMap(textLines);
    return wrapAll(
      [[span('the edit was not taken', 'warning')], ...lines.map((line): StyledLine => [span(line)])],
      width,
    );
  }
  if (state.screen === 'help') return wrapAll(helpLines, width);
  if (state.screen === 'why')
    return wrapAll(whyLines({ ...item, proof: shownForm(state, item).proof }), width);
  const found = differenceFound(item, width);
  if (state.screen === 'name') return found;
  const sql = textLines(item.sql).map((line): StyledLine => [span(line)]);
  const diff = textLines(shownForm(state, item).diff).map(diffLine);
  if (width < wideColumns - 1) {
    return [
      ...found,
      [span('the function', 'faint')],
      ...wrapAll(sql, width),
      [],
      [span('the change', 'faint')],
      ...wrapAll(diff, width),
    ];
  }
  const left = Math.floor((width - 3) / 2);
  return [
    ...found,
    ...beside(
      [[span('the function', 'faint')], ...wrapAll(sql, left)],
      [[span('the change', 'faint')], ...wrapAll(diff, width - 3 - left)],
      left,
    ),
  ];
}

function whyLines(item: ReviewItem): readonly StyledLine[] {
  const section = (title: string, entries: readonly string[], none: string): readonly StyledLine[] => [
    [span(title, 'strong')],
    ...(entries.length === 0 ? [none] : entries).map((it): StyledLine => [span(`  ${it}`)]),
    [],
  ];
  return [
    ...section('Verdict', [`${item.verdict}: ${verdictSentence[item.verdict]}`], ''),
    ...section('Proof', explainProof(item.proof), ''),
    ...section(
      'Hazards',
      item.hazards.map((it) => `${it.rule}: ${it.message}`),
      'none found',
    ),
    ...section('To do by hand', item.todos, 'nothing'),
  ];
}

const verdictSentence = {
  'single statement': 'the function is one statement, and the call becomes that statement.',
  'several steps': 'the function takes several steps, which run in one transaction.',
} as const;

function diffLine(line: string): StyledLine {
  if (/^(\+\+\+|---|@@|Index:|===)/.test(line)) return [span(line, 'place')];
  if (line.startsWith('+')) return [span(line, 'added')];
  if (line.startsWith('-')) return [span(line, 'removed')];
  return [span(line)];
}
