/** What the names of one statement stand for while it is translated. */
import type { Catalog, Relation, Routine } from '../1-read/catalog.js';
import type { DrizzleColumn, DrizzleTable, Driver } from '../1-read/user-project.js';
import type { ArgumentUse } from '../2-find/result-use.js';
import type { VariableReference } from '../3-parse/expression.js';
import type { ArgumentSource } from './arguments.js';
import type { Code, Line } from './code.js';
import type { Fragment } from './fragment.js';
import { Untranslatable } from './untranslatable.js';

export interface Scope {
  readonly catalog: Catalog;
  readonly tables: readonly DrizzleTable[];
  readonly routine: Routine;
  readonly driver: Driver;
  readonly arguments: ReadonlyMap<number, ArgumentSource>;
  /** How a variable of the body is read in SQL, with the cast that it needs; null: it cannot be. */
  readonly variable: (node: VariableReference) => Fragment | null;
  /** The same where the column beside it gives the type; null: only SQL says it. */
  readonly bareVariable?: (node: VariableReference) => BareVariable | null;
  /** From items by range id. */
  readonly ranges: ReadonlyMap<number, Range>;
  /**
   * builder: tables by their Drizzle names, subqueries as builders ·
   * statement: the whole statement is one `sql` template ·
   * text: SQL that names tables and columns itself, as part of a larger statement.
   */
  readonly form: 'builder' | 'statement' | 'text';
  /** OIDs of relations that stand more than once in the whole statement. */
  readonly repeated: ReadonlySet<number>;
  /** Values that the finished query is executed with, by placeholder name; filled while translating. */
  readonly placeholders: Map<string, Code>;
  /** Constants that stand before the statement: `const recent = db.$with('recent').as(…)`; filled while translating. */
  readonly prelude: Line[];
  /** Ids of from items that stand for a common table; filled while translating. */
  readonly referenced: Set<number>;
  /** The user's routines that the text calls, `public.f`; filled while translating. */
  readonly staying?: Set<string>;
  /** Every argument goes through `sql`, for the column's TypeScript type may not take it. */
  readonly cautious: boolean;
}

/** A value of JavaScript with what TypeScript says of it, or a fragment of SQL that stands by itself. */
export interface BareVariable {
  readonly code: Code;
  readonly use: ArgumentUse | 'sql';
}

export type Range =
  | {
      readonly kind: 'table';
      readonly table: DrizzleTable;
      readonly relation: Relation;
      readonly alias: string | null;
      /** Name of the constant that holds an alias of the table, when it has one. */
      readonly local?: string;
    }
  /** A common table or subquery that is a builder of its own, held by a constant: keys by column name. */
  | {
      readonly kind: 'derived';
      readonly local: string;
      readonly name: string;
      readonly columns: ReadonlyMap<string, string>;
      /** Columns that are no column of a table: Drizzle writes their bare name, without the builder's. */
      readonly computed: ReadonlySet<string>;
      /** Columns of a table that it hands on: Drizzle decodes them as there. */
      readonly stored: ReadonlyMap<string, DrizzleColumn>;
    }
  /** A CTE, subquery or function in FROM: its columns are text. */
  | { readonly kind: 'text'; readonly alias: string };

/** The Drizzle table of a relation; refuses with table-not-in-schema. */
export function drizzleTable(tables: readonly DrizzleTable[], schema: string, name: string): DrizzleTable {
  const found = tables.find((table) => table.schema === schema && table.name === name);
  if (found === undefined) throw new Untranslatable('table-not-in-schema', `${schema}.${name}`);
  return found;
}

export function drizzleColumn(table: DrizzleTable, column: string): DrizzleColumn {
  const found = table.columns.find((candidate) => candidate.name === column);
  if (found === undefined)
    throw new Untranslatable('table-not-in-schema', `${table.schema}.${table.name}.${column}`);
  return found;
}

/** What a table or builder in FROM goes by in code. */
export function rangeCode(range: Extract<Range, { kind: 'table' | 'derived' }>): Code {
  if (range.kind === 'derived') return { kind: 'local', name: range.local };
  return range.local === undefined ? tableCode(range.table) : { kind: 'local', name: range.local };
}

/** `agreements.amountDue`. */
export function columnCode(table: DrizzleTable, column: DrizzleColumn): Code {
  return { kind: 'member', object: tableCode(table), property: column.property };
}

export function tableCode(table: DrizzleTable): Code {
  return { kind: 'table', schema: table.schema, table: table.name };
}

export function rangeOf(scope: Scope, id: number): Range {
  const range = scope.ranges.get(id);
  if (range === undefined)
    throw new Untranslatable('unsupported', 'a name of an outer query that is out of reach');
  return range;
}
