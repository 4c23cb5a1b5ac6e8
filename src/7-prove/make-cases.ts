/**
 * Inputs for a routine, aimed at its body: hits on the rows that are made in several variants, a miss, no rows
 * at all, each argument alone at its limits, a write that is refused, and arguments in chance company. An
 * argument is given as the site's TypeScript type allows.
 */
import type { Catalog, Routine } from '../1-read/catalog.js';
import type { ArgumentUse } from '../2-find/result-use.js';
import { quoteIdentifier } from '../sql/identifier.js';
import type { BodyFacts } from './body-facts.js';
import { argumentChoices } from './case-arguments.js';
import {
  apartCases,
  build,
  caseOf,
  chanceCases,
  edgeCases,
  loneMisses,
  missedCases,
  nullCases,
  refusedInCompany,
  tameValues,
  worthCases,
  type Variant,
} from './argument-cases.js';
import { makeRows, type MadeRows } from './make-rows.js';
import type { ProofCase } from './pair.js';
import { baseType } from './sample-values.js';
import { withNearBounds } from './range-bounds.js';
import { plainRows, rowCount, rowVariants, type RowVariant } from './row-variants.js';

export interface ArgumentShape {
  /** Key in the `args` object of `run(db, args)`. */
  readonly key: string;
  /** 1-based among the input arguments of the routine. */
  readonly position: number;
  /** Of a value that is no argument of the routine: a filter of a request, say. */
  readonly type?: number;
  /** What the site's type admits; empty: what the SQL type suggests. */
  readonly members: ArgumentUse['members'];
  /** The new side looks whether a number is finite, as JSON did for the old one. */
  readonly tested?: boolean;
  readonly mayBeNull: boolean;
  readonly mayBeUndefined: boolean;
  /** The site's type is an array whose items are not NULL. */
  readonly itemsNotNull?: true;
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
    const { name, only, turn } = variant;
    const choices = withNearBounds(argumentChoices(input, made.values), facts);
    return {
      name,
      made,
      choices,
      whole: only === null && variant.falsy !== true,
      ones: only !== null && turn === 2 ? 0 : name === 'alike 2' ? 2 : null,
      worth: worthOf(variant),
    };
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
    ...chanceCases(variants.slice(0, 9), catalog, input.seed ?? 1),
    ...refusedInCompany(plain, catalog),
    ...missedCases(plain, catalog),
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

function rowCases(variant: Variant, catalog: Catalog): ProofCase[] {
  const { choices } = variant;
  const rows = Array.from({ length: rowCount }, (_, row) =>
    caseOf(
      variant,
      `row ${String(row + 1)}`,
      build(choices, catalog, (choice) => {
        const { hits, type } = choice;
        const one =
          row >= (variant.ones ?? rowCount) &&
          choice !== choices[0] &&
          baseType(catalog, type)?.category === 'N';
        return one ? '1' : (hits[row % Math.max(1, hits.length)] ?? hits[0] ?? null);
      }),
    ),
  );
  const apart = apartCases(variant, catalog);
  // Where arguments are apart, two of the rows with all of them alike are enough.
  if (variant.name !== '') {
    const few = apart.length === 0 ? rows : [...rows.slice(0, 2), ...apart];
    return variant.whole === true
      ? [
          ...few,
          ...loneMisses(variant, catalog),
          ...nullCases(variant, catalog),
          ...worthCases(variant, catalog),
        ]
      : [...few, ...worthCases(variant, catalog)];
  }
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

function worthOf({ base, turn, only, many }: RowVariant): NonNullable<Variant['worth']> | null {
  if (only !== null) return turn < 2 && only.chunk === 0 ? 'bounds' : null;
  if (base === 'edges') return 'minus ones';
  return base === 'nulls' || many !== undefined || (base === 'alike' && turn < 2) ? 'zeros' : null;
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
