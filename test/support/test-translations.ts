import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { describe, expect, test } from 'vitest';
import { reasons, type ReasonId } from '../../src/reasons.js';
import { fixturesFolder, refusalFixtures, ruleFixtures, type RuleFixture } from './rule-fixtures.js';
import { translateFixture } from './translate-fixture.js';

const update = process.env['UPDATE'] === '1';

/** Two specs share the fixtures, so that two workers do; what FIXTURE chooses is all in the one of even places. */
export const isEven = (place: number): boolean => place % 2 === 0 || process.env['FIXTURE'] !== undefined;
export const isOdd = (place: number): boolean => !isEven(place);

/** Tests that the program writes what stands in the fixtures in the places that `mine` names. */
export function testTranslations(mine: (place: number) => boolean): void {
  const byName = ruleFixtures()
    .filter((_, place) => mine(place))
    .map((fixture) => [fixture.id, fixture] as const);
  describe.skipIf(byName.length === 0)('the program writes output.ts', () => {
    test.each(byName)('%s', async (_id, fixture) => {
      const { text, made, sites } = await translateFixture(fixture);
      for (const [path, content] of made) settleMade(fixture, path, content);
      expect(text, `nothing was rewritten: ${JSON.stringify(sites)}`).not.toBeNull();
      const actual = await formatted(text ?? '');
      const expected = fixture.output === null ? null : await formatted(fixture.output);
      settle(fixture, actual, expected);
      if (!update) expect(actual).toBe(expected);
    });
  });

  const refusals = refusalFixtures()
    .filter((_, place) => mine(place))
    .map((fixture) => [fixture.id, fixture] as const);
  describe.skipIf(refusals.length === 0)('the program refuses by name', () => {
    test.each(refusals)('%s', async (_id, { folder, expected }) => {
      const { text, sites } = await translateFixture({ folder });
      expect(text, 'something was rewritten').toBeNull();
      expect(sites).toHaveLength(1);
      expect(sites[0]).toMatchObject({ status: expected.status, reason: expected.reason });
      if (expected.detail !== undefined) expect(sites[0]?.detail).toContain(expected.detail);
      const { level } = reasons[expected.reason as ReasonId];
      const line = sites[0]?.line ?? null;
      if (update && level === 'routine') settleLine(folder, { ...expected, line });
      else if (level === 'routine') expect(expected).toHaveProperty('line', line);
      else expect(line).toBeNull();
      // What is written there is a part of one line of the function, whose spaces the reason does not keep.
      const lines = readFileSync(join(folder, 'function.sql'), 'utf8').split('\n');
      const written = lines.map((one) => one.replace(/\s+/g, ' '));
      const shown = sites[0]?.text?.replace(/…$/, '') ?? null;
      expect(shown === null).toBe(line === null);
      if (shown !== null)
        expect(
          written.some((one) => one.includes(shown)),
          shown,
        ).toBe(true);
    });
  });
}

/** Leaves `output.ts.actual` beside a missing or different output; UPDATE=1 makes it the output. */
function settle({ folder }: RuleFixture, actual: string, expected: string | null): void {
  const left = join(folder, 'output.ts.actual');
  if (actual === expected || update) rmSync(left, { force: true });
  else writeFileSync(left, actual);
  if (actual !== expected && update) writeFileSync(join(folder, 'output.ts'), actual);
}

function settleLine(folder: string, expected: object): void {
  writeFileSync(join(folder, 'expected.json'), `${JSON.stringify(expected, null, 2)}\n`);
}

/** A generated module belongs to the fixture like its output. */
function settleMade({ folder, id }: RuleFixture, path: string, content: string): void {
  const file = join(folder, path);
  const expected = existsSync(file) ? readFileSync(file, 'utf8') : null;
  if (content === expected) return rmSync(`${file}.actual`, { force: true });
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(update ? file : `${file}.actual`, content);
  if (update) rmSync(`${file}.actual`, { force: true });
  else expect(content, `${id} makes another ${path}`).toBe(expected);
}

async function formatted(text: string): Promise<string> {
  const options = await resolveConfig(fixturesFolder);
  return format(text, { ...options, parser: 'typescript' });
}
