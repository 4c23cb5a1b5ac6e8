/** What the methods of a request ask of the rows of a set (PostgREST documentation, "Tables and Views"). */
import type { Hole } from './call-site.js';

export interface RequestQuery {
  /** The columns in their order, each under its key; null: all. */
  readonly columns: readonly RequestColumn[] | null;
  /** All of them hold. */
  readonly filters: readonly RequestFilter[];
  readonly order: readonly RequestOrder[];
  readonly limit: RequestValue | null;
  readonly offset: RequestValue | null;
}

export interface RequestColumn {
  /** `*`: every column. */
  readonly source: string;
  readonly key: string;
}

export type RequestFilter =
  | {
      readonly kind: 'test';
      readonly column: string;
      readonly operator: FilterOperator;
      /** Of `is` the words null, true, false or unknown; of `in` a list. */
      readonly value: RequestValue;
      readonly negated: boolean;
    }
  | { readonly kind: 'and' | 'or'; readonly filters: readonly RequestFilter[]; readonly negated: boolean };

export type FilterOperator =
  'eq' | 'neq' | 'gt' | 'gte' | 'lt' | 'lte' | 'like' | 'ilike' | 'is' | 'in' | 'cs' | 'cd' | 'ov';

/** Text of the request itself, or an expression of the code. */
export type RequestValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'texts'; readonly texts: readonly string[] }
  | { readonly kind: 'expression'; readonly hole: Hole };

export interface RequestOrder {
  readonly column: string;
  readonly descending: boolean;
  /** null: as PostgreSQL does by itself. */
  readonly nulls: 'first' | 'last' | null;
}

export const noQuery: RequestQuery = { columns: null, filters: [], order: [], limit: null, offset: null };

/** Holes of the request's values, in the order in which they stand. */
export function queryHoles({ filters, limit, offset }: RequestQuery): readonly Hole[] {
  const values = [...filters.flatMap(valuesOf), ...[limit, offset].filter((one) => one !== null)];
  return values.flatMap((one) => (one.kind === 'expression' ? [one.hole] : []));
}

function valuesOf(filter: RequestFilter): readonly RequestValue[] {
  return filter.kind === 'test' ? [filter.value] : filter.filters.flatMap(valuesOf);
}

/** The operators that take one value as text. */
export const plainOperators: Readonly<Record<string, FilterOperator>> = {
  eq: 'eq',
  neq: 'neq',
  gt: 'gt',
  gte: 'gte',
  lt: 'lt',
  lte: 'lte',
  like: 'like',
  ilike: 'ilike',
};
