/** Bodies against their verdicts; `UPDATE=1` writes the expectations anew, to be read before they are kept. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseRoutines } from '../../../src/3-parse/parse-routines.js';
import { classify } from '../../../src/4-classify/classify.js';
import type { CorpusCase } from '../../support/corpus.js';
import { readCorpus, writeCorpus } from '../../support/corpus.js';
import { parsingDatabase, type ParsingDatabase } from '../../support/parsing-database.js';
import { printTree } from '../../support/print-body.js';

const file = fileURLToPath(new URL('verdicts.corpus', import.meta.url));
const cases = readCorpus(file);
const printed = new Map<string, string>();

let database: ParsingDatabase;
beforeAll(async () => {
  database = await parsingDatabase(
    readFileSync(fileURLToPath(new URL('../3-parse/schema.sql', import.meta.url)), 'utf8'),
  );
  for (const each of cases) printed.set(each.name, await verdictText(each.input));
  if (process.env['UPDATE'] === '1')
    writeCorpus(
      file,
      cases.map((each): CorpusCase => ({ ...each, expected: printed.get(each.name) ?? '' })),
    );
}, 120_000);
afterAll(() => database.close());

it.each(cases.map((each) => [each.name, each] as const))('%s', (_, each) => {
  expect(each.expected).not.toBe('');
  expect(printed.get(each.name)).toBe(each.expected);
});

/** The newest function `f` of the input. */
async function verdictText(input: string): Promise<string> {
  await database.exec(`set check_function_bodies = off; ${input}`);
  const catalog = await database.catalog();
  const routine = catalog.routines.filter((each) => each.name === 'f').sort((a, b) => b.oid - a.oid)[0];
  if (!routine) throw new Error('the case makes no function named f');
  try {
    const body = (await parseRoutines([routine], catalog, database.db)).get(routine.oid);
    const verdict = classify(routine, body ?? [], catalog);
    const hazards = verdict.hazards.map((hazard) => `hazard ${hazard.rule}: ${hazard.message}`);
    return [...linesOf(), ...hazards].join('\n');

    function linesOf(): string[] {
      if (verdict.kind === 'keep')
        return [
          'keep',
          ...verdict.reasons.map(
            ({ id, detail, line, text = 'no text' }) => `${id}: ${detail} (line ${line}: ${text})`,
          ),
        ];
      if (verdict.kind === 'multi-step') return ['multi-step'];
      const { statement, result } = verdict;
      const columns = result.columns.map((column) => printTree(column, catalog.types)).join(', ');
      return [
        `single-statement: ${statement.kind} -> ${result.kind}${result.strict ? ' strict' : ''} [${columns}]`,
        statement.sql,
      ];
    }
  } finally {
    await database.exec(
      `do $$ declare r record; begin for r in select oid::regprocedure::text as name from pg_proc where pronamespace = 'public'::regnamespace and proname in ('f', 'g', 'h') loop execute 'drop routine ' || r.name || ' cascade'; end loop; end $$;
       drop schema if exists auth cascade; drop policy if exists own on payments; alter table payments disable row level security;`,
    );
  }
}
