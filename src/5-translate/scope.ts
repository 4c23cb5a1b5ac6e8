/** What the names of one statement stand for while it is translated. */
import type { Catalog, Relation, Routine } from '../1-read/catalog.js';
import type { DrizzleColumn, DrizzleTable, Driver } from '../1-read/user-project.js';
import type { ArgumentSource } from './arguments.js';
import type { Code } from './code.js';
import { Untranslatable } from './untranslatable.js';

export interface Scope {
  readonly catalog: Catalog;
  readonly tables: readonly DrizzleTable[];
  readonly routine: Routine;
  readonly driver: Driver;
  readonly arguments: ReadonlyMap<number, ArgumentSource>;
  /** How a variable of the body is read, or a refusal. */
  readonly variable: (id: number, name: string) => Code | null;
  /** From items by range id. */
  readonly ranges: ReadonlyMap<number, Range>;
  /**
   * builder: tables by their Drizzle names, subqueries as builders ·
   * statement: the whole statement is one `sql` template.
   */
  readonly form: 'builder' | 'statement';
  /** OIDs of relations that stand more than once in the whole statement. */
  readonly repeated: ReadonlySet<number>;
  /** Values that the finished query is executed with, by placeholder name; filled while translating. */
  readonly placeholders: Map<string, Code>;
  /** Every argument goes through `sql`, for the column's TypeScript type may not take it. */
  readonly cautious: boolean;
}

export type Range =
  | {
      readonly kind: 'table';
      readonly table: DrizzleTable;
      readonly relation: Relation;
      readonly alias: string | null;
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
