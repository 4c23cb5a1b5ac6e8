/**
 * Inputs for a routine, aimed at its body: hits on the rows that are made in several variants, a miss, no rows
 * at all, each argument alone at its limits, a write that is refused, and arguments in chance company. An
 * argument is given as the site's TypeScript type allows.
 */
import type { Catalog, Routine } from '../1-read/catalog.js';
import type { ArgumentUse } from '../2-find/result-use.js';
import { quoteIdentifier } from '../sql/identifier.js';
import type { BodyFacts } from './body-facts.js';
import { argumentChoices, type Choice } from './case-arguments.js';
import { makeRows, type MadeRows } from './make-rows.js';
import type { ProofCase } from './pair.js';
import { openRandom } from './random.js';
import { plainRows, rowCount, rowVariants } from './row-variants.js';
import { pastLimit } from './sample-values.js';
import { siteValue } from './site-value.js';

export interface ArgumentShape {
  /** Key in the `args` object of `run(db, args)`. */
  readonly key: string;
  /** 1-based among the input arguments of the routine. */
  readonly position: number;
  /** Of a value that is no argument of the routine: a filter of a request, say. */
  readonly type?: number;
  /** What the site's type admits; empty: what the SQL type suggests. */
  readonly members: ArgumentUse['members'];
  readonly mayBeNull: boolean;
  readonly mayBeUndefined: boolean;
}

export interface CaseInput {
  readonly routine: Routine;
  readonly catalog: Catalog;
  readonly facts: BodyFacts;
  readonly arguments: readonly ArgumentShape[];
  /** Texts of CHECK constraints by pg_class OID; see readChecks. */
  readonly checks?: ReadonlyMap<number, readonly string[]>;
  /** At most so many cases; the first ones are worth the most. 300 when left out. */
  readonly limit?: number;
  /** Rows of the database itself, beside the made ones. */
  readonly sampled?: MadeRows;
  /** Of the chance company. */
  readonly seed?: number;
}

export interface MadeCases {
  readonly cases: readonly ProofCase[];
  /** Arguments that no value is known for. */
  readonly notes: readonly string[];
  /** Values of each argument by its key, in tagged JSON, for the search. */
  readonly vocabulary: Readonly<Record<string, readonly unknown[]>>;
}

export function makeCases(input: CaseInput): MadeCases {
  const { catalog, facts, checks } = input;
  const tables = facts.relations.length > 0;
  const variants = (tables ? rowVariants(facts) : [plainRows]).map((variant): Variant => {
    const made = makeRows(catalog, facts, checks, variant);
    return { name: variant.name, made, choices: argumentChoices(input, made.values) };
  });
  const { sampled } = input;
  if (sampled !== undefined && sampled.rows.length > 0) {
    variants.splice(1, 0, {
      name: 'sampled',
      made: sampled,
      choices: argumentChoices(input, sampled.values),
    });
  }
  const [plain] = variants;
  if (plain === undefined) return { cases: [], notes: [], vocabulary: {} };
  const rows = variants.map((variant) => rowCases(variant, catalog));
  const [hit, ...others] = rows[0] ?? [];
  const cases = [
    ...(hit === undefined ? [] : [hit]),
    ...others,
    ...(hit === undefined || !tables ? [] : [{ name: 'empty tables', seed: [], args: hit.args }]),
    ...refusedWrites(plain, input, rows[0] ?? []),
    ...edgeCases(plain, catalog),
    ...chanceCases(variants.slice(0, 8), catalog, input.seed ?? 1),
    ...rows.slice(1).flat(),
  ];
  return {
    cases: distinct(cases).slice(0, input.limit ?? 300),
    notes: plain.choices
      .filter(({ hits }) => hits[0] === null)
      .map(({ shape }) => `no value is known for argument ${shape.key}`),
    vocabulary: Object.fromEntries(
      plain.choices.map((choice) => [choice.shape.key, tameValues(choice, catalog)]),
    ),
  };
}

interface Variant {
  readonly name: string;
  readonly made: MadeRows;
  readonly choices: readonly Choice[];
}

function caseOf({ name, made }: Variant, what: string, args: unknown): ProofCase {
  const prefix = name === '' ? '' : `${name}, `;
  return { name: `${prefix}${what}`, seed: made.sequences, rows: made.rows, args };
}

function rowCases(variant: Variant, catalog: Catalog): ProofCase[] {
  const { choices } = variant;
  const rows = Array.from({ length: rowCount }, (_, row) =>
    caseOf(
      variant,
      `row ${String(row + 1)}`,
      build(choices, catalog, ({ hits }) => hits[row % Math.max(1, hits.length)] ?? hits[0] ?? null),
    ),
  );
  const apart = apartCases(variant, catalog);
  // Where arguments are apart, two of the rows with all of them alike are enough.
  if (variant.name !== '') return apart.length === 0 ? rows : [...rows.slice(0, 2), ...apart];
  return [
    ...rows,
    ...apart,
    caseOf(
      variant,
      'miss',
      build(choices, catalog, ({ miss }) => miss),
    ),
  ];
}

