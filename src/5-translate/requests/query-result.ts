/**
 * A routine's statement with what the methods of a request ask of its rows: filters, order, limit and columns.
 * They apply to the statement itself where that is the same, else to its rows as a subquery, for a request asks
 * them of the result of the function (PostgREST documentation, "Functions as RPC", "Function filters").
 */
import type { Catalog } from '../../1-read/catalog.js';
import { queryHoles, type RequestQuery } from '../../2-find/request-query.js';
import type { Binding, OutputColumn, ResolvedSite } from '../../2-find/resolved-site.js';
import type { Expression, SortKey } from '../../3-parse/expression.js';
import type { Select } from '../../3-parse/statement.js';
import { some } from '../cardinality.js';
import type { NoDraft } from '../draft.js';
import { nullable } from '../nullability.js';
import { outerJoined } from '../selection.js';
import { positional } from '../statements/select.js';
import type { JsonSite } from './json-result.js';
import {
  asFilter,
  castTo,
  countNode,
  countType,
  queryPosition,
  type ComparedValue,
  type FilterColumn,
} from './query-filter.js';

/** A site whose request asks for nothing more is given back as it is. */
export function withQuery(given: JsonSite, catalog: Catalog): JsonSite | NoDraft {
  const query = given.use.request?.query;
  if (query === undefined) return given;
  const chosen = chooseColumns(given.site, query);
  if ('kind' in chosen) return chosen;
  const whole =
    query.filters.length + query.order.length === 0 && query.limit === null && query.offset === null;
  const { verdict } = given;
  if (whole && verdict.kind === 'single-statement') return { ...given, site: chosen };
  if (whole) return picking(given, chosen);
  if (verdict.kind === 'multi-step') return none('filters, order or limit on the rows of several steps');
  const { statement, result } = verdict;
  if (statement.kind !== 'select') return none('filters, order or limit on the rows of a write');
  if (statement.locking.length > 0) return none('filters or a limit on rows that are locked');
  const inner = needsSubquery(statement, query) ? asRows(statement) : statement;
  const columns = new Map<string, FilterColumn>();
  for (const [index, { name, type, castFrom }] of result.columns.entries()) {
    const target = inner.targets[index];
    if (target === undefined) return none(`the column ${name}`);
    const cast = castFrom !== null && castFrom !== type;
    columns.set(name, {
      expression: cast ? castTo(target.expression, type, catalog) : target.expression,
      type,
    });
  }
  const where: Expression[] = inner.where === null ? [] : [inner.where];
  const values = new Map<number, ComparedValue>();
  for (const filter of query.filters) {
    const one = asFilter(filter, columns, catalog, values);
    if (typeof one === 'string') return none(one);
    where.push(one);
  }
  const keys: SortKey[] = [];
  for (const { column, descending, nulls } of query.order) {
    const found = columns.get(column);
    if (found === undefined) return none(`an order by ${column}, which the routine does not give`);
    const direction = descending ? 'desc' : 'asc';
    const usual = descending ? 'first' : 'last';
    keys.push({
      expression: found.expression,
      direction,
      nulls: nulls ?? usual,
      explicitNulls: nulls !== null && nulls !== usual,
    });
  }
  const own = inner.orderBy.map((key) => ({ ...key, expression: positional(key.expression, inner) }));
  const changed: Select = {
    ...inner,
    where:
      where.length > 1 ? { kind: 'and', operands: where.flatMap(conjuncts), type: 16 } : (where[0] ?? null),
    // Rows that are alike in what the request orders by stay in the order of the routine.
    orderBy: [...keys, ...own.filter((key) => !keys.some((one) => same(one.expression, key.expression)))],
    limit: query.limit === null ? inner.limit : countNode(query.limit),
    offset: query.offset === null ? inner.offset : countNode(query.offset),
  };
  for (const name of ['limit', 'offset'] as const) {
    const value = query[name];
    if (value?.kind === 'expression') values.set(value.hole.index, { type: countType, name });
  }
  const site = { ...chosen, bindings: [...chosen.bindings, ...bindingsOf(query, values)] };
  const { request } = given.use;
  const use =
    request === undefined ? given.use : { ...given.use, request: { ...request, inStatement: true as const } };
  return { site, use, verdict: { ...verdict, statement: changed } };
}

