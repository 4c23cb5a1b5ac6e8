import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openProofSession, type ProofSession } from '../src/7-prove/proof-session.js';
import type { RunResult } from '../src/7-prove/pair.js';
import { runPairsIn } from '../src/7-prove/run-pairs.js';
import { makeClone } from './support/proof-clone.js';
import {
  fixturesFolder,
  pairOf,
  refusalFixtures,
  ruleFixtures,
  type RuleFixture,
} from './support/rule-fixtures.js';
import { isEven, testTranslations } from './support/test-translations.js';

const fixtures = ruleFixtures();
const byName = fixtures.map((fixture) => [fixture.id, fixture] as const);

test('there are fixtures, and each is whole', () => {
  if (process.env['FIXTURE'] === undefined) expect(fixtures.length).toBeGreaterThan(0);
  for (const { id, cases } of fixtures) {
    expect(cases.length, `${id} has at least three cases`).toBeGreaterThanOrEqual(3);
    expect(new Set(cases.map(({ name }) => name)).size, `${id} names its cases apart`).toBe(cases.length);
  }
  if (process.env['FIXTURE'] !== undefined) return;
  for (const rule of new Set(fixtures.map((fixture) => fixture.rule))) {
    const refuted = fixtures.some((fixture) => fixture.rule === rule && fixture.wrong !== null);
    expect(refuted, `${rule} has a wrong.ts in one of its cases`).toBe(true);
  }
});

testTranslations(isEven);

test('every fixture type-checks', () => {
  const files = [...fixtures, ...refusalFixtures()].flatMap(({ folder }) =>
    ['input.ts', 'output.ts', 'wrong.ts']
      .map((name) => join(folder, name))
      .filter((path) => existsSync(path)),
  );
  const { config } = ts.readConfigFile(join(fixturesFolder, 'tsconfig.json'), (path) =>
    ts.sys.readFile(path),
  ) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, fixturesFolder);
  const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram(files, options));
  const shown = diagnostics.map(
    ({ file, start, messageText }) =>
      `${file?.fileName ?? ''}:${String((file?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0) + 1)} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
  );
  expect(shown).toEqual([]);
});

describe.skipIf(byName.length === 0)('old and new do the same', () => {
  const sessions = new Map<RuleFixture['driver'], ProofSession>();
  beforeAll(async () => {
    const packageFile = fileURLToPath(new URL('../package.json', import.meta.url));
    const clone = await makeClone('');
    for (const { driver } of fixtures) {
      if (!sessions.has(driver)) sessions.set(driver, openProofSession(clone, { packageFile, driver }));
    }
  });
  afterAll(async () => {
    await Promise.all([...sessions.values()].map((session) => session.close()));
  });

  async function run(fixture: RuleFixture, after: string): Promise<RunResult> {
    const session = sessions.get(fixture.driver);
    if (session === undefined) throw new Error(`no session for ${fixture.driver}`);
    const results = await runPairsIn(session, [pairOf(fixture, after)], { deadlineMs: 20_000 });
    const result = results.get(fixture.id);
    if (result === undefined) throw new Error('no result');
    return result;
  }

  test.each(byName)('%s', async (_id, fixture) => {
    expect(fixture.output, 'output.ts is missing').not.toBeNull();
    const result = await run(fixture, fixture.output ?? '');
    expect(result.reason).toBeNull();
    expect(result.difference).toBeNull();
    expect(result.cases, 'every case is used').toBe(fixture.cases.length);
    expect(result.outcomes, 'the cases have different results').toBeGreaterThan(1);
    expect(result.notes.filter((note) => note.startsWith('a seed statement failed'))).toEqual([]);
  });

  const planted = byName.filter(([, { wrong }]) => wrong !== null);
  test.each(planted)('%s: wrong.ts is refuted', async (_id, fixture) => {
    const result = await run(fixture, fixture.wrong ?? '');
    expect(result.reason).toBeNull();
    expect(result.status, 'wrong.ts was not refuted').toBe('differs');
    const rows = result.difference?.input.match(/^INSERT/gm) ?? [];
    expect(rows.length, 'rows of the counter-example').toBeLessThanOrEqual(3);
  });
});
