/** A call inside a larger statement: where it stands, what it is given, and what its place asks of other text there. */
import type { FunctionMention, ReadArgument } from './statement-reading.js';

export interface EmbeddedCall extends FunctionMention {
  /** Index behind the closing parenthesis; the call starts at `offset`. */
  readonly end: number;
  readonly arguments: readonly EmbeddedArgument[];
  /** The clause it stands in: `SELECT`, `WHERE`, `FROM`, `ON`, `SET`, `VALUES`, `RETURNING` … */
  readonly clause: string;
  /** from: an item of FROM of its own. */
  readonly form: 'expression' | 'from';
  /**
   * The name of the output column comes from the call: none: not · direct: the call alone is the column ·
   * inner: the column is more than the call (a cast, say) and yet called after it.
   */
  readonly naming: 'none' | 'direct' | 'inner';
  /** FROM items, as written, of whose rows each runs the call; null: it runs once. */
  readonly rows: string | null;
  readonly from: EmbeddedRange | null;
  /** The tables whose columns an argument may name; null when a common table may hide one. */
  readonly tables: readonly EmbeddedTable[] | null;
  /** Subqueries and functions give columns too. */
  readonly otherSources: boolean;
  /** The SELECT holds nothing but this call in its list: it may give several rows there. */
  readonly alone: boolean;
  /** The kind of statement round it compares it with other calls (GROUP BY, DISTINCT), or writes first. */
  readonly compared: boolean;
  /** A statement that writes holds it beside WITH. */
  readonly besideWrites: boolean;
  /** Why no text can take its place, as a phrase; else null. */
  readonly obstacle: string | null;
}

export interface EmbeddedTable {
  readonly schema: string | null;
  readonly table: string;
  /** What it goes by: its alias, else its name. */
  readonly name: string;
}

export interface EmbeddedRange {
  readonly alias: string | null;
  readonly columnAliases: readonly string[];
  /** LATERAL is written. */
  readonly lateral: boolean;
  /** The alias stands somewhere as a value of its own, which is the whole row. */
  readonly wholeRow: boolean;
}

export interface EmbeddedArgument extends ReadArgument {
  /** A column, parameter or constant, possibly under casts. */
  readonly atomic: boolean;
  /** Names of columns without their table, and of whole rows. */
  readonly bareNames: readonly string[];
  /** Tables that columns are qualified with, with the column. */
  readonly columns: readonly { readonly table: string; readonly column: string }[];
  readonly functions: readonly FunctionMention[];
  /** Those that stand in no subquery. */
  readonly ownFunctions: readonly FunctionMention[];
  readonly subquery: boolean;
}
