/**
 * SQL statements of a body. Every from item has an id that is unique in its statement, subqueries
 * included; column references point at it.
 */
import type { Expression, FunctionCall, SortKey, Window } from './expression.js';

export type Statement = Select | Insert | Update | Delete | UnsupportedStatement;

interface StatementBase {
  /** The statement as written, without INTO. */
  readonly sql: string;
  readonly line: number;
  /** What Describe gives for the statement: name and type of each column. Empty without rows; null: not asked or refused. */
  readonly columns: readonly StatementColumn[] | null;
}

export interface StatementColumn {
  readonly name: string;
  readonly type: number;
  readonly typmod: number;
}

export interface Select extends StatementBase {
  readonly kind: 'select';
  readonly with: readonly CommonTable[];
  readonly recursive: boolean;
  /** null: none · []: DISTINCT · [...]: DISTINCT ON. */
  readonly distinct: readonly Expression[] | null;
  readonly targets: readonly SelectTarget[];
  readonly from: readonly FromItem[];
  readonly where: Expression | null;
  /** An integer literal here, in `distinct` or in `orderBy` is the number of an output column. */
  readonly groupBy: readonly Expression[];
  /** `groupBy` holds grouping sets, so that a key may be NULL; distinct: GROUP BY DISTINCT. */
  readonly groupingSets: 'all' | 'distinct' | null;
  readonly having: Expression | null;
  readonly windows: readonly { readonly name: string; readonly window: Window }[];
  readonly orderBy: readonly SortKey[];
  readonly limit: Expression | null;
  readonly withTies: boolean;
  readonly offset: Expression | null;
  readonly locking: readonly Locking[];
  readonly setOperation: {
    readonly operator: 'union' | 'intersect' | 'except';
    readonly all: boolean;
    readonly left: Select;
    readonly right: Select;
  } | null;
  /** VALUES lists as a statement or from item. */
  readonly values: readonly (readonly Expression[])[] | null;
}

/** `name` is the output column's name as PostgreSQL gives it; stars are expanded. */
export interface SelectTarget {
  readonly name: string;
  readonly expression: Expression;
}

export interface CommonTable {
  readonly name: string;
  readonly range: number;
  readonly columnNames: readonly string[];
  readonly statement: Statement;
  readonly materialized: boolean | null;
}

export interface Locking {
  readonly strength: 'update' | 'no key update' | 'share' | 'key share';
  /** Ids of the from items of OF; empty: all. */
  readonly of: readonly number[];
  readonly wait: 'block' | 'skip locked' | 'nowait';
}

export type FromItem =
  RangeTable | RangeJoin | RangeSubquery | RangeFunction | RangeCommonTable | UnsupportedRange;

export interface RangeTable {
  readonly kind: 'table';
  readonly range: number;
  readonly schema: string;
  readonly table: string;
  /** pg_class OID. */
  readonly oid: number;
  readonly relationKind: 'table' | 'view';
  /** Name it goes by: the alias, else the table's. */
  readonly alias: string;
  readonly aliased: boolean;
}

export interface RangeJoin {
  readonly kind: 'join';
  readonly join: 'inner' | 'left' | 'right' | 'full' | 'cross';
  readonly left: FromItem;
  readonly right: FromItem;
  /** USING and NATURAL are spelled out as equalities. */
  readonly on: Expression | null;
  readonly using: readonly string[];
}

export interface RangeSubquery {
  readonly kind: 'subquery';
  readonly range: number;
  readonly alias: string;
  readonly lateral: boolean;
  readonly select: Select;
  readonly columnNames: readonly string[];
}

export interface RangeFunction {
  readonly kind: 'function';
  readonly range: number;
  readonly alias: string;
  readonly call: Expression;
  readonly lateral: boolean;
  readonly ordinality: boolean;
  readonly columnNames: readonly string[];
  /** `AS x(a int, b text)` as SQL, or null. */
  readonly columnDefinitions: string | null;
}

export interface RangeCommonTable {
  readonly kind: 'common-table';
  readonly range: number;
  readonly name: string;
  readonly alias: string;
}

export interface UnsupportedRange {
  readonly kind: 'unsupported-range';
  readonly construct: string;
  readonly sql: string;
}

export interface Insert extends StatementBase {
  readonly kind: 'insert';
  readonly with: readonly CommonTable[];
  readonly into: RangeTable;
  readonly insertColumns: readonly string[];
  readonly source:
    | { readonly kind: 'values'; readonly rows: readonly (readonly Expression[])[] }
    | { readonly kind: 'select'; readonly select: Select }
    | { readonly kind: 'default-values' };
  readonly overriding: 'system' | 'user' | null;
  readonly onConflict: OnConflict | null;
  readonly returning: readonly SelectTarget[];
}

export interface OnConflict {
  readonly action: 'nothing' | 'update';
  /** null: no target. Columns by name; expressions otherwise. */
  readonly target:
    | { readonly kind: 'columns'; readonly columns: readonly string[]; readonly where: Expression | null }
    | { readonly kind: 'constraint'; readonly name: string }
    | { readonly kind: 'expressions'; readonly sql: string }
    | null;
  readonly set: readonly Assignment[];
  readonly where: Expression | null;
}

export interface Assignment {
  readonly column: string;
  readonly value: Expression;
  /** SET (a, b) = (…) or SET a[1] = …: what it is called, or null for the plain form. */
  readonly form: string | null;
}

export interface Update extends StatementBase {
  readonly kind: 'update';
  readonly with: readonly CommonTable[];
  readonly table: RangeTable;
  readonly set: readonly Assignment[];
  readonly from: readonly FromItem[];
  readonly where: Expression | null;
  readonly returning: readonly SelectTarget[];
}

export interface Delete extends StatementBase {
  readonly kind: 'delete';
  readonly with: readonly CommonTable[];
  readonly table: RangeTable;
  readonly using: readonly FromItem[];
  readonly where: Expression | null;
  readonly returning: readonly SelectTarget[];
}

export interface UnsupportedStatement extends StatementBase {
  readonly kind: 'unsupported-statement';
  /** `MERGE`, `TRUNCATE`, `CREATE TABLE` … */
  readonly construct: string;
  /** Of TRUNCATE: its tables, and ` restart identity cascade`. */
  readonly truncated?: { readonly tables: readonly RangeTable[]; readonly options: string };
  readonly called?: CalledProcedure;
}

/** Of CALL: the procedure with its input arguments, and its OUT and INOUT arguments in order. */
export interface CalledProcedure {
  readonly call: FunctionCall;
  readonly outs: readonly {
    readonly name: string;
    readonly type: number;
    readonly inout: boolean;
    /** What was written in its place. */
    readonly given: Expression;
  }[];
}
