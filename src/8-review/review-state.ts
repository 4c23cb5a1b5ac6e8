/** The state of a review and what each key makes of it. Pure; drawing is render-review.ts. */
import type { Decision, Decisions, ReviewItem } from './review-item.js';

export interface ReviewState {
  readonly items: readonly ReviewItem[];
  /** Of the item on the screen. */
  readonly index: number;
  readonly decisions: Decisions;
  /** Which form of a change is shown, by site id: 0 or absent is the first, 1 its first alternative. */
  readonly forms: ReadonlyMap<string, number>;
  /**
   * name: what is typed has to be the routine's name before a difference is applied · problem: what is wrong
   * with an edit.
   */
  readonly screen: 'change' | 'why' | 'help' | 'name' | 'problem';
  /** What was typed on the screen `name` so far. */
  readonly typed: string;
  /** Sentences on what is wrong with the last edit of the item. */
  readonly problem: readonly string[];
  /** First visible line of the content. */
  readonly scroll: number;
  /**
   * finished: each item was decided on · quit: the person left; what was not decided on is declined · edit: the
   * code of the item is to be edited, and then the review goes on.
   */
  readonly outcome: 'open' | 'finished' | 'quit' | 'edit';
}

export type ReviewKey =
  | 'yes'
  | 'no'
  | 'all of this routine'
  | 'all complete'
  | 'other form'
  | 'why'
  | 'back'
  | 'quit'
  | 'help'
  | 'up'
  | 'down'
  | 'page up'
  | 'page down'
  | 'close'
  | 'enter'
  | 'erase'
  | 'edit'
  | { readonly typed: string };

/** How far the content of the current screen can be scrolled, in lines. */
export interface Extent {
  readonly lastScroll: number;
  readonly page: number;
}

export function startReview(items: readonly ReviewItem[]): ReviewState {
  return {
    items,
    index: 0,
    decisions: new Map(),
    forms: new Map(),
    screen: 'change',
    typed: '',
    problem: [],
    scroll: 0,
    outcome: items.length === 0 ? 'finished' : 'open',
  };
}

/** The state after a key. A key that has no meaning on the screen changes nothing. */
export function reduceReview(state: ReviewState, key: ReviewKey, extent: Extent): ReviewState {
  const item = state.items[state.index];
  if (state.outcome !== 'open' || item === undefined) return state;
  const scrollTo = (line: number): ReviewState => ({
    ...state,
    scroll: Math.max(0, Math.min(line, extent.lastScroll)),
  });
  if (typeof key !== 'string') return typing(state, state.typed + key.typed);
  if (state.screen === 'problem' && !atProblem.has(key)) return state;
  switch (key) {
    case 'edit':
      return { ...state, outcome: 'edit' };
    case 'yes':
      if (differs(item)) return askName(state);
      return decide(state, [item], applied(formOf(state, item)));
    case 'enter':
      if (state.screen !== 'name' || !isNameOf(item, state.typed)) return state;
      return decide(state, [item], applied(formOf(state, item)));
    case 'erase':
      return typing(state, [...state.typed].slice(0, -1).join(''));
    case 'other form':
      return withNextForm(state, item);
    case 'no':
      return decide(state, [item], 'decline');
    case 'all of this routine':
      if (differs(item)) return askName(state);
      return decide(state, [item, ...undecided(state).filter((it) => isSibling(it, item))], 'apply');
    case 'all complete':
      return decide(state, undecided(state).filter(isSafe), 'apply');
    case 'back':
      return { ...state, index: Math.max(0, state.index - 1), screen: 'change', scroll: 0 };
    case 'quit':
      return { ...state, outcome: 'quit' };
    case 'why':
      return { ...state, screen: state.screen === 'why' ? 'change' : 'why', scroll: 0 };
    case 'help':
      return { ...state, screen: state.screen === 'help' ? 'change' : 'help', scroll: 0 };
    case 'close':
      return { ...state, screen: 'change', problem: [], scroll: 0 };
    case 'up':
      return scrollTo(state.scroll - 1);
    case 'down':
      return scrollTo(state.scroll + 1);
    case 'page up':
      return scrollTo(state.scroll - extent.page);
    case 'page down':
      return scrollTo(state.scroll + extent.page);
  }
}

