/**
 * What the inputs of a proof can be aimed by: the tables of a body, the literals that its columns and
 * parameters meet, and the columns that its parameters are compared with or stored in.
 */
import type { Body } from '../3-parse/body.js';
import type { Expression } from '../3-parse/expression.js';
import type { Statement } from '../3-parse/statement.js';
import { leavesOf, operandsOf, partsOf } from './operand-leaves.js';
import { sourcesOf, variableSources, type VariableSources } from './variable-sources.js';

export interface BodyFacts {
  /** pg_class OIDs in the order of their first mention. */
  readonly relations: readonly number[];
  /** Columns of tables that it mentions, as `oid.column`. */
  readonly columns: readonly string[];
  /** Literals that meet a column, by `oid.column`. */
  readonly columnLiterals: ReadonlyMap<string, readonly string[]>;
  /** Literals that meet an input argument, by its position. */
  readonly parameterLiterals: ReadonlyMap<number, readonly string[]>;
  /** Columns that an input argument meets, as `oid.column`, by its position. */
  readonly parameterColumns: ReadonlyMap<number, readonly string[]>;
  /** Input arguments that are a part of a pattern, by position; `patternWord` is such a part in some row. */
  readonly patternParameters: readonly number[];
  /** Tables that it writes, as pg_class OIDs. */
  readonly written: readonly number[];
  /** Columns that a column meets, by `oid.column`. */
  readonly columnLinks: ReadonlyMap<string, readonly string[]>;
  /** Has a locking clause, or writes. */
  readonly locks: boolean;
  readonly notifies: boolean;
}

/** Reads the tree of a statement or of a whole body. */
export function bodyFacts(root: Statement | Body): BodyFacts {
  const found: Found = {
    relations: new Set(),
    written: new Set(),
    columns: new Set(),
    columnLiterals: new Map(),
    columnLinks: new Map(),
    parameterLiterals: new Map(),
    parameterColumns: new Map(),
    patternParameters: new Set(),
    variables: variableSources(root),
    locks: false,
    notifies: false,
  };
  visit(root, found, new Map());
  return {
    relations: [...found.relations],
    written: [...found.written],
    columns: [...found.columns],
    columnLiterals: lists(found.columnLiterals),
    columnLinks: lists(found.columnLinks),
    parameterLiterals: lists(found.parameterLiterals),
    parameterColumns: lists(found.parameterColumns),
    patternParameters: [...found.patternParameters],
    locks: found.locks,
    notifies: found.notifies,
  };
}

interface Found {
  readonly relations: Set<number>;
  readonly written: Set<number>;
  readonly columns: Set<string>;
  readonly columnLiterals: Map<string, Set<string>>;
  readonly columnLinks: Map<string, Set<string>>;
  readonly parameterLiterals: Map<number, Set<string>>;
  readonly parameterColumns: Map<number, Set<string>>;
  readonly patternParameters: Set<number>;
  readonly variables: VariableSources;
  locks: boolean;
  notifies: boolean;
}

/** Table OIDs by range id; ids are unique within one statement. */
type Ranges = ReadonlyMap<number, number>;

type Node = Readonly<Record<string, unknown>>;

const statementKinds = new Set(['select', 'insert', 'update', 'delete', 'unsupported-statement']);

function visit(value: unknown, found: Found, ranges: Ranges): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, found, ranges);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const node = value as Node;
  const kind = typeof node['kind'] === 'string' ? node['kind'] : '';
  const isStatement = statementKinds.has(kind) && 'sql' in node;
  const inner = isStatement && ranges.size === 0 ? tableRanges(node, found) : ranges;
  if (isStatement) visitStatement(node as unknown as Statement, found, inner);
  const relation = kind === 'column' ? inner.get(Number(node['range'])) : undefined;
  if (relation !== undefined) found.columns.add(`${String(relation)}.${String(node['column'])}`);
  if (kind === 'call' && node['name'] === 'pg_notify') found.notifies = true;
  meet(operandsOf(node, kind), found, inner);
  if (kind === 'pattern') meetPattern(node, found, inner);
  for (const child of Object.values(node)) visit(child, found, inner);
}

function tableRanges(root: unknown, found: Found, ranges = new Map<number, number>()): Map<number, number> {
  if (typeof root !== 'object' || root === null) return ranges;
  const node = root as Node;
  if (node['kind'] === 'table' && typeof node['range'] === 'number' && typeof node['oid'] === 'number') {
    ranges.set(node['range'], node['oid']);
    found.relations.add(node['oid']);
  }
  for (const child of Object.values(node)) tableRanges(child, found, ranges);
  return ranges;
}

function visitStatement(statement: Statement, found: Found, ranges: Ranges): void {
  if (statement.kind === 'select') {
    if (statement.locking.length > 0) found.locks = true;
    return;
  }
  found.locks = true;
  if (statement.kind === 'update' || statement.kind === 'delete') found.written.add(statement.table.oid);
  if (statement.kind === 'insert') found.written.add(statement.into.oid);
  if (statement.kind === 'unsupported-statement') {
    if (/^\s*notify\b/i.test(statement.sql)) found.notifies = true;
  } else if (statement.kind === 'update') {
    for (const { column, value } of statement.set) store(statement.table.oid, column, value, found, ranges);
  } else if (statement.kind === 'insert') {
    const rows =
      statement.source.kind === 'values'
        ? statement.source.rows
        : statement.source.kind === 'select'
          ? [statement.source.select.targets.map(({ expression }) => expression)]
          : [];
    for (const row of rows) {
      row.forEach((value, index) => {
        const column = statement.insertColumns[index];
        if (column !== undefined) store(statement.into.oid, column, value, found, ranges);
      });
    }
    for (const { column, value } of statement.onConflict?.set ?? []) {
      store(statement.into.oid, column, value, found, ranges);
    }
  }
}

function store(relation: number, column: string, value: Expression, found: Found, ranges: Ranges): void {
  const leaves = leavesOf(value);
  const key = `${String(relation)}.${column}`;
  for (const leaf of leaves) {
    if (leaf.kind === 'literal') add(found.columnLiterals, key, leaf.text);
    for (const position of sourcesOf(leaf, ranges, found.variables).parameters)
      add(found.parameterColumns, position, key);
  }
  meet(leaves, found, ranges);
}

function meet(operands: readonly Expression[], found: Found, ranges: Ranges): void {
  const literals = operands.flatMap((operand) => (operand.kind === 'literal' ? [operand.text] : []));
  const others = operands.filter(({ kind }) => kind !== 'literal');
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
function meetPattern(node: Node, found: Found, ranges: Ranges): void {
  const parts = partsOf(node['pattern']);
  const parameters = parts.flatMap((part) => (part.kind === 'parameter' ? [part.position] : []));
  const columns = leavesOf(node['operand']).flatMap((leaf) => {
    const relation = leaf.kind === 'column' ? ranges.get(leaf.range) : undefined;
    return leaf.kind === 'column' && relation !== undefined ? [`${String(relation)}.${leaf.column}`] : [];
  });
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

function add<Key>(map: Map<Key, Set<string>>, key: Key, value: string): void {
  const set = map.get(key) ?? new Set();
  map.set(key, set.add(value));
}

function lists<Key>(map: ReadonlyMap<Key, ReadonlySet<string>>): Map<Key, readonly string[]> {
  return new Map([...map].map(([key, set]) => [key, [...set]]));
}
