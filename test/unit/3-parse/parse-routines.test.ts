/** Bodies against the trees they become; `UPDATE=1` writes the expectations anew, to be read before they are kept. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRoutines } from '../../../src/3-parse/parse-routines.js';
import type { CorpusCase } from '../../support/corpus.js';
import { readCorpus, writeCorpus } from '../../support/corpus.js';
import { parsingDatabase, type ParsingDatabase } from '../../support/parsing-database.js';
import { printTree } from '../../support/print-body.js';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

let database: ParsingDatabase;
beforeAll(async () => {
  database = await parsingDatabase(readFileSync(here('schema.sql'), 'utf8'));
}, 60_000);
afterAll(() => database.close());

describe.each(['sql-bodies.corpus', 'plpgsql-bodies.corpus'])('%s', (name) => {
  const cases = readCorpus(here(name));
  const printed = new Map<string, string>();

  beforeAll(async () => {
    for (const each of cases) printed.set(each.name, await parsedText(each.input));
    if (process.env['UPDATE'] === '1')
      writeCorpus(
        here(name),
        cases.map((each): CorpusCase => ({ ...each, expected: printed.get(each.name) ?? '' })),
      );
  }, 120_000);

  it.each(cases.map((each) => [each.name, each] as const))('%s', (_, each) => {
    expect(each.expected).not.toBe('');
    expect(printed.get(each.name)).toBe(each.expected);
  });
});

it('asks for all routines together', async () => {
  const catalog = await database.catalog();
  const routines = catalog.routines.filter((each) => each.schema === 'app');
  expect(routines).toHaveLength(2);
  const before = database.batches.length;
  const bodies = await parseRoutines(routines, catalog, database.db);
  expect([...bodies.values()].map((body) => ('kind' in body ? body.kind : body))).toEqual(['sql', 'sql']);
  expect(database.batches.slice(before)).toEqual([4]);
});

it('refuses an expression that is nested too deeply', async () => {
  await database.exec(
    `set check_function_bodies = off; create function f() returns int language sql as $f$ select ${'1+'.repeat(30_000)}1 $f$`,
  );
  const catalog = await database.catalog();
  const routines = catalog.routines.filter((each) => each.name === 'f');
  const [body] = (await parseRoutines(routines, catalog, database.db)).values();
  await database.exec('drop routine f');
  expect(body).toMatchObject([{ id: 'body-parse-error' }]);
});

/** One line a statement, step, variable or refusal. */
async function parsedText(input: string): Promise<string> {
  await database.exec(`set check_function_bodies = off; ${input}`);
  try {
    const catalog = await database.catalog();
    const routine = catalog.routines.find((each) => each.name === 'f');
    if (!routine) throw new Error('the case makes no function named f');
    const body = (await parseRoutines([routine], catalog, database.db)).get(routine.oid);
    const print = (value: unknown): string => printTree(value, catalog.types);
    if (!body) return 'nothing';
    if (!('kind' in body))
      return body.map((refusal) => `refused: ${print(refusal)} line ${refusal.line}`).join('\n');
    if (body.kind === 'sql')
      return body.statements.map((each) => `line ${each.line}: ${print(each)}`).join('\n') || 'no statement';
    const variables = body.variables.map((each) => `variable ${print(each)}`);
    const { statements, ...block } = body.block;
    const steps = statements.map((each) => `line ${each.line}: ${print(each)}`);
    return [...variables, `block ${print(block)}`, ...steps].join('\n');
  } finally {
    await database.exec('drop routine f');
  }
}
