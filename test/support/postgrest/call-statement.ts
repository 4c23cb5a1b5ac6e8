/** The statement that PostgREST sends for a call: arguments by name out of typed JSON, the result as JSON. */
import { and, sql, type SQL } from 'drizzle-orm';
import type { ChosenRoutine } from './choose-routine.js';
import { filterOf, source } from './filters.js';
import type { Asked } from './read-request.js';
import { columnsOf, orderOf, type Range } from './selection.js';

export interface Called extends Record<string, unknown> {
  readonly body: string | null;
  readonly page: string;
  /** Of all rows that fit the filters, when they were asked for. */
  readonly total: string | null;
}

export function callStatement(asked: Asked, routine: ChosenRoutine, range: Range): SQL {
  const named = routine.given.map(({ name }) => name);
  const query = asked.query.filter(([key]) => asked.method === 'POST' || !named.includes(key));
  const filters = query.filter(([key]) => !shaping.has(key)).map(([key, value]) => filterOf(key, value));
  const condition = filters.length === 0 ? sql`` : sql` where ${and(...filters) ?? sql`true`}`;
  const asks = new Map(query);
  const columns = routine.result === 'row' ? columnsOf(asks.get('select')) : sql`${sql.identifier(source)}.*`;
  const limit = range.limit === null ? sql`` : sql` limit ${sql.raw(String(range.limit))}`;
  const offset = range.offset === 0 ? sql`` : sql` offset ${sql.raw(String(range.offset))}`;
  const name = sql.identifier(source);
  const total = asked.prefer.count ? sql`(select count(*) from ${name}${condition})` : sql`null`;
  return sql`with ${name} as (${callOf(asked, routine)})
    select ${bodyOf(asked, routine)} as body, count(*)::text as page, ${total}::text as total
    from (select ${columns} from ${name}${condition}${orderOf(asks.get('order'))}${limit}${offset}) as answer`;
}

const shaping: ReadonlySet<string> = new Set(['select', 'order', 'limit', 'offset', 'columns']);

function callOf(asked: Asked, routine: ChosenRoutine): SQL {
  const { from, given } = argumentsOf(asked, routine);
  const call = sql`${sql.identifier(asked.schema)}.${sql.identifier(asked.name)}(${given})`;
  return routine.result === 'row'
    ? sql`select called.* from ${from}, lateral ${call} as called`
    : sql`select called.value from ${from}, lateral (select ${call} as value) as called`;
}

/** A parameter of JSON is typed by its column, one of a query string by the function's own declaration. */
function argumentsOf({ body }: Asked, { given, wholeBody }: ChosenRoutine): { from: SQL; given: SQL } {
  const nothing = sql`(select) as body`;
  const typeOf = (type: string): SQL => sql.raw(type);
  if (wholeBody) {
    const value = body.kind === 'raw' ? rawValue(body) : body.kind === 'json' ? body.text : '';
    return { from: nothing, given: sql`${value}::${typeOf(given[0]?.type ?? 'text')}` };
  }
  if (given.length === 0) return { from: nothing, given: sql`` };
  const pass = (one: (typeof given)[number], value: SQL): SQL =>
    sql`${sql.raw(one.variadic ? 'variadic ' : '')}${sql.identifier(one.name)} := ${value}`;
  if (body.kind === 'json') {
    const columns = given.map(({ name, type }) => sql`${sql.identifier(name)} ${typeOf(type)}`);
    const from = sql`json_to_record(${body.text}::json) as body(${sql.join(columns, sql`, `)})`;
    const values = given.map((one) => pass(one, sql`body.${sql.identifier(one.name)}`));
    return { from, given: sql.join(values, sql`, `) };
  }
  const pairs = body.kind === 'query' ? body.pairs : [];
  const values = given.map((one) => {
    const texts = pairs.filter(([key]) => key === one.name).map(([, value]) => value);
    const text = one.variadic ? `{${texts.join(',')}}` : (texts.at(-1) ?? '');
    return pass(one, sql`${text}::${typeOf(one.type)}`);
  });
  return { from: nothing, given: sql.join(values, sql`, `) };
}

function rawValue({ type, content }: { readonly type: string; readonly content: Buffer }): string {
  return type === 'bytea' ? `\\x${content.toString('hex')}` : content.toString();
}

/** Sections "Scalar functions", "Table-Valued Functions", "Singular or Plural", "Stripped Nulls". */
function bodyOf({ accept }: Asked, { result, set }: ChosenRoutine): SQL {
  const row = result === 'row' ? sql`answer` : sql`answer.value`;
  if (accept.as === 'csv') {
    const names = sql`(array_agg((select string_agg(key, ',') from json_object_keys(row_to_json(answer)) as key)))[1]`;
    return sql`coalesce(${names} || E'\n' || string_agg(substring(answer::text, 2, length(answer::text) - 2), E'\n'), '')`;
  }
  const json = accept.withoutNulls ? sql`json_strip_nulls(json_agg(${row}))` : sql`json_agg(${row})`;
  return set && accept.as === 'array'
    ? sql`coalesce(${json}, '[]')::text`
    : sql`coalesce((${json}) -> 0, 'null')::text`;
}
