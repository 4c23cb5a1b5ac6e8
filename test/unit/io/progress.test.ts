import { describe, expect, it } from 'vitest';
import { lineProgress } from '../../../src/io/progress.js';

function open() {
  const lines: string[] = [];
  let time = 0;
  const progress = lineProgress({ write: (text: string) => lines.push(text) }, () => time);
  return { lines, progress, wait: (milliseconds: number) => (time += milliseconds) };
}

describe('lineProgress', () => {
  it('says nothing of what ends within a second', () => {
    const { lines, progress, wait } = open();
    progress.start('reading the catalog');
    wait(900);
    progress.advance(1, 2);
    progress.stop();
    expect(lines).toEqual([]);
  });

  it('writes at most one line every three seconds', () => {
    const { lines, progress, wait } = open();
    progress.start('proving');
    for (let done = 1; done <= 80; done += 1) {
      wait(100);
      progress.advance(done, 80);
    }
    expect(lines).toEqual(['proving (10/80)\n', 'proving (40/80)\n', 'proving (70/80)\n']);
  });

  it('names the next activity of a long run', () => {
    const { lines, progress, wait } = open();
    progress.start('reading the catalog');
    wait(5000);
    progress.start('finding calls');
    expect(lines).toEqual(['finding calls\n']);
  });

  it('says nothing after its end', () => {
    const { lines, progress, wait } = open();
    progress.start('proving');
    progress.stop();
    wait(5000);
    progress.advance(1, 2);
    expect(lines).toEqual([]);
  });
});
