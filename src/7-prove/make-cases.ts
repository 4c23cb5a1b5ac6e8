/**
 * Simple inputs for a routine: hits on the rows that are made, a miss, no rows at all, and each argument
 * alone at the limits of its type. An argument is given as the site's TypeScript type allows.
 */
import type { Catalog, Routine } from '../1-read/catalog.js';
import type { ArgumentUse } from '../2-find/result-use.js';
import type { BodyFacts } from './body-facts.js';
import { literalsOf, makeRows, mentions } from './make-rows.js';
import type { ProofCase } from './pair.js';
import { isMoment, siteValue } from './site-value.js';
import { baseType, edgeValues, missingValue, rowValue } from './sample-values.js';

export interface ArgumentShape {
  /** Key in the `args` object of `run(db, args)`. */
  readonly key: string;
  /** 1-based among the input arguments of the routine. */
  readonly position: number;
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
  /** At most so many cases; the first ones are worth the most. 40 when left out. */
  readonly limit?: number;
}

export interface MadeCases {
  readonly cases: readonly ProofCase[];
  /** Arguments that no value is known for. */
  readonly notes: readonly string[];
}

export function makeCases(input: CaseInput): MadeCases {
  const { routine, catalog, facts } = input;
  const made = makeRows(catalog, facts, input.checks);
  const types = routine.arguments
    .filter(({ mode }) => mode === 'in' || mode === 'inout' || mode === 'variadic')
    .map(({ type }) => type);
  const notes: string[] = [];
  const columns = input.arguments.map((shape): Choice => {
    const type = types[shape.position - 1] ?? 0;
    const hits = hitTexts(input, made.values, shape.position, type);
    if (hits[0] === null) notes.push(`no value is known for argument ${shape.key}`);
    const literals = facts.parameterLiterals.get(shape.position) ?? [];
    const met = metLiterals(input, shape.position);
    return {
      shape,
      type,
      hits,
      miss: missingValue(catalog, type) ?? hits[0] ?? null,
      edges: [
        ...new Set([...literals, ...met, ...around(catalog, type, literals), ...edgeValues(catalog, type)]),
      ],
    };
  });
  const cases = [...rowCases(columns, catalog), ...edgeCases(columns, catalog)];
  const seed = made.sequences;
  const withRows = distinct(cases).map(({ name, args }): ProofCase => ({
    name,
    seed,
    rows: made.rows,
    args,
  }));
  const [hit] = cases;
  const empty: ProofCase[] = hit === undefined ? [] : [{ name: 'empty tables', seed: [], args: hit.args }];
  return {
    cases: [...withRows.slice(0, 4), ...empty, ...withRows.slice(4)].slice(0, input.limit ?? 40),
    notes,
  };
}

interface Choice {
  readonly shape: ArgumentShape;
  readonly type: number;
  /** For rows 1, 2 and 3. */
  readonly hits: readonly (string | null)[];
  readonly miss: string | null;
  readonly edges: readonly string[];
}

interface NamedArguments {
  readonly name: string;
  readonly args: unknown;
}

function rowCases(choices: readonly Choice[], catalog: Catalog): NamedArguments[] {
  const rows = [0, 1, 2].map((row) => ({
    name: `row ${String(row + 1)}`,
    args: build(choices, catalog, ({ hits }) => hits[row] ?? hits[0] ?? null),
  }));
  return [...rows, { name: 'miss', args: build(choices, catalog, ({ miss }) => miss) }];
}

/** Each argument alone, the others as in row 1. */
function edgeCases(choices: readonly Choice[], catalog: Catalog): NamedArguments[] {
  const longest = Math.max(0, ...choices.map(({ edges }) => edges.length));
  const cases: NamedArguments[] = [];
  const alone = (choice: Choice, value: unknown, name: string): void => {
    const args = build(choices, catalog, ({ hits }) => hits[0] ?? null);
    cases.push({
      name: `${choice.shape.key}: ${name}`,
      args: { ...(args as object), [choice.shape.key]: value },
    });
  };
  for (const choice of choices) {
    if (choice.shape.mayBeNull) alone(choice, null, 'NULL');
    if (choice.shape.mayBeUndefined) alone(choice, { $undefined: true }, 'undefined');
    if (choice.miss !== null) alone(choice, siteValue(choice, catalog, choice.miss), 'miss');
  }
  for (let index = 0; index < longest; index += 1) {
    for (const choice of choices) {
      const text = choice.edges[index];
      if (text !== undefined) alone(choice, siteValue(choice, catalog, text), text === '' ? 'empty' : text);
    }
  }
  return cases;
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

/** Values of the columns that the argument meets, else of a column of its name, else of its type. */
function hitTexts(
  { catalog, facts, routine }: CaseInput,
  values: ReadonlyMap<string, readonly (string | null)[]>,
  position: number,
  type: number,
): readonly (string | null)[] {
  const name =
    routine.arguments.filter(({ mode }) => mode !== 'out' && mode !== 'table')[position - 1]?.name ?? '';
  const plain = name.replace(/^(p|in|_|v|arg)_?/, '');
  const named = facts.relations.flatMap((oid) => [`${String(oid)}.${name}`, `${String(oid)}.${plain}`]);
  const base = baseType(catalog, type);
  for (const column of [...(facts.parameterColumns.get(position) ?? []), ...named]) {
    const texts = values.get(column)?.filter((text) => text !== null) ?? [];
    const category = columnCategory(catalog, column);
    if (texts.length === 0) continue;
    if (base?.category === category && (category !== 'D' || texts.every(isMoment))) return texts;
    if (base?.category === 'A' && category === baseType(catalog, base.element)?.category) {
      return [`{${texts.slice(0, 2).join(',')}}`, `{${texts.slice(1).join(',')}}`, '{}'];
    }
  }
  return [1, 2, 3].map((row) => rowValue(catalog, type, row, plain === '' ? 'value' : plain));
}

/** Literals that the argument's columns meet, in the body and in the CHECK constraints that name them. */
function metLiterals({ facts, checks }: CaseInput, position: number): readonly string[] {
  return (facts.parameterColumns.get(position) ?? []).flatMap((key) => {
    const [oid = '', ...name] = key.split('.');
    const constraints = (checks?.get(Number(oid)) ?? []).filter((check) => mentions(check, name.join('.')));
    return [...(facts.columnLiterals.get(key) ?? []), ...constraints.flatMap(literalsOf)];
  });
}

function columnCategory(catalog: Catalog, key: string): string | undefined {
  const [oid, ...name] = key.split('.');
  const relation = catalog.relations.find((candidate) => candidate.oid === Number(oid));
  const column = relation?.columns.find((candidate) => candidate.name === name.join('.'));
  return column === undefined ? undefined : baseType(catalog, column.type)?.category;
}

/** Numbers just beside the literals that the argument meets. */
function around(catalog: Catalog, type: number, literals: readonly string[]): string[] {
  if (baseType(catalog, type)?.category !== 'N') return [];
  return literals
    .filter((text) => /^-?\d+$/.test(text))
    .flatMap((text) => [String(Number(text) - 1), String(Number(text) + 1)]);
}

function distinct(cases: readonly NamedArguments[]): readonly NamedArguments[] {
  const seen = new Set<string>();
  return cases.filter(({ args }) => {
    const key = JSON.stringify(args);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
