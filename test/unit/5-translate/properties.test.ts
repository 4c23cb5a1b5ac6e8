/**
 * Random bodies, old against new: PostgreSQL's value or SQLSTATE is what the generated TypeScript gives.
 * PROPERTY_SEED and PROPERTY_RUNS take other bodies and more of them.
 */
import { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCatalog } from '../../../src/1-read/read-catalog.js';
import type { UserProject } from '../../../src/1-read/user-project.js';
import type { ResolvedSite } from '../../../src/2-find/resolved-site.js';
import { parseRoutines } from '../../../src/3-parse/parse-routines.js';
import { classify } from '../../../src/4-classify/classify.js';
import type { ModuleDraft } from '../../../src/5-translate/draft.js';
import { translateSteps } from '../../../src/5-translate/translate-steps.js';
import { openHead, openPrinter } from '../../../src/7-prove/pair-printer.js';
import { startUserRuntime, type UserRuntime } from '../../../src/7-prove/user-runtime.js';
import { startEmbedded, type EmbeddedDatabase } from '../../../src/io/embedded-database.js';
import { asSteps } from '../../../src/pipeline/callee-drafts.js';
import { loadSqlParser } from '../../../src/sql/load-sql-parser.js';
import {
  conditionBody,
  input,
  integerBody,
  parameters,
  programBody,
  type Input,
} from '../../support/random-bodies.js';

const seed = Number(process.env['PROPERTY_SEED'] ?? 20260322);
const runs = Number(process.env['PROPERTY_RUNS'] ?? 60);
const inputsEach = 12;

let old: EmbeddedDatabase;
let pglite: PGlite;
let runtime: UserRuntime;

beforeAll(async () => {
  await loadSqlParser();
  [old, pglite] = await Promise.all([startEmbedded({ extensions: [] }), PGlite.create()]);
  runtime = await startUserRuntime(
    { packageFile: `${process.cwd()}/package.json`, driver: 'node-postgres' },
    pglite,
  );
  await old.query(attempt);
});

afterAll(async () => {
  await old.terminate();
  await pglite.close();
});

/** The value as text behind a sign, or the SQLSTATE. */
const attempt = `CREATE FUNCTION attempt(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  value text;
BEGIN
  EXECUTE 'SELECT (' || call || ')::text' INTO value;
  RETURN '= ' || coalesce(value, 'NULL');
EXCEPTION
  WHEN OTHERS THEN
    RETURN SQLSTATE;
END $$`;

test.each([
  { what: 'conditions over what may be NULL', body: conditionBody, computed: 0.9 },
  { what: 'int4 expressions', body: integerBody, computed: 0.9 },
  { what: 'straight-line programs over two variables', body: programBody, computed: 0.8 },
])(`$what (seed ${String(seed)}, ${String(runs)} bodies)`, async ({ what, body, computed }) => {
  const schema = what.replace(/\W+/g, '_').toLowerCase();
  const bodies = [...new Set(fc.sample(body, { seed, numRuns: runs }))];
  const inputs = fc.sample(fc.array(input, { minLength: inputsEach, maxLength: inputsEach }), {
    seed,
    numRuns: bodies.length,
  });
  const signature = parameters.map(({ name, type }) => `${name} ${type}`).join(', ');
  await old.query(
    [
      `CREATE SCHEMA ${schema}`,
      ...bodies.map(
        (text, index) =>
          `CREATE FUNCTION ${schema}.f${String(index)}(${signature}) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS $$ ${text} $$`,
      ),
    ].join(';\n'),
  );
  const { made, head } = await translated(schema);
  const texts = bodies.map((_, index) => made.get(`f${String(index)}`));
  expect(texts.filter((text) => text === undefined)).toEqual([]);
  const alone = texts.filter((text) => text?.includes('_sql`') === false).length;
  expect(alone / bodies.length, 'the share that takes no round trip').toBeGreaterThan(computed);

  const expected = await answersOf(schema, inputs);
  const module = [head, ...texts.map((text) => `export ${text ?? ''}`)].join('\n');
  const functions = await runtime.evaluate(module, `${process.cwd()}/properties-${schema}.ts`);
  const differing: unknown[] = [];
  for (const [index, text] of bodies.entries()) {
    for (const [at, values] of (inputs[index] ?? []).entries()) {
      const actual = await answerOf(functions[`f${String(index)}`], values);
      const wanted = expected[index * inputsEach + at];
      if (actual !== wanted) differing.push({ text, values, wanted, actual, made: texts[index] });
    }
  }
  expect(shortest(differing)).toEqual([]);
});

