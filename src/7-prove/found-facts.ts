/** Facts of a body as they are gathered, and what becomes known when values meet. */
import type { Body } from '../3-parse/body.js';
import type { Expression } from '../3-parse/expression.js';
import { textsMeant } from './computed-operands.js';
import { partsOf } from './operand-leaves.js';
import type { Ranges } from './ranges.js';
import { sourcesOf, type VariableSources } from './variable-sources.js';

/** Bodies of routines by OID. */
export type Bodies = ReadonlyMap<number, Body>;

/** The sets behind BodyFacts. */
export interface Found {
  readonly bodies: Bodies;
  readonly relations: Set<number>;
  readonly written: Set<number>;
  readonly columns: Set<string>;
  readonly columnLiterals: Map<string, Set<string>>;
  readonly columnLinks: Map<string, Set<string>>;
  readonly parameterLiterals: Map<number, Set<string>>;
  readonly parameterColumns: Map<number, Set<string>>;
  readonly patternParameters: Set<number>;
  readonly parameterTypes: Map<number, Set<number>>;
  readonly variables: VariableSources;
  locks: boolean;
  notifies: boolean;
}

/** Sets operands against each other: what is a literal of one is worth a try for the others. */
export function meet(operands: readonly Expression[], found: Found, ranges: Ranges): void {
  const plain = operands.flatMap((operand) => (operand.kind === 'literal' ? [operand.text] : []));
  const others = operands.filter(({ kind }) => kind !== 'literal');
  const literals = [...new Set(others.flatMap((operand) => textsMeant(operand, plain)))];
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

export function add<Key, Value>(map: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const set = map.get(key) ?? new Set<Value>();
  map.set(key, set.add(value));
}
