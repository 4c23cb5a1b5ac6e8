import { describe, expect, it } from 'vitest';
import {
  afterEdit,
  countDecisions,
  finalDecisions,
  reduceReview,
  startReview,
  type ReviewKey,
  type ReviewState,
} from '../../../src/8-review/review-state.js';
import { readKey } from '../../../src/8-review/review-keys.js';
import { chosenAlternative, type ReviewItem } from '../../../src/8-review/review-item.js';
import { evidence, reviewItem } from '../../support/review-items.js';

const items: readonly ReviewItem[] = [
  reviewItem('a', { routine: 'f()' }),
  reviewItem('b', { routine: 'g()' }),
  reviewItem('c', { routine: 'f()' }),
  reviewItem('d', { routine: 'f()', completeness: 'skeleton' }),
  reviewItem('e', { routine: 'f()', proof: evidence({ status: 'differs' }) }),
];
const extent = { lastScroll: 10, page: 4 };

function press(keys: readonly ReviewKey[], from: ReviewState = startReview(items)): ReviewState {
  return keys.reduce<ReviewState>((state, key) => reduceReview(state, key, extent), from);
}

function shown(state: ReviewState): string | undefined {
  return state.items[state.index]?.siteId;
}

describe('keys that decide', () => {
  const table: readonly [
    name: string,
    keys: readonly ReviewKey[],
    decisions: object,
    next: string | undefined,
  ][] = [
    ['yes goes on to the next', ['yes'], { a: 'apply' }, 'b'],
    ['no goes on to the next', ['no'], { a: 'decline' }, 'b'],
    [
      'all of this routine leaves out skeletons and differences',
      ['all of this routine'],
      { a: 'apply', c: 'apply' },
      'b',
    ],
    [
      'all of this routine keeps earlier answers',
      ['yes', 'yes', 'no', 'back', 'back', 'back', 'all of this routine'],
      { a: 'apply', b: 'apply', c: 'decline' },
      'd',
    ],
    [
      'all complete leaves out skeletons and differences',
      ['all complete'],
      { a: 'apply', b: 'apply', c: 'apply' },
      'd',
    ],
    [
      'all complete keeps earlier answers',
      ['no', 'all complete'],
      { a: 'decline', b: 'apply', c: 'apply' },
      'd',
    ],
    [
      'all complete on a skeleton stays there',
      ['no', 'no', 'no', 'all complete'],
      { a: 'decline', b: 'decline', c: 'decline' },
      'd',
    ],
    ['back changes an answer', ['yes', 'back', 'no'], { a: 'decline' }, 'b'],
    ['back stops at the first', ['back', 'back', 'yes'], { a: 'apply' }, 'b'],
    [
      'a skeleton is applied by yes alone',
      ['no', 'no', 'no', 'yes'],
      { a: 'decline', b: 'decline', c: 'decline', d: 'apply' },
      'e',
    ],
    ['an answer on the why screen counts', ['why', 'yes'], { a: 'apply' }, 'b'],
  ];
  it.each(table)('%s', (_name, keys, decisions, next) => {
    const state = press(keys);
    expect(Object.fromEntries(state.decisions)).toEqual(decisions);
    expect(shown(state)).toBe(next);
    expect(state.outcome).toBe('open');
    expect(state.screen).toBe('change');
  });

  it('wraps round to what was passed over and ends when everything is decided', () => {
    const passed: ReviewState = { ...startReview(items), index: 3 };
    const state = press(['no', 'no', 'yes', 'yes', 'yes'], passed);
    expect(state.outcome).toBe('finished');
    expect(countDecisions(state)).toEqual({ accepted: 3, declined: 2 });
  });

  it('quits with what was accepted and declines the rest', () => {
    const state = press(['yes', 'quit']);
    expect(state.outcome).toBe('quit');
    expect(Object.fromEntries(finalDecisions(state))).toEqual({
      a: 'apply',
      b: 'decline',
      c: 'decline',
      d: 'decline',
      e: 'decline',
    });
  });

  it('takes no key after its end, and none without items', () => {
    const over = press(['quit']);
    expect(press(['yes', 'back'], over)).toBe(over);
    expect(startReview([]).outcome).toBe('finished');
  });

  it('never changes the state it was given', () => {
    const first = startReview(items);
    press(['yes'], first);
    expect(first.decisions.size).toBe(0);
  });
});

describe('a change that differs', () => {
  const before: readonly ReviewKey[] = ['no', 'no', 'no', 'no'];
  const letters = (text: string): readonly ReviewKey[] => [...text].map((typed) => ({ typed }));
  const named = [...items.slice(0, 4), reviewItem('e', { proof: evidence({ status: 'differs' }) })];

  it.each(['yes', 'all of this routine'] as const)('is not applied by %s, which asks for the name', (key) => {
    const state = press([...before, key], startReview(named));
    expect(state).toMatchObject({ screen: 'name', typed: '', outcome: 'open' });
    expect(state.decisions.has('e')).toBe(false);
  });

  it.each([
    ['update_status', 'apply'],
    ['  update_status ', 'apply'],
    ['', undefined],
    ['y', undefined],
    ['update_statu', undefined],
    ['Update_status', undefined],
    ['public.update_status(integer, text)', undefined],
  ])('typed %j it gets %s', (text, decision) => {
    const state = press([...before, 'yes', ...letters(text), 'enter'], startReview(named));
    expect(state.decisions.get('e')).toBe(decision);
    expect(state.outcome).toBe(decision === undefined ? 'open' : 'finished');
  });

  it('takes letters back, and forgets them when it is left', () => {
    const wrong = press([...before, 'yes', ...letters('update_statuz'), 'erase'], startReview(named));
    expect(press(['enter'], press(letters('s'), press(['erase'], wrong))).decisions.has('e')).toBe(false);
    expect(press([...letters('s'), 'enter'], wrong).decisions.get('e')).toBe('apply');
    expect(press(['close', 'yes'], wrong).typed).toBe('');
  });

  it('may be declined by one key', () => {
    expect(press([...before, 'no'], startReview(named)).decisions.get('e')).toBe('decline');
  });
});