interface Made {
  /** Functions by name; what is not complete is absent. */
  readonly made: ReadonlyMap<string, string>;
  /** Imports and helpers of them all. */
  readonly head: string;
}

/** Every function of the schema as TypeScript. */
async function translated(schema: string): Promise<Made> {
  const catalog = await readCatalog(old);
  const routines = catalog.routines.filter((routine) => routine.schema === schema);
  const parsed = await parseRoutines(routines, catalog, old);
  const shared = openHead();
  const made = new Map<string, string>();
  for (const routine of routines) {
    const body = parsed.get(routine.oid);
    if (body === undefined || !('kind' in body)) continue;
    const verdict = asSteps({ routine, verdict: classify(routine, body, catalog), body });
    if (verdict === null) continue;
    const nullable = new Set(parameters.map((_, index) => index + 1));
    const draft = translateSteps({ routine, verdict, catalog, project, nullable, columns: [] });
    if (draft.kind !== 'module' || draft.completeness !== 'complete') continue;
    made.set(routine.name, printed(routine.name, draft, shared));
  }
  return { made, head: openPrinter({} as ResolvedSite, project, 'db', null, new Map(), shared).head() };
}

const project: UserProject = {
  root: '/project',
  packageFile: '/project/package.json',
  tsconfig: null,
  drizzleVersion: '0.45.4',
  tables: [],
  clients: [{ file: '/project/db.ts', exportName: 'db', driver: 'node-postgres' }],
  transactionHelpers: [],
  notes: [],
};

function printed(name: string, draft: ModuleDraft, shared: ReturnType<typeof openHead>): string {
  // Names of arguments are those of the draft's own parameters, so no site is asked.
  const printer = openPrinter({} as ResolvedSite, project, draft.executor, draft, new Map(), shared);
  const names = parameters.map((parameter, index) => {
    const own = draft.parameters.find(({ position }) => position === index + 1);
    return own?.name ?? parameter.name;
  });
  return `async function ${name}(${draft.executor}, [${names.join(', ')}]) {\n${printer.lines(draft.body)}\n}`;
}

/** PostgreSQL's answers, those of one body after those of the other, in one statement. */
async function answersOf(schema: string, inputs: readonly (readonly Input[])[]): Promise<readonly string[]> {
  const calls = inputs.flatMap((list, index) =>
    list.map((values) => {
      const given = values.map((value, at) => {
        const { type = 'text' } = parameters[at] ?? {};
        return value === null ? `NULL::${type}` : `'${String(value)}'::${type}`;
      });
      return `${schema}.f${String(index)}(${given.join(', ')})`;
    }),
  );
  const list = calls.map((call) => `('${call.replaceAll("'", "''")}')`).join(', ');
  const results = await old.query(`SELECT attempt(call) AS answer FROM (VALUES ${list}) AS calls (call)`);
  return results.flatMap(({ rows }) => rows.map((row) => String(row['answer'])));
}

async function answerOf(run: unknown, values: Input): Promise<string> {
  try {
    const value = await (run as (db: unknown, values: Input) => Promise<unknown>)(runtime.db, values);
    return `= ${value === null ? 'NULL' : JSON.stringify(value)}`;
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    return cause?.code ?? String(error);
  }
}

function shortest(differing: readonly unknown[]): readonly unknown[] {
  const length = (one: unknown): number => JSON.stringify(one).length;
  return [...differing].sort((a, b) => length(a) - length(b)).slice(0, 1);
}
