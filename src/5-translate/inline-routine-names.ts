/** Names of a body that stands inside another statement: none of its tables may hide one that an argument means. */
import { some } from './cardinality.js';
import { walk } from '../4-classify/walk-body.js';
import type { Select } from '../3-parse/statement.js';
import { scanSql } from '../sql/scan-sql.js';
import { foldIdentifier } from '../sql/identifier.js';
import type { InlineInput } from './inline-routine.js';

/** Every name and keyword that the larger statement uses, outside of the call's own name. */
export function takenNames({ site, place }: Pick<InlineInput, 'site' | 'place'>): ReadonlySet<string> {
  const text = site.site.statement?.text ?? '';
  const names = (scanSql(text) ?? [])
    .filter((token) => /^(?:"|[a-z_\u0080-\uffff])/i.test(token.text) && token.start !== place.call.offset)
    .map((token) => foldIdentifier(token.text));
  return new Set(names);
}

/** A name that is not taken: itself, else with a number. */
export function freshName(name: string, taken: ReadonlySet<string>): string {
  let candidate = name;
  for (let number = 2; taken.has(candidate); number += 1) candidate = `${name}_${String(number)}`;
  return candidate;
}

/** The query with an alias for each FROM item whose name the larger statement uses too. */
export function renameRanges(select: Select, taken: ReadonlySet<string>): Select {
  const own = new Set<string>();
  walk(select, null, ({ node }) => {
    if ('alias' in node && typeof node['alias'] === 'string') own.add(node['alias']);
  });
  const renamed = new Map<string, string>();
  for (const alias of own) {
    if (!taken.has(alias)) continue;
    const name = freshName(alias, new Set([...taken, ...own, ...renamed.values()]));
    renamed.set(alias, name);
  }
  const visit = <T>(node: T): T => {
    if (Array.isArray(node)) return node.map(visit) as T;
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(
      Object.entries(node).map(([key, value]: [string, unknown]) => [
        key,
        key === 'alias' && typeof value === 'string' ? (renamed.get(value) ?? value) : visit(value),
      ]),
    ) as T;
  };
  return renamed.size === 0 ? select : visit(select);
}

/** One value of no table, and no subquery in it: whatever an argument names means the same there. */
export function isPureExpression(select: Select): boolean {
  let nested = false;
  walk(select.targets, null, ({ node }) => {
    if (node.kind === 'select') nested = true;
  });
  return isExpression(select) && !nested;
}

/** One value and no clause: SELECT may be left out. */
export function isExpression(select: Select): boolean {
  const clauses =
    select.from.length > 0 ||
    select.with.length > 0 ||
    select.where !== null ||
    select.groupBy.length > 0 ||
    select.having !== null ||
    select.distinct !== null ||
    select.orderBy.length > 0 ||
    select.limit !== null ||
    select.offset !== null ||
    select.setOperation !== null ||
    select.values !== null ||
    select.targets.length !== 1;
  return !clauses && !some(select.targets, (node) => node.kind === 'call' && node.aggregate);
}

/** May a bare name in an argument mean a column of the body's own FROM items? */
export function mayCapture(select: Select, name: string, { catalog }: Pick<InlineInput, 'catalog'>): boolean {
  let captured = false;
  walk(select, null, ({ node }) => {
    if (node.kind === 'subquery' || node.kind === 'function' || node.kind === 'common-table') captured = true;
    if (node.kind !== 'table') return;
    const relation = catalog.relations.find((one) => one.oid === node['oid']);
    const system = /^(?:ctid|xmin|xmax|cmin|cmax|tableoid)$/.test(name);
    if (
      system ||
      node['alias'] === name ||
      relation?.columns.some((column) => column.name === name) !== false
    )
      captured = true;
  });
  return captured;
}
