/**
 * What the text of a body says of every query that reads a table first: the query of a loop has an order, so has the
 * one query of groups, which a plan may sort by chance, and a query that locks in the body locks when it is sent.
 * What a routine that is called reads is not known here.
 */
import type { Body } from '../3-parse/body.js';
import type { Select, Statement } from '../3-parse/statement.js';
import { firstTable, tableBefore, withoutTexts } from './sent-sql.js';

/** Plain data, for it crosses a thread. */
export interface QueryRule {
  readonly table: string;
  /** Directions of the sort keys that queries of the body have, `asc,desc`; empty: an order is not asked for. */
  readonly orders: readonly string[];
  /** The only query of the body groups its rows and orders them. */
  readonly sorted?: true;
  /** ` for update skip locked`, where every query has this clause; else null. */
  readonly lock: string | null;
}

export function queryRules(root: Statement | Body): readonly QueryRule[] {
  const queries: (Select & { readonly table: string; readonly isLoop: boolean })[] = [];
  let calls = false;
  const look = (node: unknown, isLoop: boolean): void => {
    if (Array.isArray(node)) return node.forEach((item) => look(item, isLoop));
    if (typeof node !== 'object' || node === null) return;
    if ('routine' in node && typeof node.routine === 'number') calls = true;
    const query = node as Select;
    // The source of an INSERT has the same kind, and its query below it.
    const table = query.kind === 'select' && 'from' in node ? firstTable(query.from[0]) : null;
    if (table !== null) queries.push({ ...query, table, isLoop });
    for (const [key, value] of Object.entries(node))
      look(value, key === 'statement' && 'kind' in node && (node.kind as string) === 'for-query');
  };
  look(root, false);
  if (calls) return [];
  return [...new Set(queries.map(({ table }) => table))].flatMap((table) => {
    const own = queries.filter((query) => query.table === table);
    const ordered = own.every(({ isLoop, orderBy }) => isLoop && orderBy.length > 0);
    const orders = ordered
      ? own.map(({ orderBy }) => orderBy.map(({ direction }) => direction).join(','))
      : [];
    const [lock = null, ...others] = new Set(own.map(lockOf));
    const rule: QueryRule = {
      table,
      orders: [...new Set(orders)],
      lock: others.length === 0 ? lock : null,
      ...(own.length === 1 && sortsGroups(root) ? { sorted: true } : {}),
    };
    return rule.orders.length > 0 || rule.lock !== null || rule.sorted === true ? [rule] : [];
  });
}

/** A sentence on the first statement that keeps to none of them, or null. */
export function breachOfQueries(
  rules: readonly QueryRule[],
  sent: readonly { readonly sql: string }[],
): string | null {
  for (const { sql } of sent) {
    const text = withoutTexts(sql);
    const clause = lockClause.exec(text);
    const table = /^\s*select\b/i.test(text) ? tableBefore(text, clause?.index ?? text.length) : null;
    const rule = rules.find((one) => one.table === table);
    if (rule === undefined) continue;
    if (rule.orders.length > 0) {
      const order = directionsIn(text);
      if (order === null) return `rows of ${rule.table} come in no order`;
      const keys = order.split(',').length;
      if (rule.orders.every((one) => one !== order && one.split(',').length === keys))
        return `rows of ${rule.table} come in another order`;
    }
    if (rule.sorted === true && directionsIn(text) === null) return `rows of ${rule.table} come in no order`;
    if (rule.lock !== null && clauseText(clause) !== rule.lock)
      return `${rule.table} is read without${rule.lock}`;
  }
  return null;
}

function sortsGroups(root: Statement | Body): boolean {
  if (!('sql' in root) || root.kind !== 'select' || root.orderBy.length === 0) return false;
  return root.groupBy.length > 0 || root.distinct !== null;
}

function lockOf({ locking }: Select): string | null {
  const [lock] = locking;
  if (lock === undefined) return null;
  return ` for ${lock.strength}${lock.wait === 'block' ? '' : ` ${lock.wait}`}`;
}

const lockClause =
  /\s+for\s+(no\s+key\s+update|key\s+share|update|share)\b(?:\s+of\s+[\w".,\s]+?)?(\s+(?:skip\s+locked|nowait))?\s*;?\s*$/i;

function clauseText(clause: RegExpExecArray | null): string | null {
  if (clause === null) return null;
  return ` for ${clause[1] ?? ''}${clause[2] ?? ''}`.toLowerCase().replace(/\s+/g, ' ');
}

/** Directions of the last ORDER BY outside of parentheses; null: there is none. */
function directionsIn(text: string): string | null {
  let flat = text;
  for (let before = ''; before !== flat;) {
    before = flat;
    flat = flat.replace(/\([^()]*\)/g, '');
  }
  const [, keys] = /\border\s+by\s+([^]*?)(?:\s+(?:limit|offset|fetch|for)\b[^]*)?$/i.exec(flat) ?? [];
  return keys === undefined
    ? null
    : keys
        .split(',')
        .map((key) => (/\bdesc\b/i.test(key) ? 'desc' : 'asc'))
        .join(',');
}
