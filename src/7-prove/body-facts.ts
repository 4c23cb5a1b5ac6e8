/**
 * What the inputs of a proof can be aimed by: the tables of a body, the literals that its columns and
 * parameters meet, and the columns that its parameters are compared with or stored in.
 */
import type { Body } from '../3-parse/body.js';
import type { Expression, FunctionCall } from '../3-parse/expression.js';
import type { Statement } from '../3-parse/statement.js';
import { calledBody, meetCallee } from './callee-facts.js';
import { textsSearched } from './computed-operands.js';
import {
  add,
  literalText,
  meet,
  meetLimit,
  meetNull,
  meetPattern,
  meetRange,
  type Bodies,
  type Found,
} from './found-facts.js';
import { meetTypes } from './met-types.js';
import { leavesOf, operandsOf } from './operand-leaves.js';
import { rangesIn, type Ranges } from './ranges.js';
import { sourcesOf, variableSources } from './variable-sources.js';

export interface BodyFacts {
  /** pg_class OIDs in the order of their first mention. */
  readonly relations: readonly number[];
  /** Columns of tables that it mentions, as `oid.column`. */
  readonly columns: readonly string[];
  /** Columns that are set to a literal. */
  readonly setColumns: readonly string[];
  /** Literals that meet a column, by `oid.column`. */
  readonly columnLiterals: ReadonlyMap<string, readonly string[]>;
  /** Literals that meet an input argument, by its position. */
  readonly parameterLiterals: ReadonlyMap<number, readonly string[]>;
  /** Columns that an input argument meets, as `oid.column`, by its position. */
  readonly parameterColumns: ReadonlyMap<number, readonly string[]>;
  /** Input arguments that are a part of a pattern, by position; `patternWord` is such a part in some row. */
  readonly patternParameters: readonly number[];
  /** Types that an input argument is turned into, as pg_type OIDs, by its position. */
  readonly parameterTypes: ReadonlyMap<number, readonly number[]>;
  /** Tables that it writes, as pg_class OIDs. */
  readonly written: readonly number[];
  /** Columns that a column meets, by `oid.column`. */
  readonly columnLinks: ReadonlyMap<string, readonly string[]>;
  /** One more than the largest LIMIT lets through; 0 without one that is known and small. */
  readonly rowsAsked: number;
  /** Input arguments that are a LIMIT, by position. */
  readonly limitParameters: readonly number[];
  /** Input arguments that bound a loop over integers, by position. */
  readonly rangeParameters: readonly number[];
  /** Columns that are tested for NULL, as `oid.column`. */
  readonly nullTested: readonly string[];
  /** Has a locking clause, or writes. */
  readonly locks: boolean;
  readonly notifies: boolean;
}

/**
 * Reads the tree of a statement or of a whole body, and of the bodies that it calls.
 * @param bodies those that are known, by the OID of their routine.
 */
export function bodyFacts(root: Statement | Body, bodies: Bodies = new Map()): BodyFacts {
  const found: Found = {
    bodies,
    relations: new Set(),
    written: new Set(),
    columns: new Set(),
    setColumns: new Set(),
    columnLiterals: new Map(),
    columnLinks: new Map(),
    parameterLiterals: new Map(),
    parameterColumns: new Map(),
    patternParameters: new Set(),
    parameterTypes: new Map(),
    variables: variableSources(root),
    limitParameters: new Set(),
    rangeParameters: new Set(),
    nullTested: new Set(),
    rowsAsked: 0,
    locks: false,
    notifies: false,
  };
  meetTypes(root, found);
  visit(root, found, new Map());
  return {
    relations: [...found.relations],
    written: [...found.written],
    columns: [...found.columns],
    setColumns: [...found.setColumns],
    columnLiterals: lists(found.columnLiterals),
    columnLinks: lists(found.columnLinks),
    parameterLiterals: lists(found.parameterLiterals),
    parameterColumns: lists(found.parameterColumns),
    patternParameters: [...found.patternParameters],
    parameterTypes: lists(found.parameterTypes),
    rowsAsked: found.rowsAsked,
    limitParameters: [...found.limitParameters],
    rangeParameters: [...found.rangeParameters],
    nullTested: [...found.nullTested],
    locks: found.locks,
    notifies: found.notifies,
  };
}

type Node = Readonly<Record<string, unknown>>;

const zones = ['UTC', 'Europe/Berlin', 'Asia/Kolkata'].map(literalText);

/** What a function looks into, and texts in which it finds something. */
function searchedBy(call: FunctionCall): Expression[] {
  const texts = textsSearched(call).map(literalText);
  return texts.length === 0 ? [] : [...leavesOf(call.arguments[0]?.value), ...texts];
}

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
  const inner = isStatement && ranges.size === 0 ? rangesOf(node, found) : ranges;
  if (isStatement) visitStatement(node as unknown as Statement, found, inner);
  const relation = kind === 'column' ? inner.get(Number(node['range'])) : undefined;
  if (typeof relation === 'number') found.columns.add(`${String(relation)}.${String(node['column'])}`);
  if (kind === 'call' && node['name'] === 'pg_notify') found.notifies = true;
  meet(operandsOf(node, kind), found, inner);
  if (kind === 'at-time-zone') meet([...leavesOf(node['zone']), ...zones], found, inner);
  const called = kind === 'call' ? calledBody(node, found.bodies) : null;
  if (kind === 'call') meet(searchedBy(node as unknown as FunctionCall), found, inner);
  if (called !== null) meetCallee(node, bodyFacts(called.body, called.others), found, inner);
  if (kind === 'pattern') meetPattern(node, found, inner);
  if (kind === 'null-test') meetNull(node['operand'], found, inner);
  if (kind === 'for-range') meetRange([node['from'], node['to']], found);
  for (const child of Object.values(node)) visit(child, found, inner);
}

function rangesOf(root: unknown, found: Found): Ranges {
  const ranges = rangesIn(root);
  for (const relation of ranges.values()) if (typeof relation === 'number') found.relations.add(relation);
  return ranges;
}

function visitStatement(statement: Statement, found: Found, ranges: Ranges): void {
  if (statement.kind === 'select') {
    if (statement.locking.length > 0) found.locks = true;
    meetLimit(statement, found, ranges);
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
    if (leaf.kind === 'literal') {
      add(found.columnLiterals, key, leaf.text);
      found.setColumns.add(key);
    }
    for (const position of sourcesOf(leaf, ranges, found.variables).parameters)
      add(found.parameterColumns, position, key);
  }
  meet(leaves, found, ranges);
}

function lists<Key, Value>(map: ReadonlyMap<Key, ReadonlySet<Value>>): Map<Key, readonly Value[]> {
  return new Map([...map].map(([key, set]) => [key, [...set]]));
}
