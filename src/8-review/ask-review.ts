/** Runs the review on a terminal: keys in, decisions out. Applying them is not its business. */
import { createPrompt, ExitPromptError, useEffect, useKeypress, useState } from '@inquirer/core';
import { createPromptModule } from 'inquirer';
import { editItem, noEdits, type ReviewEdits } from './edit-item.js';
import type { Decisions, ReviewItem } from './review-item.js';
import { renderReview, reviewExtent, type ScreenSize } from './render-review.js';
import { readKey } from './review-keys.js';
import { finalDecisions, reduceReview, startReview, type ReviewState } from './review-state.js';
import type { Palette } from './styled-line.js';

export interface ReviewTerminal {
  readonly palette: Palette;
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  size(): ScreenSize;
  /** Calls back after each change of size; gives a function that ends it. */
  onResize(redraw: () => void): () => void;
}

export type ReviewOutcome =
  | { readonly kind: 'decided'; readonly decisions: Decisions; readonly left: 'at the end' | 'early' }
  /** Ctrl-C, or the terminal went away: nothing may be written. */
  | { readonly kind: 'interrupted' };

/**
 * Shows the items one by one. The screen is cleared away afterwards, and before an editor takes the terminal.
 * @param edits what the key for editing does.
 */
export async function askReview(
  items: readonly ReviewItem[],
  terminal: ReviewTerminal,
  edits: ReviewEdits = noEdits,
): Promise<ReviewOutcome> {
  if (items.length === 0) return { kind: 'decided', decisions: new Map(), left: 'at the end' };
  try {
    const { input, output } = terminal;
    const ask = createPromptModule<{ review: ReviewQuestion }>({ input, output, clearPromptOnDone: true });
    ask.registerPrompt('review', reviewPrompt);
    const written = new Map<string, string>();
    let state = startReview(items);
    for (;;) {
      ({ state } = await ask<{ state: ReviewState }>({
        type: 'review',
        name: 'state',
        message: 'Review',
        state,
        terminal,
      }));
      if (state.outcome !== 'edit') break;
      state = await editItem(state, edits, written);
    }
    return {
      kind: 'decided',
      decisions: finalDecisions(state),
      left: state.outcome === 'quit' ? 'early' : 'at the end',
    };
  } catch (error) {
    if (error instanceof ExitPromptError) return { kind: 'interrupted' };
    throw error;
  }
}

interface ReviewQuestion extends Record<string, unknown> {
  /** Every question of the library has one; the screen says what is asked. */
  readonly message: string;
  readonly state: ReviewState;
  readonly terminal: ReviewTerminal;
}

/** Erases all and puts the cursor at the top left. */
const clearScreen = '\u001b[2J\u001b[H';

/** A screen that scrolls and takes single keys: none of the stock prompts does that. */
const reviewPrompt = createPrompt<ReviewState, ReviewQuestion>(({ state: first, terminal }, done) => {
  const [state, setState] = useState(first);
  const [, setSize] = useState('');
  useEffect(
    () =>
      terminal.onResize(() => {
        // A terminal breaks the old lines anew, so that nobody knows any more where they stand.
        terminal.output.write(clearScreen);
        setSize(JSON.stringify(terminal.size()));
      }),
    [],
  );
  useKeypress((press, line) => {
    // The prompt takes single keys: what readline collects would move the cursor.
    line.clearLine(0);
    const key = readKey(press, state.screen);
    if (key === null) return;
    const next = reduceReview(state, key, reviewExtent(state, terminal.size()));
    setState(next);
    if (next.outcome !== 'open') done(next);
  });
  return renderReview(state, terminal.size(), terminal.palette).join('\n');
});