/** What is wrong with an edit has to be mended or dropped before anything else. */
const atProblem: ReadonlySet<ReviewKey> = new Set(['edit', 'close', 'up', 'down', 'page up', 'page down']);

/** The review after an edit: what is wrong with it, or the items that it has changed. */
export function afterEdit(
  state: ReviewState,
  edit: { readonly problem: readonly string[] } | { readonly items: readonly ReviewItem[] },
): ReviewState {
  const open = { ...state, outcome: 'open', scroll: 0 } as const;
  if ('problem' in edit) return { ...open, screen: 'problem', problem: edit.problem };
  const old = new Map(state.items.map((item) => [item.siteId, item]));
  const changed = edit.items.filter((item) => old.get(item.siteId)?.diff !== item.diff);
  const decisions = new Map(state.decisions);
  const forms = new Map(state.forms);
  // An answer was given to other code: a function may be called at several sites.
  for (const { siteId } of changed) {
    decisions.delete(siteId);
    forms.delete(siteId);
  }
  return { ...open, screen: 'change', problem: [], items: edit.items, decisions, forms };
}

/** Old and new did not do the same. Only the routine's name, typed, applies such a change. */
export function differs(item: ReviewItem): boolean {
  return item.proof.status === 'differs';
}

/** `apply_payment` of `public.apply_payment(integer, numeric)`. */
export function nameToType({ routine }: ReviewItem): string {
  const name = routine.replace(/\(.*$/s, '');
  return name.slice(name.indexOf('.') + 1);
}

function isNameOf(item: ReviewItem, typed: string): boolean {
  return typed.trim() === nameToType(item);
}

function askName(state: ReviewState): ReviewState {
  return { ...typing(state, ''), screen: 'name', scroll: 0 };
}

function typing(state: ReviewState, typed: string): ReviewState {
  return { ...state, typed };
}

/** The number of the form that is shown: 0 is the first one, 1 its first alternative. */
export function formOf(state: ReviewState, item: ReviewItem): number {
  return state.forms.get(item.siteId) ?? 0;
}

function applied(form: number): Decision {
  return form === 0 ? 'apply' : `apply ${form}`;
}

function withNextForm(state: ReviewState, item: ReviewItem): ReviewState {
  if (item.alternatives.length === 0) return state;
  const next = (formOf(state, item) + 1) % (item.alternatives.length + 1);
  return { ...state, forms: new Map(state.forms).set(item.siteId, next), screen: 'change', scroll: 0 };
}

/** The decision on every item once the review is over: what was not decided on is declined. */
export function finalDecisions(state: ReviewState): Decisions {
  return new Map(state.items.map((item) => [item.siteId, state.decisions.get(item.siteId) ?? 'decline']));
}

/** What `--yes` and the key for all that is complete apply: never a skeleton, never a difference. */
export function isSafe(item: ReviewItem): boolean {
  return item.completeness === 'complete' && !differs(item);
}

export function countDecisions(state: ReviewState): { readonly accepted: number; readonly declined: number } {
  const made = [...state.decisions.values()];
  const accepted = made.filter((it) => it !== 'decline').length;
  return { accepted, declined: made.length - accepted };
}

function undecided(state: ReviewState): readonly ReviewItem[] {
  return state.items.filter((item) => !state.decisions.has(item.siteId));
}

/** A skeleton never rides along with a complete translation of the same routine, nor does a difference. */
function isSibling(item: ReviewItem, of: ReviewItem): boolean {
  return item.routine === of.routine && item.completeness === of.completeness && !differs(item);
}

function decide(state: ReviewState, items: readonly ReviewItem[], decision: Decision): ReviewState {
  const decisions = new Map(state.decisions);
  for (const item of items) decisions.set(item.siteId, decision);
  const decided = { ...state, decisions };
  const waiting = undecided(decided);
  const here = state.items[state.index];
  if (here !== undefined && !decisions.has(here.siteId)) return decided;
  const next = waiting.find((item) => state.items.indexOf(item) > state.index) ?? waiting[0];
  if (next === undefined) return { ...decided, outcome: 'finished' };
  return { ...decided, index: state.items.indexOf(next), screen: 'change', scroll: 0 };
}
