import { describe, expect, it } from 'vitest';
import { MigrateError } from '../../../src/errors.js';
import { compareBaseline, makeBaseline, parseBaseline } from '../../../src/guard/baseline.js';
import type { Finding } from '../../../src/guard/finding.js';

const name = (path: string) => path.replace('/project/', '');
const finding = (line: number, code: string, rule = 'eq-null'): Finding => ({
  rule,
  severity: 'error',
  file: '/project/src/a.ts',
  line,
  column: 1,
  endLine: line,
  endColumn: 2,
  message: 'm',
  help: 'h',
  code,
});

describe('a baseline', () => {
  const known = [finding(3, 'await a();'), finding(9, 'await a();'), finding(12, 'await b();')];
  const baseline = makeBaseline(known, name);

  it('counts equal lines and names files from the working directory', () => {
    expect(baseline.findings.map(({ file, count }) => [file, count])).toEqual(
      expect.arrayContaining([
        ['src/a.ts', 2],
        ['src/a.ts', 1],
      ]),
    );
  });

  it('knows lines that moved or were indented anew', () => {
    const moved = [finding(30, 'await a();'), finding(90, 'await  a();'), finding(1, 'await b();')];
    expect(compareBaseline(baseline, moved, name)).toEqual({ fresh: [], accepted: 3, mended: 0 });
  });

  it('does not accept a third one of what stood there twice, nor another rule on the same line', () => {
    const more = [...known, finding(40, 'await a();'), finding(12, 'await b();', 'tx-raw')];
    const { fresh } = compareBaseline(baseline, more, name);
    expect(fresh.map(({ line, rule }) => [line, rule])).toEqual([
      [40, 'eq-null'],
      [12, 'tx-raw'],
    ]);
  });

  it('tells what was mended', () => {
    expect(compareBaseline(baseline, [finding(3, 'await a();')], name).mended).toBe(2);
  });

  it('is the same text whatever the order of the findings', () => {
    expect(makeBaseline(known.toReversed(), name)).toEqual(baseline);
  });

  it.each(['', '{}', '{"version":2,"findings":[]}', '{"version":1,"findings":[{"rule":"x"}]}'])(
    'refuses %j',
    (text) => {
      expect(() => parseBaseline(text, 'b.json')).toThrow(MigrateError);
    },
  );
});