describe('an edit', () => {
  const asked = press(['yes', 'edit']);

  it('leaves the prompt and comes back to the same change', () => {
    expect(asked).toMatchObject({ outcome: 'edit', index: 1 });
    const back = afterEdit(asked, { items });
    expect(back).toMatchObject({ outcome: 'open', screen: 'change', index: 1 });
    expect(Object.fromEntries(back.decisions)).toEqual({ a: 'apply' });
  });

  it('takes back the answers to what it has changed, and to nothing else', () => {
    const changed = items.map((item) => (item.siteId === 'a' ? { ...item, diff: '+other' } : item));
    const twice = press(['yes', 'edit'], afterEdit(asked, { items }));
    expect(Object.fromEntries(afterEdit(twice, { items: changed }).decisions)).toEqual({ b: 'apply' });
  });

  it('that is wrong shows why, and is mended or dropped before anything else', () => {
    const wrong = afterEdit(asked, { problem: ['line 3: an expression is missing'] });
    expect(wrong).toMatchObject({
      outcome: 'open',
      screen: 'problem',
      problem: ['line 3: an expression is missing'],
    });
    for (const key of ['yes', 'no', 'all complete', 'quit', 'why', 'help'] as const)
      expect(press([key], wrong)).toBe(wrong);
    expect(press(['edit'], wrong).outcome).toBe('edit');
    expect(press(['close'], wrong)).toMatchObject({ screen: 'change', problem: [] });
  });
});

describe('keys that look', () => {
  const table: readonly [name: string, keys: readonly ReviewKey[], seen: Partial<ReviewState>][] = [
    ['down scrolls by a line', ['down', 'down'], { scroll: 2 }],
    ['up stops at the top', ['down', 'up', 'up'], { scroll: 0 }],
    ['page down scrolls by a page', ['page down'], { scroll: 4 }],
    ['page down stops at the end', ['page down', 'page down', 'page down', 'page down'], { scroll: 10 }],
    ['page up goes back', ['page down', 'page down', 'page up'], { scroll: 4 }],
    ['why shows the reasons from the top', ['down', 'why'], { screen: 'why', scroll: 0 }],
    ['why again goes back', ['why', 'why'], { screen: 'change' }],
    ['help replaces why', ['why', 'help'], { screen: 'help' }],
    ['escape closes', ['help', 'close'], { screen: 'change' }],
    ['a decision forgets the scroll', ['down', 'yes'], { scroll: 0, index: 1 }],
  ];
  it.each(table)('%s', (_name, keys, seen) => {
    expect(press(keys)).toMatchObject(seen);
  });
});

describe('readKey', () => {
  it.each([
    [{ name: 'y', sequence: 'y' }, 'yes'],
    [{ name: 'y', sequence: 'Y' }, 'yes'],
    [{ sequence: '?' }, 'help'],
    [{ name: 'space', sequence: ' ' }, 'page down'],
    [{ name: 'y', sequence: '\u0019', ctrl: true }, null],
    [{ name: 'return', sequence: '\r' }, null],
    [{}, null],
  ])('%j means %s', (pressed, meaning) => {
    expect(readKey(pressed)).toBe(meaning);
  });

  it.each([
    [{ name: 'y', sequence: 'y' }, { typed: 'y' }],
    [{ sequence: '_' }, { typed: '_' }],
    [{ name: 'space', sequence: ' ' }, { typed: ' ' }],
    [{ name: 'return', sequence: '\r' }, 'enter'],
    [{ name: 'backspace', sequence: '\u007f' }, 'erase'],
    [{ name: 'escape', sequence: '\u001b' }, 'close'],
    [{ name: 'tab', sequence: '\t' }, null],
    [{ name: 'c', sequence: '\u0003', ctrl: true }, null],
  ])('%j means %j where a name is typed', (pressed, meaning) => {
    expect(readKey(pressed, 'name')).toEqual(meaning);
  });
});

describe('other forms of a change', () => {
  const forms = [
    reviewItem('a', {
      alternatives: [
        { name: 'inline', difference: null, diff: '+inline' },
        { name: 'one statement', difference: 'the lock is taken later', diff: '+short' },
      ],
    }),
    reviewItem('b'),
  ];
  const from = startReview(forms);

  it.each<[string, readonly ReviewKey[], object]>([
    ['the first without a key', ['yes'], { a: 'apply' }],
    ['the one that is shown', ['other form', 'yes'], { a: 'apply 1' }],
    ['the one after it', ['other form', 'other form', 'yes'], { a: 'apply 2' }],
    ['the first again after the last', ['other form', 'other form', 'other form', 'yes'], { a: 'apply' }],
    ['none of them', ['other form', 'no'], { a: 'decline' }],
  ])('are applied as shown: %s', (_name, keys, decisions) => {
    expect(Object.fromEntries(press(keys, from).decisions)).toEqual(decisions);
  });

  it('are not offered where there are none', () => {
    const second = press(['yes'], from);
    expect(press(['other form'], second)).toBe(second);
  });

  it('count as accepted', () => {
    expect(countDecisions(press(['other form', 'yes', 'no'], from))).toEqual({ accepted: 1, declined: 1 });
  });

  it('are found again from the decision', () => {
    expect((['apply', 'decline', 'apply 1', 'apply 2'] as const).map(chosenAlternative)).toEqual([
      null,
      null,
      0,
      1,
    ]);
  });
});
