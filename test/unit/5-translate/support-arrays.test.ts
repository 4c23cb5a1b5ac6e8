/** The helpers of array variables against PL/pgSQL: the same array text, or the same SQLSTATE and message. */
import { runInThisContext } from 'node:vm';
import { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { arraySupport } from '../../../src/5-translate/support-arrays.js';

const seed = Number(process.env['PROPERTY_SEED'] ?? 20260418);
const runs = Number(process.env['PROPERTY_RUNS'] ?? 300);

interface Helpers {
  withElement(array: string | null, at: number | readonly number[], value: string | null): string;
  withSlice(
    array: string | null,
    bounds: readonly (readonly [number | null, number | null])[],
    source: string | null,
  ): string;
  arraySlices(array: string | null, dimensions: number): readonly string[];
  subscript(value: number | null): number;
}

let database: PGlite;
const helpers = loadHelpers();

beforeAll(async () => {
  database = await PGlite.create();
  await database.exec(`
    CREATE FUNCTION set_one(a text[], i integer, v text) RETURNS text LANGUAGE plpgsql AS $$
    BEGIN a[i] := v; RETURN '= ' || a::text; EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM; END $$;
    CREATE FUNCTION set_two(a text[], i integer, j integer, v text) RETURNS text LANGUAGE plpgsql AS $$
    BEGIN a[i][j] := v; RETURN '= ' || a::text; EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM; END $$;
    CREATE FUNCTION set_part(a text[], form integer, i integer, j integer, v text[]) RETURNS text LANGUAGE plpgsql AS $$
    BEGIN
      CASE form
        WHEN 0 THEN a[i:j] := v;
        WHEN 1 THEN a[i:] := v;
        WHEN 2 THEN a[:j] := v;
        WHEN 3 THEN a[:] := v;
        WHEN 4 THEN a[i:j][:] := v;
        WHEN 5 THEN a[i:j][j:i] := v;
        ELSE a[i:j][j] := v;
      END CASE;
      RETURN '= ' || a::text;
    EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM; END $$;
    CREATE FUNCTION slices(a text[], n integer) RETURNS text LANGUAGE plpgsql AS $$
    DECLARE s text[]; o text := '';
    BEGIN
      IF n = 1 THEN FOREACH s SLICE 1 IN ARRAY a LOOP o := o || s::text || ';'; END LOOP;
      ELSE FOREACH s SLICE 2 IN ARRAY a LOOP o := o || s::text || ';'; END LOOP; END IF;
      RETURN '= ' || o;
    EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM; END $$;
  `);
}, 180_000);

afterAll(() => database.close());

const item = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('a', '1', 'x y', 'null', 'NULL', '', '"', '\\', '{', '}', ',', '=', '[1:2]'),
  },
  fc.string({ maxLength: 4, unit: fc.constantFrom('a', '"', '\\', ',', '{', '}', ' ', 'é', '\n') }),
);
const nullable = fc.option(item, { freq: 5 });
const near: fc.Arbitrary<number | null> = fc.option(fc.integer({ min: -3, max: 6 }), { freq: 12 });
const far: fc.Arbitrary<number | null> = fc.constantFrom(2147483647, -2147483648, 2147483646);
const place = fc.oneof({ weight: 8, arbitrary: near }, { weight: 1, arbitrary: far });

/** An array's text as PostgreSQL writes it. */
const array = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(null, '{}') },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.integer({ min: -2, max: 2 }), fc.array(nullable, { minLength: 1, maxLength: 4 }))
      .map(([low, items]) => bounded([low], [items.length], `{${items.map(quoted).join(',')}}`)),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })),
        fc.integer({ min: 1, max: 3 }).chain((width) =>
          fc.array(fc.array(nullable, { minLength: width, maxLength: width }), {
            minLength: 1,
            maxLength: 3,
          }),
        ),
      )
      .map(([lows, rows]) => {
        const body = rows.map((row) => `{${row.map(quoted).join(',')}}`).join(',');
        return bounded(lows, [rows.length, rows[0]?.length ?? 0], `{${body}}`);
      }),
  },
);

test('an element is assigned as in PL/pgSQL', async () => {
  await fc.assert(
    fc.asyncProperty(array, place, nullable, async (given, at, value) => {
      const text = await canonical(given);
      const old = await asked('set_one($1, $2, $3)', [text, at, value]);
      expect(await settled(() => helpers.withElement(text, helpers.subscript(at), value))).toBe(old);
    }),
    { seed, numRuns: runs },
  );
}, 180_000);

