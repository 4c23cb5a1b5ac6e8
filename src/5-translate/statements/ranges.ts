/** The from items of a statement as ranges of a scope. */
import type { FromItem, RangeTable, Statement } from '../../3-parse/statement.js';
import type { Code } from '../code.js';
import { camelCase } from '../names.js';
import { drizzleTable, tableCode, type Range, type Scope } from '../scope.js';
import { Untranslatable } from '../untranslatable.js';

/**
 * The scope with these tables added, for a builder. A table that stands twice in one FROM, or whose outer
 * namesake the statement `within` still reads, goes by an alias; otherwise it hides the outer one.
 */
export function withTables(scope: Scope, tables: readonly RangeTable[], within: unknown = null): Scope {
  const ranges = new Map(scope.ranges);
  const own = new Set<number>();
  for (const item of tables) {
    const outer = [...scope.ranges].filter(
      ([, other]) => other.kind === 'table' && other.relation.oid === item.oid,
    );
    const read = outer.some(([id]) => readsRange(within, id));
    if (own.has(item.oid) || read) {
      ranges.set(item.range, aliasedRange(item, scope));
      continue;
    }
    for (const [id] of outer) ranges.delete(id);
    own.add(item.oid);
    ranges.set(item.range, tableRange(item, scope, null));
  }
  return { ...scope, ranges };
}

/** `const parent = alias(categories, 'parent')` before the statement. */
function aliasedRange(item: RangeTable, scope: Scope): Range {
  const range = tableRange(item, scope, null);
  if (range.kind !== 'table') return range;
  const { exportName } = range.table;
  const wanted =
    item.aliased && item.alias.length > 2
      ? camelCase(item.alias)
      : `other${exportName.slice(0, 1).toUpperCase()}${exportName.slice(1)}`;
  const local = unusedLocal(wanted, scope);
  const name = item.aliased && item.alias.length > 2 ? item.alias : `other_${item.table}`;
  const callee = { kind: 'import', module: 'drizzle-orm/pg-core', name: 'alias' } as const;
  const value: Code = {
    kind: 'call',
    callee,
    arguments: [tableCode(range.table), { kind: 'string', value: name }],
  };
  scope.prelude.push({ kind: 'const', pattern: local, value });
  return { ...range, local };
}

/** A name that no constant before the statement has, and no Drizzle table. */
export function unusedLocal(wanted: string, scope: Scope): string {
  const taken = new Set([
    ...scope.prelude.flatMap((line) => (line.kind === 'const' ? [line.pattern] : [])),
    ...scope.tables.map((table) => table.exportName),
  ]);
  let name = wanted;
  for (let index = 2; taken.has(name); index += 1) name = `${wanted}${index}`;
  return name;
}

function readsRange(node: unknown, id: number): boolean {
  if (Array.isArray(node)) return node.some((item) => readsRange(item, id));
  if (typeof node !== 'object' || node === null) return false;
  const { kind, range } = node as { kind?: unknown; range?: unknown };
  if ((kind === 'column' || kind === 'whole-row') && range === id) return true;
  return Object.values(node).some((value) => readsRange(value, id));
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
