/** The methods of a request that choose among the rows of a set: `.select()`, filters, `.order()`, `.limit()`. */
import { ts } from 'ts-morph';
import { holeOf } from './assemble-sql.js';
import type { SiteRefusal } from './call-site.js';
import { propertyKey, unwrap } from './find-constant.js';
import { addLimit, addOrder, addRange } from './read-request-rows.js';
import { textOf } from './sent-text.js';
import { pattern, readFilter, readFilterList, readTextList } from './read-filter-text.js';
import {
  plainOperators,
  type RequestColumn,
  type RequestFilter,
  type RequestQuery,
  type RequestValue,
} from './request-query.js';

/** The query with what one method adds; null when the method is no such one. */
export function addMethod(
  query: RequestQuery,
  name: string,
  call: ts.CallExpression,
): RequestQuery | SiteRefusal | null {
  const args = [...call.arguments];
  if (name === 'select') return addColumns(query, args);
  if (name === 'order') return addOrder(query, args);
  if (name === 'limit') return addLimit(query, args);
  if (name === 'range') return addRange(query, args);
  if (!filterMethods.has(name)) return null;
  const filters = filtersOf(name, args);
  if (filters === null) return notYet(`\`${shortText(call, name)}\` on the request`);
  return { ...query, filters: [...query.filters, ...filters] };
}

const filterMethods: ReadonlySet<string> = new Set([
  ...Object.keys(plainOperators),
  'is',
  'in',
  'contains',
  'containedBy',
  'overlaps',
  'or',
  'not',
  'filter',
  'match',
]);

function filtersOf(name: string, args: readonly ts.Expression[]): readonly RequestFilter[] | null {
  const [first, second, third] = args;
  if (first === undefined) return null;
  if (name === 'match') return matchFilters(first);
  const column = textOf(first);
  if (column === null) return null;
  if (name === 'or') {
    const filters = args.length === 1 ? readFilterList(column) : null;
    return filters === null ? null : [{ kind: 'or', filters, negated: false }];
  }
  if (second === undefined || !/^[A-Za-z_][\w$]*$/.test(column)) return null;
  if (name === 'not' || name === 'filter') {
    const operator = textOf(second);
    const prefix = name === 'not' ? 'not.' : '';
    const one =
      operator === null || third === undefined ? null : operation(column, `${prefix}${operator}`, third);
    return one === null ? null : [one];
  }
  const one = method(name, column, second);
  return one === null ? null : [one];
}

/** `.eq(column, value)` and its like. */
function method(name: string, column: string, value: ts.Expression): RequestFilter | null {
  const test = (
    operator: Extract<RequestFilter, { kind: 'test' }>['operator'],
    given: RequestValue | null,
  ): RequestFilter | null =>
    given === null ? null : { kind: 'test', column, operator, value: given, negated: false };
  if (name === 'is') return readFilter(column, 'is', stateOf(value) ?? '');
  if (name === 'in') return test('in', listValue(value));
  const set = setOperators[name];
  if (set !== undefined) return test(set, setValue(value));
  const operator = plainOperators[name];
  return operator === undefined ? null : test(operator, plainValue(operator, value));
}

const setOperators: Readonly<Record<string, 'cs' | 'cd' | 'ov'>> = {
  contains: 'cs',
  containedBy: 'cd',
  overlaps: 'ov',
};

/** `.not(column, operator, value)` and `.filter(…)`, whose value is the text that is sent. */
function operation(column: string, operator: string, value: ts.Expression): RequestFilter | null {
  const bare = operator.replace(/^not\./, '');
  const text = stateOf(value) ?? textOf(value);
  if (text !== null) return readFilter(column, operator, text);
  const known = plainOperators[bare];
  if (known === undefined) return null;
  return {
    kind: 'test',
    column,
    operator: known,
    value: plainValue(known, value),
    negated: bare !== operator,
  };
}

function matchFilters(object: ts.Expression): readonly RequestFilter[] | null {
  const node = unwrap(object);
  if (!ts.isObjectLiteralExpression(node)) return null;
  const found = node.properties.map((property) => {
    if (ts.isShorthandPropertyAssignment(property)) return method('eq', property.name.text, property.name);
    const key = ts.isPropertyAssignment(property) ? propertyKey(property.name) : null;
    return key !== null && ts.isPropertyAssignment(property) ? method('eq', key, property.initializer) : null;
  });
  return found.every((one) => one !== null) ? found : null;
}

function plainValue(operator: string, value: ts.Expression): RequestValue {
  const text = textOf(value);
  if (text !== null) return { kind: 'text', text: pattern(operator, text) };
  const hole = holeOf(value, 0);
  const likes = operator === 'like' || operator === 'ilike';
  return { kind: 'expression', hole: likes ? { ...hole, form: ['', ".replace(/\\*/g, '%')"] } : hole };
}

/** An array is sent as `{a,b}`, without quotes. */
function setValue(value: ts.Expression): RequestValue {
  const text = textOf(value);
  if (text !== null) return { kind: 'text', text };
  const node = unwrap(value);
  const items = ts.isArrayLiteralExpression(node) ? node.elements.map(textOf) : [];
  const plain = items.length > 0 && items.every((one) => one !== null && /^[\w.-]+$/.test(one));
  return plain
    ? { kind: 'text', text: `{${items.join(',')}}` }
    : { kind: 'expression', hole: holeOf(value, 0) };
}

function listValue(value: ts.Expression): RequestValue | null {
  const node = unwrap(value);
  if (!ts.isArrayLiteralExpression(node)) {
    const text = ts.isStringLiteralLike(node) ? readTextList(node.text) : null;
    if (text !== null) return null;
    return { kind: 'expression', hole: holeOf(value, 0) };
  }
  const texts = node.elements.map(textOf);
  return texts.every((text) => text !== null)
    ? { kind: 'texts', texts }
    : { kind: 'expression', hole: holeOf(value, 0) };
}

function stateOf(expression: ts.Expression): string | null {
  const node = unwrap(expression);
  if (node.kind === ts.SyntaxKind.NullKeyword) return 'null';
  return textOf(node);
}

function addColumns(query: RequestQuery, [list]: readonly ts.Expression[]): RequestQuery | SiteRefusal {
  if (list === undefined) return query;
  const text = textOf(list);
  if (text === null) return notYet(`the computed columns \`${list.getText()}\``);
  const columns: RequestColumn[] = [];
  for (const item of text.split(',').map((one) => one.trim())) {
    const [, alias, source] = /^(?:([A-Za-z_][\w$]*)\s*:\s*)?([A-Za-z_][\w$]*|\*)$/.exec(item) ?? [];
    if (source === undefined) return notYet(`\`${item}\` among the columns`);
    columns.push({ source, key: alias ?? source });
  }
  return columns.every(({ source }) => source === '*') ? query : { ...query, columns };
}

function shortText(call: ts.CallExpression, name: string): string {
  return `.${name}(${call.arguments.map((one) => one.getText()).join(', ')})`.split('\n')[0] ?? name;
}

function notYet(detail: string): SiteRefusal {
  return { reason: 'rpc-not-yet', detail };
}
