/** Facts of a body as they are gathered, and what becomes known when values meet. */
import type { Body } from '../3-parse/body.js';
import type { Expression } from '../3-parse/expression.js';
import { textsMeant } from './computed-operands.js';
import { leavesOf, partsOf } from './operand-leaves.js';
import type { Ranges } from './ranges.js';
import { rowCount } from './row-variants.js';
import { sourcesOf, variableKey, type VariableSources } from './variable-sources.js';

/** Bodies of routines by OID. */
export type Bodies = ReadonlyMap<number, Body>;

/** The sets behind BodyFacts. */
export interface Found {
  readonly bodies: Bodies;
  readonly relations: Set<number>;
  readonly written: Set<number>;
  readonly columns: Set<string>;
  readonly setColumns: Set<string>;
  readonly columnLiterals: Map<string, Set<string>>;
  readonly columnLinks: Map<string, Set<string>>;
  readonly parameterLiterals: Map<number, Set<string>>;
  readonly parameterColumns: Map<number, Set<string>>;
  readonly patternParameters: Set<number>;
  readonly parameterTypes: Map<number, Set<number>>;
  readonly variables: VariableSources;
  readonly limitParameters: Set<number>;
  readonly rangeParameters: Set<number>;
  readonly nullTested: Set<string>;
  rowsAsked: number;
  locks: boolean;
  notifies: boolean;
}

/** Sets operands against each other: what is a literal of one is worth a try for the others. */
export function meet(operands: readonly Expression[], found: Found, ranges: Ranges): void {
  const plain = operands.flatMap((operand) => [
    ...literalsBehind(operand, ranges),
    ...listedIn(operand, found),
  ]);
  const others = operands.filter(({ kind }) => kind !== 'literal');
  const meant = others.flatMap((operand) => textsMeant(definitionOf(operand, found), plain));
  const literals = [...new Set(others.length > 1 && others.some(counts) ? [...meant, ...rowCounts] : meant)];
  const sources = others.map((operand) => sourcesOf(operand, ranges, found.variables));
  const columns = sources.flatMap((one) => [...one.columns]);
  // Columns of one operand are its parts; those of different ones are set against each other.
  for (const [index, one] of sources.entries()) {
    const across = sources.flatMap((other, at) => (at === index ? [] : [...other.columns]));
    for (const column of one.columns) {
      for (const other of [...across, column]) add(found.columnLinks, column, other);
    }
  }
  for (const column of columns) for (const literal of literals) add(found.columnLiterals, column, literal);
  for (const { parameters } of sources) {
    for (const position of parameters) {
      for (const literal of literals) add(found.parameterLiterals, position, literal);
      for (const column of columns) add(found.parameterColumns, position, column);
    }
  }
}

/** What a variable is set from, where that is one expression. */
function definitionOf(operand: Expression, { variables }: Found): Expression {
  if (operand.kind !== 'variable') return operand;
  const [leaf, ...others] = leavesOf(variables.get(variableKey(operand))?.definition);
  return leaf === undefined || others.length > 0 ? operand : leaf;
}

/** Literals of the list that FOREACH gives a variable. */
function listedIn(operand: Expression, { variables }: Found): readonly string[] {
  if (operand.kind !== 'variable') return [];
  const list = variables.get(variableKey(operand))?.definition;
  return list?.kind === 'array' ? leavesOf(list).flatMap((leaf) => literalsBehind(leaf, new Map())) : [];
}

/** A literal's own text, and those of a column of VALUES. */
function literalsBehind(operand: Expression, ranges: Ranges): readonly string[] {
  if (operand.kind === 'literal') return [operand.text];
  const range = operand.kind === 'column' ? ranges.get(operand.range) : undefined;
  if (operand.kind !== 'column' || range === undefined || typeof range === 'number') return [];
  const list = range.get(operand.column);
  return list?.kind === 'array' ? leavesOf(list).flatMap((leaf) => literalsBehind(leaf, new Map())) : [];
}

const rowCounts = [0, 1, 2, rowCount].map(String);

/** Does it count rows, itself or in a subquery? */
function counts(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, name } = value as { readonly kind?: unknown; readonly name?: unknown };
  return (kind === 'call' && name === 'count') || Object.values(value).some(counts);
}

export function literalText(text: string): Expression {
  return { kind: 'literal', literal: 'string', text, type: null };
}

/** What an argument of a pattern is set to where rows are to match. */
export const patternWord = 'word';

/** Texts that match, in either case, and the arguments that make the pattern. */
export function meetPattern(node: Readonly<Record<string, unknown>>, found: Found, ranges: Ranges): void {
  const parts = partsOf(node['pattern']);
  const parameters = parts.flatMap((part) => (part.kind === 'parameter' ? [part.position] : []));
  const columns = [...sourcesOf(node['operand'], ranges, found.variables).columns];
  if (parts.some(({ kind }) => kind !== 'parameter' && kind !== 'literal')) return;
  const matching = (any: string): string =>
    parts
      .map((part) =>
        part.kind === 'literal' ? part.text.replaceAll('%', any).replaceAll('_', 'b') : patternWord,
      )
      .join('');
  for (const position of parameters) {
    found.patternParameters.add(position);
    for (const column of columns) add(found.parameterColumns, position, column);
  }
  const texts = parts.length === 1 && parameters.length === 1 ? [`a ${patternWord}`] : [matching('a')];
  for (const column of columns) {
    for (const text of [...texts, matching('')]) {
      add(found.columnLiterals, column, text);
      add(found.columnLiterals, column, text.toUpperCase());
    }
  }
}

/** More rows than this are not made for a LIMIT. */
const mostRows = 31;

/** Notes one row more than LIMIT and OFFSET let through, and the arguments that a LIMIT is. */
export function meetLimit(
  { limit, offset }: { readonly limit: Expression | null; readonly offset: Expression | null },
  found: Found,
  ranges: Ranges,
): void {
  const [most = 0, skipped = 0] = [limit, offset].map((value) => {
    const counts = leavesOf(value).flatMap((leaf) => (leaf.kind === 'literal' ? Number(leaf.text) : []));
    return Math.max(0, ...counts.filter(Number.isInteger));
  });
  askRows(found, most + skipped);
  for (const leaf of leavesOf(limit)) {
    for (const position of sourcesOf(leaf, ranges, found.variables).parameters)
      found.limitParameters.add(position);
  }
}

/** Columns that are tested for NULL. */
export function meetNull(operand: unknown, found: Found, ranges: Ranges): void {
  for (const column of sourcesOf(operand, ranges, found.variables).columns) found.nullTested.add(column);
}

/** Arguments that a loop over integers begins or ends with. */
export function meetRange(bounds: readonly unknown[], found: Found): void {
  for (const bound of bounds) {
    for (const position of sourcesOf(bound, new Map(), found.variables).parameters)
      found.rangeParameters.add(position);
  }
}

/** The number of rows that shows a limit, where so many are made. */
export function askRows(found: { rowsAsked: number }, limit: number): void {
  if (limit > 0 && limit < mostRows) found.rowsAsked = Math.max(found.rowsAsked, limit + 1);
}

export function add<Key, Value>(map: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const set = map.get(key) ?? new Set<Value>();
  map.set(key, set.add(value));
}
