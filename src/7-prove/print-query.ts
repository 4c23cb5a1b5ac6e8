/** What the methods of a request ask, as PostgREST says it in SQL: values are text, and the columns give their types. */
import type { FilterOperator, RequestFilter, RequestQuery, RequestValue } from '../2-find/request-query.js';
import { quoteIdentifier } from '../sql/identifier.js';

/** Pieces of a template of Drizzle in which the result of the routine is `given`. */
export function queryText(query: RequestQuery): { readonly columns: string; readonly clauses: string } {
  const columns = (query.columns ?? [{ source: '*', key: '*' }]).map(({ source, key }) =>
    source === '*' ? 'given.*' : `${column(source)} as ${plain(quoteIdentifier(key))}`,
  );
  const where = query.filters.map(condition).join(' and ');
  const order = query.order.map(
    ({ column: name, descending, nulls }) =>
      `${column(name)}${descending ? ' desc' : ' asc'}${nulls === null ? '' : ` nulls ${nulls}`}`,
  );
  const clauses = [
    where === '' ? '' : ` where ${where}`,
    order.length === 0 ? '' : ` order by ${order.join(', ')}`,
    query.limit === null ? '' : ` limit ${value(query.limit, 'eq')}`,
    query.offset === null ? '' : ` offset ${value(query.offset, 'eq')}`,
  ];
  return { columns: columns.join(', '), clauses: clauses.join('') };
}

function condition(filter: RequestFilter): string {
  const text =
    filter.kind === 'test' ? test(filter) : `(${filter.filters.map(condition).join(` ${filter.kind} `)})`;
  return filter.negated ? `not (${text})` : text;
}

function test({ column: name, operator, value: given }: Extract<RequestFilter, { kind: 'test' }>): string {
  const left = column(name);
  if (operator === 'is') return `${left} is ${given.kind === 'text' ? given.text : ''}`;
  if (operator === 'in') return `${left} = any(${value(given, operator)})`;
  return `${left} ${symbols[operator]} ${value(given, operator)}`;
}

const symbols: Readonly<Record<Exclude<FilterOperator, 'is' | 'in'>, string>> = {
  eq: '=',
  neq: '<>',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  like: 'like',
  ilike: 'ilike',
  cs: '@>',
  cd: '<@',
  ov: '&&',
};

function value(given: RequestValue, operator: FilterOperator): string {
  if (given.kind === 'text') return `\${${JSON.stringify(given.text)}}`;
  if (given.kind === 'texts') return `\${${JSON.stringify(arrayText(given.texts))}}`;
  const { index, form } = given.hole;
  const bare = `args.a${String(index)}`;
  if (operator === 'in') return `\${'{' + ${bare}.map((one) => JSON.stringify(String(one))).join(',') + '}'}`;
  if (operator === 'cs' || operator === 'cd' || operator === 'ov') {
    return `\${Array.isArray(${bare}) ? '{' + ${bare}.join(',') + '}' : typeof ${bare} === 'object' ? JSON.stringify(${bare}) : ${bare}}`;
  }
  return `\${String(${form === undefined ? bare : form.join(bare)})}`;
}

function arrayText(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

function column(name: string): string {
  return `given.${plain(quoteIdentifier(name))}`;
}

/** Text inside a template. */
function plain(text: string): string {
  return text.replace(/[\\`]|\$\{/g, '\\$&');
}