/** A function of several steps gives all its columns, of which the call takes some. */
function picking(given: JsonSite, { output }: ResolvedSite): JsonSite {
  const { request } = given.use;
  if (request === undefined) return given;
  const picks = output.columns.map(({ key, source }) => ({ key, source }));
  return { ...given, use: { ...given.use, request: { ...request, picks } } };
}

/** The columns that are asked for, under their keys. */
function chooseColumns(site: ResolvedSite, { columns }: RequestQuery): ResolvedSite | NoDraft {
  if (columns === null) return site;
  if (site.output.shape !== 'row') return none('columns of a routine that gives single values');
  const all = site.output.columns;
  const chosen: OutputColumn[] = [];
  for (const { source, key } of columns) {
    const found = source === '*' ? all : all.filter((one) => one.source === source);
    if (found.length === 0) return none(`the column ${source}, which the routine does not give`);
    chosen.push(...found.map((one) => (source === '*' ? one : { ...one, key })));
  }
  if (new Set(chosen.map(({ key }) => key)).size < chosen.length) return none('a column twice');
  return { ...site, output: { ...site.output, columns: chosen } };
}

/** Where a filter or a limit on the statement itself would mean other rows. */
function needsSubquery(select: Select, query: RequestQuery): boolean {
  if (select.limit !== null || select.offset !== null || select.withTies) return true;
  if (select.distinct !== null || select.setOperation !== null || select.values !== null) return true;
  if (some(select.targets, (node) => node.kind === 'call' && node.volatile)) return true;
  const computed = some(
    select.targets,
    (node) => node.kind === 'call' && (node.aggregate || node.over !== null),
  );
  const grouped =
    computed || select.groupBy.length > 0 || select.having !== null || select.groupingSets !== null;
  return grouped && query.filters.length > 0;
}

/** Beyond what any statement numbers its tables by. */
const rowsRange = 1_000_000;

/** `SELECT rows.a, … FROM (statement) AS rows`, in the statement's own order. */
function asRows(select: Select): Select {
  const leaf = leftmost(select);
  const outer = outerJoined(leaf);
  const grouped = leaf.groupBy.length > 0;
  const targets = leaf.targets.map(({ name, expression }, index) => {
    const notNull = leaf === select && !nullable(expression, outer, grouped);
    const type = select.columns?.[index]?.type ?? expression.type;
    return {
      name,
      expression: { kind: 'column', range: rowsRange, column: name, notNull, excluded: false, type } as const,
    };
  });
  return {
    kind: 'select',
    sql: select.sql,
    line: select.line,
    columns: select.columns,
    with: [],
    recursive: false,
    distinct: null,
    targets,
    from: [{ kind: 'subquery', range: rowsRange, alias: 'rows', lateral: false, select, columnNames: [] }],
    where: null,
    groupBy: [],
    groupingSets: null,
    having: null,
    windows: [],
    orderBy: orderOfRows(select, targets),
    limit: null,
    withTies: false,
    offset: null,
    locking: [],
    setOperation: null,
    values: null,
  };
}

/** The order of a subquery's rows is that of its own keys, as far as it gives them. */
function orderOfRows(select: Select, targets: Select['targets']): readonly SortKey[] {
  const keys: SortKey[] = [];
  for (const key of select.orderBy) {
    const meant = positional(key.expression, select);
    const index = select.targets.findIndex(({ expression }) => same(expression, meant));
    const target = targets[index];
    if (target === undefined) return keys;
    keys.push({ ...key, expression: target.expression });
  }
  return keys;
}

function leftmost(select: Select): Select {
  return select.setOperation === null ? select : leftmost(select.setOperation.left);
}

function conjuncts(node: Expression): readonly Expression[] {
  return node.kind === 'and' ? node.operands.flatMap(conjuncts) : [node];
}

function same(left: Expression, right: Expression): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** The request's own values as arguments beside those of the routine. */
function bindingsOf(query: RequestQuery, values: ReadonlyMap<number, ComparedValue>): readonly Binding[] {
  return queryHoles(query).flatMap((hole): Binding[] => {
    const value = values.get(hole.index);
    if (value === undefined) return [];
    const { name, type } = value;
    const sql = `$${String(hole.index)}`;
    return [
      {
        parameter: { name, mode: 'in', type, default: null },
        position: queryPosition(hole),
        argument: { name, sql, hole, casts: [], variadic: false, holes: [hole] },
      },
    ];
  });
}

function none(detail: string): NoDraft {
  return { kind: 'none', reason: 'rpc-not-yet', detail };
}
