/** Cases of a test in one text file: `== name`, the input, `=>`, what is expected of it. */
import { readFileSync, writeFileSync } from 'node:fs';

export interface CorpusCase {
  readonly name: string;
  readonly input: string;
  readonly expected: string;
}

export function readCorpus(file: string): readonly CorpusCase[] {
  return readFileSync(file, 'utf8')
    .split(/^== /m)
    .slice(1)
    .map((text) => {
      const [head = '', expected = ''] = text.split(/^=>\n/m);
      const [name = '', ...input] = head.split('\n');
      return { name: name.trim(), input: input.join('\n').trim(), expected: expected.trim() };
    });
}

/** Rewrites the expectations; called only when UPDATE=1 asks for it. */
export function writeCorpus(file: string, cases: readonly CorpusCase[]): void {
  writeFileSync(
    file,
    cases.map(({ name, input, expected }) => `== ${name}\n${input}\n=>\n${expected}\n`).join('\n'),
  );
}