test('an element of a row is assigned as in PL/pgSQL', async () => {
  await fc.assert(
    fc.asyncProperty(array, place, place, nullable, async (given, i, j, value) => {
      const text = await canonical(given);
      const old = await asked('set_two($1, $2, $3, $4)', [text, i, j, value]);
      const at = (): number[] => [helpers.subscript(i), helpers.subscript(j)];
      expect(await settled(() => helpers.withElement(text, at(), value))).toBe(old);
    }),
    { seed, numRuns: runs },
  );
}, 180_000);

test('a slice is assigned as in PL/pgSQL', async () => {
  await fc.assert(
    fc.asyncProperty(
      array,
      fc.integer({ min: 0, max: 6 }),
      place,
      place,
      array,
      async (given, form, i, j, source) => {
        const [text, value] = [await canonical(given), await canonical(source)];
        const old = await asked('set_part($1, $2, $3, $4, $5)', [text, form, i, j, value]);
        const made = (): string => helpers.withSlice(text, boundsOf(form, i, j), value);
        expect(await settled(made)).toBe(old);
      },
    ),
    { seed, numRuns: runs },
  );
}, 180_000);

/** The bounds of `set_part`. */
function boundsOf(
  form: number,
  i: number | null,
  j: number | null,
): readonly (readonly [number | null, number | null])[] {
  const { subscript } = helpers;
  switch (form) {
    case 0:
      return [[subscript(i), subscript(j)]];
    case 1:
      return [[subscript(i), null]];
    case 2:
      return [[null, subscript(j)]];
    case 3:
      return [[null, null]];
    case 4:
      return [
        [subscript(i), subscript(j)],
        [null, null],
      ];
    case 5:
      return [
        [subscript(i), subscript(j)],
        [subscript(j), subscript(i)],
      ];
    default:
      return [
        [subscript(i), subscript(j)],
        [1, subscript(j)],
      ];
  }
}

test('the slices of an array are those of FOREACH', async () => {
  await fc.assert(
    fc.asyncProperty(array, fc.constantFrom(1, 2), async (given, dimensions) => {
      const text = await canonical(given);
      const old = await asked('slices($1, $2)', [text, dimensions]);
      const slices = (): string =>
        helpers
          .arraySlices(text, dimensions)
          .map((each) => `${each};`)
          .join('');
      expect(settledText(slices)).toBe(old);
    }),
    { seed, numRuns: runs },
  );
}, 180_000);

function quoted(value: string | null): string {
  return value === null ? 'NULL' : `"${value.replace(/["\\]/g, '\\$&')}"`;
}

function bounded(lows: readonly number[], lengths: readonly number[], body: string): string {
  return `${lows.map((low, at) => `[${low}:${low + (lengths[at] ?? 1) - 1}]`).join('')}=${body}`;
}

async function canonical(text: string | null): Promise<string | null> {
  const { rows } = await database.query<{ value: string | null }>('SELECT $1::text[]::text AS value', [text]);
  return rows[0]?.value ?? null;
}

async function asked(call: string, values: readonly unknown[]): Promise<string> {
  const { rows } = await database.query<{ value: string }>(`SELECT ${call} AS value`, [...values]);
  // The embedded server has pointers of 32 bits, which leave room for arrays of twice as many items.
  return (rows[0]?.value ?? '').replace('(268435455)', '(134217727)');
}

/** What PostgreSQL reads in the text, or the error. */
async function settled(work: () => string): Promise<string> {
  const text = settledText(work);
  return text.startsWith('= ') ? `= ${(await canonical(text.slice(2))) ?? ''}` : text;
}

function settledText(work: () => string): string {
  try {
    return `= ${work()}`;
  } catch (error) {
    return String(error instanceof Error ? error.message : error);
  }
}

/** The functions of the helpers' text, with an error class that says its SQLSTATE. */
function loadHelpers(): Helpers {
  const source = Object.values(arraySupport)
    .map(({ text }) => text.replace(/^export /gm, ''))
    .join('\n');
  const error =
    'class RoutineError extends Error { constructor(code, message) { super(`${code} ${message}`); } }';
  const script = ts.transpile(source, { target: ts.ScriptTarget.ES2022 });
  return runInThisContext(
    `(() => { ${error}\n${script}\nreturn { withElement, withSlice, arraySlices, subscript }; })()`,
  ) as Helpers;
}