/** Arguments that take their values from the same column have those of different rows, in either order. */
function apartCases(variant: Variant, catalog: Catalog): ProofCase[] {
  const { choices } = variant;
  const places = choices.map(({ hits }, index) => {
    const same = choices.slice(0, index).filter((other) => other.hits.join('\n') === hits.join('\n'));
    return same.length;
  });
  if (Math.max(0, ...places) === 0) return [];
  return [1, -1].map((step) =>
    caseOf(
      variant,
      step === 1 ? 'apart' : 'apart, turned round',
      build(choices, catalog, ({ hits, shape }) => {
        const place = step * (places[choices.findIndex((one) => one.shape === shape)] ?? 0);
        const many = Math.max(1, hits.length);
        return hits[((((step === 1 ? 0 : 1) + place) % many) + many) % many] ?? hits[0] ?? null;
      }),
    ),
  );
}

/** Each argument alone, the others as in row 1. */
function edgeCases(variant: Variant, catalog: Catalog): ProofCase[] {
  const { choices } = variant;
  const longest = Math.max(0, ...choices.map(({ edges }) => edges.length));
  const cases: ProofCase[] = [];
  const base = build(choices, catalog, ({ hits }) => hits[0] ?? null) as object;
  const alone = (choice: Choice, value: unknown, name: string, refused = false): void => {
    const { key } = choice.shape;
    const made = caseOf(variant, `${key}: ${name}`, { ...base, [key]: value });
    cases.push(refused ? { ...made, refused } : made);
  };
  for (const choice of choices) {
    if (choice.shape.mayBeNull) alone(choice, null, 'NULL');
    if (choice.shape.mayBeUndefined) alone(choice, { $undefined: true }, 'undefined');
    if (choice.miss !== null) alone(choice, siteValue(choice, catalog, choice.miss), 'miss');
  }
  for (let index = 0; index < longest; index += 1) {
    for (const choice of choices) {
      const text = choice.edges[index];
      if (text === undefined) continue;
      alone(choice, siteValue(choice, catalog, text), text === '' ? 'empty' : text, pastLimit.has(text));
    }
  }
  return cases;
}

/** A write that a trigger refuses shows whether what was written before it stays. */
function refusedWrites(
  variant: Variant,
  { catalog, facts }: CaseInput,
  cases: readonly ProofCase[],
): ProofCase[] {
  return facts.written.flatMap((oid) => {
    const relation = catalog.relations.find((one) => one.oid === oid);
    if (relation === undefined || !/table$/.test(relation.kind)) return [];
    const table = `${quoteIdentifier(relation.schema)}.${quoteIdentifier(relation.name)}`;
    const refusal: ProofCase['rows'] = [
      {
        label: 'the refusing trigger',
        inserts: [
          `${refuse}CREATE TRIGGER mrpc_refuse BEFORE INSERT OR UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION pg_temp.mrpc_refuse()`,
        ],
      },
    ];
    return cases.slice(0, 2).map((one) => ({
      ...one,
      name: `${one.name}, ${relation.name} refuses`,
      rows: [...variant.made.rows, ...refusal],
    }));
  });
}

const refuse = `CREATE FUNCTION pg_temp.mrpc_refuse() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'refused by the proof' USING ERRCODE = 'check_violation'; END $$;
`;

const chances = 40;

/** Arguments drawn each for itself; what a type refuses stays alone, above. */
function chanceCases(variants: readonly Variant[], catalog: Catalog, seed: number): ProofCase[] {
  const random = openRandom(seed);
  const [plain] = variants;
  if (plain === undefined || plain.choices.length === 0) return [];
  return Array.from({ length: chances }, (_, index) => {
    const variant = variants[index % variants.length] ?? plain;
    const args = variant.choices.map((choice) => {
      const values = tameValues(choice, catalog);
      return [choice.shape.key, values[random.below(values.length)] ?? null];
    });
    return caseOf(variant, `chance ${String(index + 1)}`, Object.fromEntries(args));
  });
}

/** Hits count twice, so that most of the cases meet rows. */
function tameValues(choice: Choice, catalog: Catalog): readonly unknown[] {
  const { hits, edges, miss, shape } = choice;
  const texts = [...hits, ...hits, ...edges.filter((text) => !pastLimit.has(text)), miss];
  const values = texts.flatMap((text) => (text === null ? [] : [siteValue(choice, catalog, text)]));
  return shape.mayBeNull ? [...values, null] : values;
}

function build(
  choices: readonly Choice[],
  catalog: Catalog,
  pick: (choice: Choice) => string | null,
): unknown {
  return Object.fromEntries(
    choices.map((choice) => {
      const text = pick(choice);
      return [choice.shape.key, text === null ? null : siteValue(choice, catalog, text)];
    }),
  );
}

function distinct(cases: readonly ProofCase[]): readonly ProofCase[] {
  const seen = new Set<string>();
  const numbers = new Map<ProofCase['rows'], number>();
  return cases.filter(({ args, rows }) => {
    const number = numbers.get(rows) ?? numbers.size;
    numbers.set(rows, number);
    const key = `${String(number)} ${JSON.stringify(args)}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
