/** Filters of a request as conditions of a statement: `.eq('status', x)` compares as `status = x` does. */
import type { Catalog } from '../../1-read/catalog.js';
import type { Hole } from '../../2-find/call-site.js';
import type { RequestFilter, RequestValue } from '../../2-find/request-query.js';
import type { Expression } from '../../3-parse/expression.js';
import { typeName } from '../arguments.js';
import { baseType } from '../representation.js';

export interface FilterColumn {
  readonly expression: Expression;
  readonly type: number;
}

/** What an expression of the request meets. */
export interface ComparedValue {
  readonly type: number;
  /** The column's, or of a limit its own. */
  readonly name: string;
}

/** bigint: a limit. */
export const countType = 20;
const bool = 16;
const text = 25;
const varchar = 1043;

/** The condition, or a sentence on what has none. `values` gets what each expression is compared as. */
export function asFilter(
  filter: RequestFilter,
  columns: ReadonlyMap<string, FilterColumn>,
  catalog: Catalog,
  values: Map<number, ComparedValue>,
): Expression | string {
  if (filter.kind !== 'test') {
    const operands: Expression[] = [];
    for (const one of filter.filters) {
      const operand = asFilter(one, columns, catalog, values);
      if (typeof operand === 'string') return operand;
      operands.push(operand);
    }
    return negated({ kind: filter.kind, operands, type: bool }, filter.negated);
  }
  const column = columns.get(filter.column);
  if (column === undefined) return `a filter on ${filter.column}, which the routine does not give`;
  return asTest(filter, column, catalog, values);
}

type Test = Extract<RequestFilter, { kind: 'test' }>;

function asTest(
  { operator, value, negated: not, column: name }: Test,
  { expression: operand, type: declared }: FilterColumn,
  catalog: Catalog,
  values: Map<number, ComparedValue>,
): Expression | string {
  const base = baseType(catalog, declared);
  if (base === undefined) return `a filter on ${name}`;
  const type = base.oid === varchar ? text : base.oid;
  switch (operator) {
    case 'is': {
      const word = value.kind === 'text' ? value.text : '';
      if (word === 'null') return { kind: 'null-test', operand, negated: not, type: bool };
      if (word !== 'true' && word !== 'false' && word !== 'unknown') return `.is(${word})`;
      return { kind: 'boolean-test', operand, test: word, negated: not, type: bool };
    }
    case 'in': {
      if (value.kind !== 'expression') {
        const items = value.kind === 'texts' ? value.texts : [];
        const none: Expression = { kind: 'literal', literal: 'boolean', text: 'false', type: bool };
        if (items.length === 0) return negated(none, not);
        const list = items.map((item) => literal(item, type, base.category));
        return { kind: 'in-list', operand, items: list, negated: not, type: bool };
      }
      const array = [...catalog.types.values()].find((one) => one.element === type && one.category === 'A');
      if (array === undefined) return `a list of ${base.sqlName}`;
      const right = valueNode(value, array.oid, 'A', name, values);
      return {
        kind: 'array-comparison',
        quantifier: not ? 'all' : 'any',
        operator: not ? '<>' : '=',
        left: operand,
        right,
        type: bool,
      };
    }
    case 'like':
    case 'ilike': {
      const pattern = valueNode(value, text, 'S', name, values);
      return { kind: 'pattern', form: operator, operand, pattern, escape: null, negated: not, type: bool };
    }
    default: {
      const right = valueNode(value, type, base.category, name, values);
      const symbol = symbols[operator];
      return negated({ kind: 'operator', operator: symbol, left: operand, right, type: bool }, not);
    }
  }
}

const symbols = {
  eq: '=',
  neq: '<>',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  cs: '@>',
  cd: '<@',
  ov: '&&',
} as const;

/** NOT of a comparison keeps what is unknown unknown, as the operator's opposite does. */
function negated(node: Expression, not: boolean): Expression {
  if (!not) return node;
  const opposite = node.kind === 'operator' ? opposites[node.operator] : undefined;
  if (node.kind === 'operator' && opposite !== undefined) return { ...node, operator: opposite };
  return { kind: 'not', operands: [node], type: bool };
}

const opposites: Readonly<Record<string, string>> = {
  '=': '<>',
  '<>': '=',
  '>': '<=',
  '>=': '<',
  '<': '>=',
  '<=': '>',
};

function valueNode(
  value: RequestValue,
  type: number,
  category: string,
  name: string,
  values: Map<number, ComparedValue>,
): Expression {
  if (value.kind !== 'expression') return literal(value.kind === 'text' ? value.text : '', type, category);
  values.set(value.hole.index, { type, name });
  return {
    kind: 'parameter',
    position: queryPosition(value.hole),
    name: null,
    type,
    // A comparison gives an untyped parameter the type of its other side.
    inferred: category === 'E' ? null : type,
    path: [],
  };
}

/** A constant of a URL has no type until it meets the column's. */
function literal(value: string, type: number, category: string): Expression {
  const kind =
    category === 'N' && /^-?\d{1,9}$/.test(value)
      ? 'integer'
      : category === 'B' && /^(?:true|false)$/.test(value)
        ? 'boolean'
        : 'string';
  return { kind: 'literal', literal: kind, text: value, type: kind === 'integer' ? 23 : type };
}

export function countNode(value: RequestValue): Expression {
  if (value.kind === 'expression') {
    const position = queryPosition(value.hole);
    return { kind: 'parameter', position, name: null, type: countType, inferred: countType, path: [] };
  }
  const digits = value.kind === 'text' ? value.text : '';
  return { kind: 'literal', literal: 'integer', text: digits, type: 23 };
}

/** Numbers that no argument of a routine has. */
export function queryPosition({ index }: Hole): number {
  return 1000 + index;
}

export function castTo(operand: Expression, type: number, catalog: Catalog): Expression {
  return { kind: 'cast', operand, typeName: typeName(catalog, type), type };
}
