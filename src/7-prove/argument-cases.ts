/** Cases by their arguments: of different rows, each alone at its limits, what is refused, and in chance company. */
import type { Catalog } from '../1-read/catalog.js';
import type { Choice } from './case-arguments.js';
import type { MadeRows } from './make-rows.js';
import type { ProofCase } from './pair.js';
import { openRandom } from './random.js';
import { baseType, pastLimit } from './sample-values.js';
import { siteValue } from './site-value.js';

/** Rows of one kind, and the arguments that go with them. */
export interface Variant {
  readonly name: string;
  readonly made: MadeRows;
  readonly choices: readonly Choice[];
  /** The rows are not alike but for one column. */
  readonly whole?: boolean;
  /**
   * From this row on, counted from 0, numbers beside the first argument are 1, which leaves alone what is multiplied
   * or divided by it.
   */
  readonly ones?: number | null;
  /** Which further cases its rows are worth. */
  readonly worth?: 'bounds' | 'zeros' | 'minus ones' | null;
}

export function caseOf({ name, made }: Variant, what: string, args: unknown): ProofCase {
  const prefix = name === '' ? '' : `${name}, `;
  return { name: `${prefix}${what}`, seed: made.sequences, rows: made.rows, args };
}

/** Arguments that take their values from the same column have those of different rows, in either order. */
export function apartCases(variant: Variant, catalog: Catalog): ProofCase[] {
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
      build(choices, catalog, ({ hits: all, shape }) => {
        const hits = [...new Set(all)];
        const place = step * (places[choices.findIndex((one) => one.shape === shape)] ?? 0);
        const many = Math.max(1, hits.length);
        return hits[((((step === 1 ? 0 : 1) + place) % many) + many) % many] ?? hits[0] ?? null;
      }),
    ),
  );
}

/** Each argument alone NULL, the others as in row 1. */
export function nullCases(variant: Variant, catalog: Catalog): ProofCase[] {
  return variant.choices
    .filter(({ shape }) => shape.mayBeNull)
    .map((choice) => alone(variant, catalog, choice, { text: null, name: 'NULL' }));
}

/** Each argument alone a value that no row holds, which a bound may well be. */
export function loneMisses(variant: Variant, catalog: Catalog): ProofCase[] {
  return variant.choices
    .filter(({ miss, hits }) => miss !== null && miss !== hits[0])
    .map((choice) => alone(variant, catalog, choice, { text: choice.miss, name: 'miss' }));
}

/** One argument is this text, the others are as in the row (counted from 0). */
function alone(
  variant: Variant,
  catalog: Catalog,
  choice: Choice,
  { text, name, row = 0, prefix = '' }: { text: string | null; name: string; row?: number; prefix?: string },
): ProofCase {
  const args = build(variant.choices, catalog, (other) =>
    other === choice ? text : (other.hits[row] ?? other.hits[0] ?? null),
  );
  return caseOf(variant, `${prefix}${choice.shape.key}: ${name}`, args);
}

/** Each bound alone beyond all rows, each number alone 0, each text alone empty, or each number alone -1. */
export function worthCases(variant: Variant, catalog: Catalog): ProofCase[] {
  const { choices, worth = null } = variant;
  const is = (choice: Choice, ...categories: readonly string[]): boolean =>
    categories.includes(baseType(catalog, choice.type)?.category ?? '');
  const inRow = (choice: Choice, text: string | null, row: number): ProofCase =>
    alone(variant, catalog, choice, { text, name: text ?? 'NULL', row, prefix: `row ${String(row + 1)}, ` });
  if (worth === 'bounds') {
    const bounds = choices.length > 1 ? choices.filter((choice) => is(choice, 'D')) : [];
    const early = (choice: Choice): readonly string[] =>
      choice.edges.filter((text) => text.startsWith('1969')).slice(0, 1);
    return bounds.flatMap((choice) => [choice.miss, ...early(choice)].map((text) => inRow(choice, text, 0)));
  }
  return choices.flatMap((choice) => {
    const texts = worth === 'zeros' ? ['0', ''] : worth === 'minus ones' ? ['-1'] : [];
    return texts
      .filter((text) => choice.edges.includes(text) && is(choice, 'N', 'S'))
      .flatMap((text) => (text === '-1' ? [0, 1, 2, 3] : [0]).map((row) => inRow(choice, text, row)));
  });
}

/** What the body compares an argument with, beside values of the others that no row holds. */
export function missedCases(variant: Variant, catalog: Catalog): ProofCase[] {
  const { choices } = variant;
  if (choices.length < 2) return [];
  return choices.flatMap((choice) =>
    choice.edges
      .filter((text) => !pastLimit.has(text))
      .slice(0, 3)
      .map((text) =>
        caseOf(
          variant,
          `${choice.shape.key}: ${text} beside misses`,
          build(choices, catalog, (other) => (other === choice ? text : other.miss)),
        ),
      ),
  );
}

/** Each argument alone, the others as in row 1. */
export function edgeCases(variant: Variant, catalog: Catalog): ProofCase[] {
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

const chances = 45;

/** Arguments drawn each for itself; what a type refuses stays alone, above. */
export function chanceCases(variants: readonly Variant[], catalog: Catalog, seed: number): ProofCase[] {
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

/** What a number refuses beside other values of the rest: a branch may leave it unread. */
export function refusedInCompany(variant: Variant, catalog: Catalog): ProofCase[] {
  const { choices } = variant;
  if (choices.length < 2) return [];
  return choices.flatMap((choice) => {
    const refused = ['1.5', 'no number'].find((text) => choice.edges.includes(text));
    if (refused === undefined) return [];
    return [0, 1, 2, 3].map((turn) => {
      const args = build(choices, catalog, (other) =>
        other === choice ? refused : (other.edges.filter((text) => !pastLimit.has(text))[turn] ?? other.miss),
      );
      const name = `${choice.shape.key}: ${refused} in company ${String(turn + 1)}`;
      return { ...caseOf(variant, name, args), refused: true };
    });
  });
}

/** Hits count twice, so that most of the cases meet rows. */
export function tameValues(choice: Choice, catalog: Catalog): readonly unknown[] {
  const { hits, edges, miss, shape } = choice;
  const texts = [...hits, ...hits, ...edges.filter((text) => !pastLimit.has(text)), miss];
  const values = texts.flatMap((text) => (text === null ? [] : [siteValue(choice, catalog, text)]));
  return shape.mayBeNull ? [...values, null] : values;
}

export function build(
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
