/** The keys of the review: what is pressed, what it means, and how the screen says so. */
import { nameToType, type ReviewKey, type ReviewState } from './review-state.js';
import { span, type StyledLine } from './styled-line.js';

/** As a terminal reports a press: the name of the key, or its character. */
export interface Press {
  readonly name?: string | undefined;
  readonly sequence?: string | undefined;
  readonly ctrl?: boolean | undefined;
}

const meanings: ReadonlyMap<string, ReviewKey> = new Map([
  ['y', 'yes'],
  ['n', 'no'],
  ['a', 'all of this routine'],
  ['c', 'all complete'],
  ['f', 'other form'],
  ['e', 'edit'],
  ['w', 'why'],
  ['b', 'back'],
  ['q', 'quit'],
  ['?', 'help'],
  ['up', 'up'],
  ['k', 'up'],
  ['down', 'down'],
  ['j', 'down'],
  ['pageup', 'page up'],
  ['pagedown', 'page down'],
  ['space', 'page down'],
  ['escape', 'close'],
]);

/** What a press means, or null when it means nothing. Where a name is asked for, letters are the name's. */
export function readKey(press: Press, screen: ReviewState['screen'] = 'change'): ReviewKey | null {
  if (press.ctrl === true) return null;
  if (screen === 'name') return readLetter(press);
  return meanings.get(press.name ?? '') ?? meanings.get(press.sequence ?? '') ?? null;
}

function readLetter({ name = '', sequence = '' }: Press): ReviewKey | null {
  const known = lineKeys.get(name);
  if (known !== undefined) return known;
  return sequence === '' || /\p{Cc}/u.test(sequence) ? null : { typed: sequence };
}

const lineKeys: ReadonlyMap<string, ReviewKey> = new Map([
  ['return', 'enter'],
  ['enter', 'enter'],
  ['backspace', 'erase'],
  ['escape', 'close'],
  ['up', 'up'],
  ['down', 'down'],
  ['pageup', 'page up'],
  ['pagedown', 'page down'],
]);

/** The last line of the screen. */
export function keyLine(state: ReviewState): StyledLine {
  const item = state.items[state.index];
  if (state.screen === 'name' && item !== undefined) {
    return [
      span(`type ${nameToType(item)} and enter to apply it, escape to go back: `),
      span(state.typed, 'strong'),
    ];
  }
  if (state.screen === 'problem') return [span('e edit again   escape drop what was written   ↑ ↓ scroll')];
  if (state.screen !== 'change')
    return [span(`${state.screen === 'why' ? 'w' : '?'} back to the change   y yes   n no   q quit`)];
  const other = (item?.alternatives.length ?? 0) > 0 ? '  f form' : '';
  return [span(`y yes  n no  a routine  c complete  e edit${other}  w why  b back  q quit  ? help`)];
}

export const helpLines: readonly StyledLine[] = [
  'y      apply this change; where old and new differ, type the name of the routine then',
  'n      decline it: the call stays as it is',
  'a      apply this one and all that are not decided yet of the same routine',
  'c      apply all that is not decided yet and complete; never a skeleton, never a difference',
  'f      show the next form of this change, where there is one; y then applies what is shown',
  'e      edit the code in your editor; what you write is type-checked and proven like the rest',
  'w      why: verdict, proof, hazards and what is left to do, in full',
  'b      back to the change before; a new answer replaces the old one',
  'q      quit: apply what was accepted so far and decline the rest',
  'Ctrl-C stop: write nothing at all',
  '↑ ↓    scroll by a line (also k and j); space and page keys by a page',
  '?      this help',
].map((text): StyledLine => [span(text)]);
