/** The from items of a statement as ranges of a scope. */
import type { FromItem, RangeTable, Statement } from '../../3-parse/statement.js';
import { drizzleTable, type Range, type Scope } from '../scope.js';
import { Untranslatable } from '../untranslatable.js';

/**
 * The scope with these tables added, for a builder. A table may stand once in one FROM; in a subquery it
 * hides the outer one of the same name, whose columns are out of reach then.
 */
export function withTables(scope: Scope, tables: readonly RangeTable[]): Scope {
  const ranges = new Map(scope.ranges);
  const own = new Set<number>();
  for (const item of tables) {
    if (own.has(item.oid)) {
      throw new Untranslatable('unsupported', `${item.schema}.${item.table} twice in one query builder`);
    }
    own.add(item.oid);
    for (const [id, other] of ranges) {
      if (other.kind === 'table' && other.relation.oid === item.oid) ranges.delete(id);
    }
    ranges.set(item.range, tableRange(item, scope, null));
  }
  return { ...scope, ranges };
}

export function tableRange(item: RangeTable, scope: Scope, alias: string | null): Range {
  const relation = scope.catalog.relations.find((candidate) => candidate.oid === item.oid);
  if (relation === undefined) throw new Untranslatable('table-not-in-schema', `${item.schema}.${item.table}`);
  return { kind: 'table', table: drizzleTable(scope.tables, item.schema, item.table), relation, alias };
}

/** How often each table stands in a from list, subqueries and common tables not counted. */
export function plainTables(items: readonly FromItem[]): readonly RangeTable[] {
  return items.flatMap((item) => {
    if (item.kind === 'table') return [item];
    return item.kind === 'join' ? plainTables([item.left, item.right]) : [];
  });
}

/** The relation OIDs of a whole statement, one entry for each time it stands there. */
export function tableOccurrences(node: unknown, found: number[] = []): readonly number[] {
  if (Array.isArray(node)) for (const item of node) tableOccurrences(item, found);
  else if (typeof node === 'object' && node !== null) {
    const kind = (node as { kind?: unknown }).kind;
    if (kind === 'table' && 'oid' in node) found.push((node as unknown as RangeTable).oid);
    for (const value of Object.values(node)) tableOccurrences(value, found);
  }
  return found;
}

export type DataStatement = Exclude<Statement, { kind: 'unsupported-statement' }>;
