/** What a statement calls: the one call that it consists of, if so, and every function that it names. */

export interface StatementReading {
  /** Set when the statement is nothing but one call and a plain choice of its columns. */
  readonly whole: WholeCall | null;
  /** Why `whole` is null, as a phrase; empty otherwise. */
  readonly obstacle: string;
  /** Every function or procedure call at any depth, in text order. */
  readonly mentions: readonly FunctionMention[];
}

export interface FunctionMention {
  readonly schema: string | null;
  readonly name: string;
  /** Index in the text of the (qualified) name. */
  readonly offset: number;
}

export interface WholeCall extends FunctionMention {
  /** scalar: SELECT f(…) · from: SELECT … FROM f(…) · expand: SELECT (f(…)).* · call: CALL p(…) */
  readonly form: 'scalar' | 'from' | 'expand' | 'call';
  readonly arguments: readonly ReadArgument[];
  /** Null is `*`, or the bare scalar. */
  readonly columns: readonly { readonly name: string; readonly alias: string }[] | null;
  /** `t` of `FROM f(…) AS t`. */
  readonly tableAlias: string | null;
  /** `a, b` of `FROM f(…) AS t(a, b)`. */
  readonly columnAliases: readonly string[];
  /** The alias of a scalar, else the routine's name. */
  readonly scalarKey: string;
}

export interface ReadArgument {
  readonly name: string | null;
  /** Indexes in the text of the value, without `name =>` and VARIADIC. */
  readonly start: number;
  readonly end: number;
  /** `n` when the argument is `$n`, possibly under casts. */
  readonly parameter: number | null;
  /** Casts round that parameter, innermost first, as written. */
  readonly casts: readonly string[];
  readonly variadic: boolean;
  /** Numbers of all parameters inside, in text order. */
  readonly parameters: readonly number[];
}
