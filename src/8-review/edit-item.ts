/** The key for editing: the code goes to the person's editor, and what they wrote is put in its place and proven. */
import type { ReviewItem } from './review-item.js';
import { afterEdit, formOf, type ReviewState } from './review-state.js';

interface Problem {
  readonly problem: readonly string[];
}

/** What an edit needs of those who know the code. `alternative` is null for the form that is shown first. */
export interface ReviewEdits {
  /** The code of a site, with the extension of its file. */
  text(
    siteId: string,
    alternative: number | null,
  ): Promise<{ readonly text: string; readonly extension: string } | Problem>;
  /** Hands the terminal to the person's editor; the text as saved. */
  open(text: string, extension: string): Promise<string | Problem>;
  /** All items, with what the edit has changed. */
  take(
    siteId: string,
    alternative: number | null,
    text: string,
  ): Promise<{ readonly items: readonly ReviewItem[] } | Problem>;
}

const nowhere = (): Promise<Problem> => Promise.resolve({ problem: ['There is nothing to edit here.'] });

export const noEdits: ReviewEdits = { text: nowhere, open: nowhere, take: nowhere };

/** @param written texts with a problem by site and form, which the next edit goes on with. */
export async function editItem(
  state: ReviewState,
  edits: ReviewEdits,
  written: Map<string, string>,
): Promise<ReviewState> {
  const item = state.items[state.index];
  if (item === undefined) return { ...state, outcome: 'open' };
  const form = formOf(state, item);
  const alternative = form === 0 ? null : form - 1;
  const key = `${item.siteId}\0${String(form)}`;
  const code = await edits.text(item.siteId, alternative);
  if ('problem' in code) return afterEdit(state, code);
  const before = (state.screen === 'problem' ? written.get(key) : undefined) ?? code.text;
  const after = await edits.open(before, code.extension);
  if (typeof after !== 'string') return afterEdit(state, after);
  if (after === code.text) return { ...state, outcome: 'open', screen: 'change', problem: [] };
  written.set(key, after);
  return afterEdit(state, await edits.take(item.siteId, alternative, after));
}
