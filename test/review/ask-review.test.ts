/** The review as the prompt library runs it: keys as bytes, the screen as what was written. */
import { PassThrough, Writable } from 'node:stream';
import pc from 'picocolors';
import { describe, expect, it, vi } from 'vitest';
import { askReview, type ReviewOutcome, type ReviewTerminal } from '../../src/8-review/ask-review.js';
import type { ReviewEdits } from '../../src/8-review/edit-item.js';
import type { ReviewItem } from '../../src/8-review/review-item.js';
import { evidence, reviewItem } from '../support/review-items.js';

const items = [
  reviewItem('a'),
  reviewItem('b', { routine: 'g()' }),
  reviewItem('c', { completeness: 'skeleton' }),
];

interface Session {
  readonly outcome: Promise<ReviewOutcome>;
  press(bytes: string): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  written(): string;
  /** Waits for the screen to show the text since the last key. */
  shows(part: string): Promise<void>;
}

function open(shown: readonly ReviewItem[] = items, edits?: ReviewEdits): Session {
  let text = '';
  let size = { columns: 80, rows: 24 };
  const redraws = new Set<() => void>();
  const input = new PassThrough();
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  // What is piped into the standard output never ends it either.
  output.end = () => output;
  const terminal: ReviewTerminal = {
    palette: pc.createColors(false),
    input,
    output,
    size: () => size,
    onResize(redraw) {
      redraws.add(redraw);
      return () => redraws.delete(redraw);
    },
  };
  const settle = (): Promise<void> => new Promise((done) => setTimeout(done, 5));
  return {
    outcome: askReview(shown, terminal, edits),
    async press(bytes) {
      await settle();
      text = '';
      input.write(bytes);
      await settle();
    },
    async resize(columns, rows) {
      text = '';
      size = { columns, rows };
      redraws.forEach((redraw) => redraw());
      await settle();
    },
    written: () => text,
    shows: (part) => vi.waitFor(() => expect(text).toContain(part), 10_000),
  };
}

function decisionsOf(outcome: ReviewOutcome): Record<string, string> {
  if (outcome.kind !== 'decided') throw new Error(outcome.kind);
  return Object.fromEntries(outcome.decisions);
}

describe('askReview', () => {
  it('takes a decision for each change', async () => {
    const session = open();
    await session.press('y');
    expect(session.written()).toContain('2/3  1 accepted, 0 declined');
    await session.press('n');
    await session.press('y');
    const outcome = await session.outcome;
    expect(outcome).toMatchObject({ left: 'at the end' });
    expect(decisionsOf(outcome)).toEqual({ a: 'apply', b: 'decline', c: 'apply' });
  });

  it('takes keys that arrive together one by one', async () => {
    const session = open();
    await session.press('nyn');
    expect(decisionsOf(await session.outcome)).toEqual({ a: 'decline', b: 'apply', c: 'decline' });
  });

  it('applies what was accepted when it is left early', async () => {
    const session = open();
    await session.press('c');
    await session.press('q');
    const outcome = await session.outcome;
    expect(outcome).toMatchObject({ left: 'early' });
    expect(decisionsOf(outcome)).toEqual({ a: 'apply', b: 'apply', c: 'decline' });
  });

  it('is interrupted by Ctrl-C, whatever was accepted', async () => {
    const session = open();
    await session.press('y');
    await session.press('\u0003');
    expect(await session.outcome).toEqual({ kind: 'interrupted' });
  });

  it('shows help and reasons and scrolls by arrow keys', async () => {
    const session = open([reviewItem('long', { sql: 'select 1;\n'.repeat(50) })]);
    await session.press('?');
    expect(session.written()).toContain('Ctrl-C stop: write nothing at all');
    await session.press('?');
    await session.press('\u001b[B');
    expect(session.written()).toContain('lines 2-17 of');
    await session.press(' ');
    expect(session.written()).toContain('lines 17-32 of');
    await session.press('w');
    expect(session.written()).toContain('none found');
    await session.press('q');
    await session.outcome;
  });

  it('draws again when the terminal changes its size', async () => {
    const session = open();
    await session.press('b');
    await session.resize(120, 40);
    expect(session.written()).toContain(' │ the change');
    await session.press('q');
    await session.outcome;
  });

  it('applies a difference only once the name of the routine is typed', async () => {
    const proof = evidence({ status: 'differs' });
    const session = open([reviewItem('a', { proof }), reviewItem('b', { proof })]);
    await session.press('y');
    expect(session.written()).toContain('type update_status and enter to apply it');
    await session.press('yes\r');
    expect(session.written()).toContain('yes');
    await session.press('\u007f\u007f\u007f');
    await session.press('update_status\r');
    expect(session.written()).toContain('2/2  1 accepted, 0 declined');
    await session.press('n');
    expect(decisionsOf(await session.outcome)).toEqual({ a: 'apply', b: 'decline' });
  });

  it('edits, shows what is wrong, goes on with the same text, and shows the new proof', async () => {
    const opened: string[] = [];
    const taken: unknown[] = [];
    const answers = ['wrong', 'right'];
    const session = open([reviewItem('a', { proof: evidence({ status: 'differs' }) })], {
      text: () => Promise.resolve({ text: 'generated', extension: '.ts' }),
      open(text) {
        opened.push(text);
        return Promise.resolve(answers.shift() ?? text);
      },
      take(siteId, alternative, text) {
        taken.push([siteId, alternative, text]);
        if (text === 'wrong') return Promise.resolve({ problem: ['src/a.ts:3 TS2322 no'] });
        return Promise.resolve({ items: [reviewItem('a', { diff: '+right', edited: true })] });
      },
    });
    await session.press('e');
    await session.shows('src/a.ts:3 TS2322 no');
    await session.shows('e edit again');
    await session.press('e');
    await session.shows('edited by hand');
    await session.shows('proof partial');
    expect(opened).toEqual(['generated', 'wrong']);
    expect(taken).toEqual([
      ['a', null, 'wrong'],
      ['a', null, 'right'],
    ]);
    await session.press('e');
    await session.shows('y yes');
    expect(opened.at(-1)).toBe('generated');
    expect(taken).toHaveLength(2);
    await session.press('y');
    expect(decisionsOf(await session.outcome)).toEqual({ a: 'apply' });
  });

  it('says why there is no editor, and goes on', async () => {
    const session = open([reviewItem('a')], {
      text: () => Promise.resolve({ text: 'generated', extension: '.ts' }),
      open: () => Promise.resolve({ problem: ['No editor is set.'] }),
      take: () => Promise.reject(new Error('nothing was written')),
    });
    await session.press('e');
    await session.shows('No editor is set.');
    await session.press('\u001b');
    await session.shows('y yes');
    await session.press('y');
    expect(decisionsOf(await session.outcome)).toEqual({ a: 'apply' });
  });

  it('asks nothing when there is nothing to ask', async () => {
    const session = open([]);
    expect(await session.outcome).toMatchObject({ kind: 'decided', left: 'at the end' });
    expect(session.written()).toBe('');
  });
});
