import { ts } from 'ts-morph';
import { expect, it } from 'vitest';
import { needlessAssertions } from '../../../src/source/needless-assertions.js';

/** The text without its needless assertions. */
function without(text: string): string {
  const host = ts.createCompilerHost({});
  const source = ts.createSourceFile('/a.ts', `declare const x: any;\n${text}`, ts.ScriptTarget.Latest, true);
  const program = ts.createProgram(
    ['/a.ts'],
    { strict: true, noLib: true, types: [] },
    {
      ...host,
      getSourceFile: (name, options) => (name === '/a.ts' ? source : host.getSourceFile(name, options)),
      fileExists: (name) => name === '/a.ts' || host.fileExists(name),
    },
  );
  const found = needlessAssertions(program.getTypeChecker(), source).flatMap(({ spans }) => spans);
  return [...found]
    .sort((a, b) => b.start - a.start)
    .reduce((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), source.text)
    .replace(/^.*\n/, '');
}

it.each([
  ['the same type', 'let s: string; const t = s! as string;', 'let s: string; const t = s!;'],
  [
    'a type that is written out again',
    'const r = { s: { a: "" } }; const t = (r.s as { a: string }).a;',
    'const r = { s: { a: "" } }; const t = r.s.a;',
  ],
  [
    'a chain to a type that the place accepts',
    'interface R { a: string | null }\nconst f = (r: { a: string }): R => { return r as unknown as R; };',
    'interface R { a: string | null }\nconst f = (r: { a: string }): R => { return r; };',
  ],
])('finds %s', (_, text, expected) => {
  expect(without(text)).toBe(expected);
});

it.each([
  ['an assertion of any', 'const t = x.a as string;'],
  ['a narrower type', 'declare const s: string | null; const t = s as string;'],
  ['a type that only lies below', 'const f = (r: unknown): string => r as string;'],
  ['a constant', 'const t = ["a"] as const;'],
  [
    'a place that decides a type by what stands there',
    'const f = <T>(t: T) => t; const t = f("a" as string);',
  ],
])('keeps %s', (_, text) => {
  expect(without(text)).toBe(text);
});
