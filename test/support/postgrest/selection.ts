/** `select`, `order`, `limit` and `offset` of a query string (sections "Vertical Filtering", "Ordering", "Limits"). */
import { sql, type SQL } from 'drizzle-orm';
import { refusal } from './failure.js';
import { columnOf, source } from './filters.js';

export function columnsOf(select: string | undefined): SQL {
  if (select === undefined || select.trim() === '') return sql`${sql.identifier(source)}.*`;
  return sql.join(
    select.split(',').map((item) => columnOfItem(item.trim())),
    sql`, `,
  );
}

/** `alias:column->path::type`. */
function columnOfItem(item: string): SQL {
  if (item === '*') return sql`${sql.identifier(source)}.*`;
  if (item.includes('('))
    throw refusal('PGRST127', 'Feature not implemented', { details: `Embedding: ${item}` });
  const [, alias, path = '', type] = /^(?:([^:]+):(?!:))?([^:]+)(?:::(.+))?$/.exec(item) ?? [];
  if (path === '')
    throw refusal('PGRST100', `"failed to parse select parameter (${item})" (line 1, column 1)`);
  const name = alias ?? path.split(/->>?/).at(-1) ?? path;
  const value =
    type === undefined
      ? columnOf(path)
      : sql`cast(${columnOf(path)} as ${sql.raw(type.replace(/[^\w\s[\]]/g, ''))})`;
  return sql`${value} as ${sql.identifier(name)}`;
}

export function orderOf(order: string | undefined): SQL {
  if (order === undefined || order === '') return sql``;
  const terms = order.split(',').map((term) => {
    const [, column = '', direction, nulls] =
      /^(.+?)(?:\.(asc|desc))?(?:\.(nullsfirst|nullslast))?$/.exec(term) ?? [];
    const first = nulls === undefined ? '' : nulls === 'nullsfirst' ? ' nulls first' : ' nulls last';
    return sql`${columnOf(column)}${sql.raw(` ${direction ?? 'asc'}${first}`)}`;
  });
  return sql` order by ${sql.join(terms, sql`, `)}`;
}

export interface Range {
  readonly limit: number | null;
  readonly offset: number;
}

/** The smaller of what is asked for and the server's own `db-max-rows`. */
export function rangeOf(
  query: ReadonlyMap<string, string>,
  header: string | undefined,
  maxRows: number | null,
): Range {
  const [, from, to] = /^(\d+)-(\d*)$/.exec(header ?? '') ?? [];
  const last = to === undefined || to === '' ? null : Number(to);
  if (from !== undefined && last !== null && last < Number(from)) {
    throw refusal('PGRST103', 'Requested range not satisfiable', {
      details: 'The lower boundary must be lower than or equal to the upper boundary in the Range header.',
    });
  }
  const offset = Number(query.get('offset') ?? from ?? 0);
  const asked = query.has('limit')
    ? Number(query.get('limit'))
    : last === null
      ? null
      : last - Number(from) + 1;
  if (asked !== null && asked < 0) {
    throw refusal('PGRST103', 'Requested range not satisfiable', {
      details: 'Limit should be greater than or equal to zero.',
    });
  }
  const limits = [asked, maxRows].filter((limit) => limit !== null);
  return { limit: limits.length === 0 ? null : Math.min(...limits), offset };
}
