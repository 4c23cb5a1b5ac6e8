/**
 * A place where TypeScript names a routine of the database, found by syntax alone.
 * One call of one routine is one site; a statement that calls two routines gives two.
 * Offsets are UTF-16 code units in the file's text as read (BOM removed).
 */
import type { EmbeddedCall } from '../sql/embedded-call.js';

export interface CallSite {
  /** `path/from/root.ts:12:8`, with `#2` for the second routine of one statement. */
  readonly id: string;
  /** Absolute path. */
  readonly file: string;
  /** 1-based, of the sending call (or of the SQL text when nothing sends it). */
  readonly line: number;
  readonly column: number;
  /** The sending call without `await`: `db.execute(…)`, `pool.query(…)`, `` sql`…` `` of postgres.js. */
  readonly span: Span;
  /** execute and query: the routine call is the whole statement; embedded: part of a larger one. */
  readonly kind: 'rpc' | 'execute' | 'query' | 'embedded';
  readonly sender: Sender;
  readonly statement: SqlText | null;
  /** The routine call, or what stands in its place when it could not be read. */
  readonly call: RoutineCall | null;
  /** The name as written, for reports, also when it is computed. */
  readonly routineName: string;
  /** Set when the site is refused by syntax alone. */
  readonly refusal: SiteRefusal | null;
  /** What a call through `.rpc()` asks for; its statement and call follow from the routine. */
  readonly rpc?: import('./rpc-request.js').RpcRequest;
  /** Where an embedded call stands; missing when it cannot be replaced there. */
  readonly embedded?: EmbeddedPlace;
}

/** A call inside a larger statement, in the statement's text and in the file. */
export interface EmbeddedPlace {
  /** Indexes of `statement.text`. */
  readonly call: EmbeddedCall;
  /** The call's text in the file, inside one literal. */
  readonly span: Span;
  /** How text is written there. */
  readonly literal: 'template' | 'single' | 'double';
  /** template: `${…}` binds a value · numbered: `$n` stands in the text and its value elsewhere. */
  readonly binds: 'template' | 'numbered';
  /** The template's tag, as written. */
  readonly tag: string | null;
  /** A table or column is interpolated, so that the text with `$n` is no statement. */
  readonly interpolatesNames: boolean;
  /** Set when the text is a fragment that a query builder takes; `statement.text` has words before it. */
  readonly fragment?: FragmentPlace;
}

export interface FragmentPlace {
  /** What the builder is called on: `db`, `tx`; null where no other builder may stand in the fragment. */
  readonly executor: string | null;
  /** The words of `statement.text` before the fragment, which make a statement of it. */
  readonly before: string;
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface SiteRefusal {
  readonly reason: import('../reasons.js').ReasonId;
  /** What exactly: the construct, the parser's message, the candidates. */
  readonly detail: string;
}

/**
 * How the text is sent, by syntax: `.execute(…)`, `.query(…)`, a tag, `.rpc(…)`, or nothing seen.
 * `receiver` is the expression before the dot (`db`, `this.db`, `tx`), or the tag.
 */
export interface Sender {
  readonly form: 'execute' | 'query' | 'tag' | 'rpc' | 'none';
  readonly receiver: Span | null;
  readonly receiverText: string;
}

/** SQL with each interpolated value replaced by `$n`. */
export interface SqlText {
  readonly text: string;
  readonly holes: readonly Hole[];
}

/** One interpolated value: `$index` in the text. */
export interface Hole {
  readonly index: number;
  /** The TypeScript expression; for pg's `query(text, [a, b])` the array element. */
  readonly span: Span;
  readonly expression: string;
  /** `sql.param(value)`: Drizzle sends an array as one parameter, where a bare array becomes a list of them. */
  readonly oneParameter?: boolean;
  /** The texts before, between and after the places of the call's own value in `expression`: `['', ' ?? null']`. */
  readonly form?: readonly string[];
}

export interface RoutineCall {
  readonly schema: string | null;
  readonly name: string;
  /**
   * scalar: SELECT f(…) [AS x] · from: SELECT … FROM f(…) · expand: SELECT (f(…)).* · call: CALL p(…)
   */
  readonly form: 'scalar' | 'from' | 'expand' | 'call';
  readonly arguments: readonly CallArgument[];
  /** Output columns as the statement names them; null is `*` (or the bare scalar). */
  readonly columns: readonly CallColumn[] | null;
  /** Key of the scalar in the row: the alias, else the routine's name. */
  readonly scalarKey: string;
  /** `t` of `FROM f(…) AS t`. */
  readonly tableAlias?: string | null;
  /** `a, b` of `FROM f(…) AS t(a, b)`: they rename the routine's columns in their order. */
  readonly columnAliases?: readonly string[];
  /** The call is part of a larger statement, whose columns say nothing of its result. */
  readonly embedded?: boolean;
}

export interface CallColumn {
  readonly name: string;
  readonly alias: string;
}

export interface CallArgument {
  /** Name of `name => value`, or null for positional. */
  readonly name: string | null;
  /** The whole argument as SQL, with `$n`. */
  readonly sql: string;
  /** Set when the argument is one hole, possibly under casts. */
  readonly hole: Hole | null;
  /** Casts round the hole, innermost first: `['text', 'uuid']`. */
  readonly casts: readonly string[];
  readonly variadic: boolean;
  /** All holes in `sql`. */
  readonly holes: readonly Hole[];
  /** Set when it is the array that a VARIADIC parameter makes of several arguments; `type` is that of its elements. */
  readonly collected?: { readonly type: number; readonly items: readonly CallArgument[] };
}
