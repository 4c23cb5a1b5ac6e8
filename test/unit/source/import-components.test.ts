/** Answers over imports: the same as a search from each file gives, asked once per component. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldImports } from '../../../src/source/import-components.js';

type Imports = Readonly<Record<string, readonly string[]>>;

function graphOf(imports: Imports) {
  return {
    files: new Map(Object.keys(imports).map((path) => [path, ''])),
    importsOf: (path: string) => imports[path] ?? [],
  };
}

function reachedBy(imports: Imports, path: string): readonly string[] {
  const seen = new Set([path]);
  for (const at of seen) for (const next of imports[at] ?? []) seen.add(next);
  return [...seen].sort();
}

const all = (imports: Imports) =>
  foldImports<readonly string[]>(graphOf(imports), (component, imported) =>
    [...new Set([...component, ...[...imported].flat()])].sort(),
  );

const someImports = fc
  .integer({ min: 1, max: 12 })
  .chain((size) =>
    fc
      .array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 3 * size })
      .map((edges) =>
        Object.fromEntries(
          Array.from({ length: size }, (_, from) => [
            `${from}`,
            edges.filter(([start]) => start === from).map(([, end]) => `${end}`),
          ]),
        ),
      ),
  );

describe('foldImports', () => {
  it('collects what a search from each file reaches', () => {
    fc.assert(
      fc.property(someImports, (imports) => {
        const answers = all(imports);
        for (const path of Object.keys(imports)) expect(answers.get(path)).toEqual(reachedBy(imports, path));
      }),
      { numRuns: 500 },
    );
  });

  it('asks once for files that import one another', () => {
    const asked: string[] = [];
    const imports = { a: ['b'], b: ['c', 'd'], c: ['a'], d: ['d'], e: ['a'] };
    foldImports(graphOf(imports), (component) => asked.push([...component].sort().join('')));
    expect(asked).toEqual(['d', 'abc', 'e']);
  });

  it('follows chains of any length', () => {
    const length = 100_000;
    const imports = Object.fromEntries(
      Array.from({ length }, (_, at) => [`${at}`, at + 1 < length ? [`${at + 1}`] : []]),
    );
    const depth = foldImports<number>(graphOf(imports), (_, imported) => 1 + Math.max(0, ...imported));
    expect(depth.get('0')).toBe(length);
  });
});
