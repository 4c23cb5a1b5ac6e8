import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findCallSites } from '../../../src/2-find/find-call-sites.js';
import { mentions, type RoutineNames } from '../../../src/2-find/scan-names.js';
import { loadSqlParser } from '../../../src/sql/load-sql-parser.js';

interface Tree {
  readonly texts: ReadonlyMap<string, string>;
  readonly sites: readonly { path: string; line: number; column: number; routine: string }[];
  readonly lines: number;
}

const script = (name: string): string =>
  pathToFileURL(join(import.meta.dirname, '..', '..', '..', 'scripts', 'bench', name)).href;
const { makeTree } = (await import(script('make-tree.js'))) as {
  makeTree: (size: { seed: number; files: number; lines: number; calls: number }) => Tree;
};
const { routineNames } = (await import(script('routine-calls.js'))) as {
  routineNames: readonly string[];
};
const { compareFound } = (await import(script('compare-found.js'))) as {
  compareFound: (
    expected: readonly string[],
    found: Readonly<Record<string, readonly string[]>>,
  ) => readonly string[];
};
type Missed = (rows: Readonly<Record<string, Readonly<Record<string, unknown>>>>) => readonly string[];
const { missedAims, missedLimits } = (await import(script('render-table.js'))) as {
  missedAims: Missed;
  missedLimits: Missed;
};

const size = { seed: 7, files: 60, lines: 4000, calls: 40 };

describe('the tree that is searched for figures', () => {
  const tree = makeTree(size);
  const names: RoutineNames = {
    routines: new Set(routineNames),
    known: new Set(['lower', 'count', 'max', 'now', 'date_trunc', 'current_schema']),
  };

  it('has the files, about the lines and the calls that were asked for, of every routine', () => {
    expect(tree.texts.size).toBe(60);
    expect(Math.abs(tree.lines - 4000)).toBeLessThan(100);
    expect(tree.sites).toHaveLength(40);
    expect(new Set(tree.sites.map(({ routine }) => routine)).size).toBe(16);
  });

  it('is the same for the same seed and another for another', () => {
    expect(makeTree(size)).toEqual(tree);
    expect(makeTree({ ...size, seed: 8 }).texts).not.toEqual(tree.texts);
  });

  it('holds the calls where it says, and nothing else that the finder takes for one', async () => {
    await loadSqlParser();
    const hits = [...tree.texts].filter(([, text]) => mentions(text, names));
    expect(hits.length).toBeLessThan(tree.texts.size);
    const found = hits.flatMap(([path, text]) =>
      findCallSites({ path: `/tree/${path}`, text }, names, '/tree'),
    );
    const expected = tree.sites.map(
      ({ path, line, column, routine }) => `${path}:${String(line)}:${String(column)} ${routine}`,
    );
    expect(found.map(({ id, routineName }) => `${id} ${routineName}`).sort()).toEqual(expected.sort());
  });

  it('mentions routines in prose, and has components', () => {
    const all = [...tree.texts].map(([, text]) => text).join('');
    expect(/\/\/ Until 2021 this was done by \w+_\w+\(\)/.test(all)).toBe(true);
    expect([...tree.texts.keys()].some((path) => path.endsWith('.tsx'))).toBe(true);
  });
});

describe('the comparison', () => {
  it('is silent when all found the same, in whatever order', () => {
    expect(compareFound(['a', 'b'], { one: ['b', 'a'], other: ['a', 'b'] })).toEqual([]);
  });

  it('tells what is missing, what is none, and what was found twice', () => {
    expect(compareFound(['a', 'b'], { one: ['a'], other: ['a', 'b', 'b', 'c'] })).toEqual([
      'one misses b',
      'other finds b, which is none',
      'other finds c, which is none',
    ]);
  });

  it('tells which limit is missed', () => {
    const good = { name: 'x', workSeconds: 1, peakMegabytes: 100 };
    const slow = { ...good, workSeconds: 20 };
    expect(missedLimits({ find: good, jscodeshift: slow, dryRun: good })).toEqual([]);
    const large = { ...good, peakMegabytes: 401 };
    expect(missedLimits({ find: large, jscodeshift: good, dryRun: good })).toHaveLength(2);
  });

  it('tells which aim is missed, which is no failure', () => {
    const good = { name: 'x', workSeconds: 0.4, peakMegabytes: 100 };
    const translator = { functions: 10_000, cpuSeconds: 19, earlyMegabytes: 15, lateMegabytes: 17 };
    expect(missedAims({ find: good, dryRun: good, checkAgain: good, translator })).toEqual([]);
    const rows = {
      find: { ...good, workSeconds: 0.6 },
      dryRun: { ...good, peakMegabytes: 401 },
      checkAgain: { ...good, seconds: 3.1 },
      translator: { ...translator, cpuSeconds: 21, lateMegabytes: 19 },
    };
    expect(missedAims(rows)).toHaveLength(5);
  });
});
