/**
 * What can be told from the statements that the new side sent while it ran: locks and writes come in the order
 * of the body, no lock is lost, and what must be one transaction is one.
 */
import type { Body } from '../3-parse/body.js';
import type { Statement } from '../3-parse/statement.js';
import { breachOfQueries, queryRules, type QueryRule } from './query-rules.js';
import { firstTable, tableBefore, tableName, withoutTexts } from './sent-sql.js';

/** Plain data, for it crosses a thread. */
export interface ExpectedEffects {
  /** `lock agreements`, `update agreements` in the order of the text, those that stand twice or in a loop left out. */
  readonly order: readonly string[];
  /** `lock agreements for update skip locked`. */
  readonly locks: readonly string[];
  /** The body is one statement, so that every run sends all of it. */
  readonly always: boolean;
  /** What holds for every query of the body that reads a table first. */
  readonly queries?: readonly QueryRule[];
}

export interface SentStatement {
  readonly sql: string;
  /** Values of `$1`, `$2` … as texts. */
  readonly values?: readonly (string | null)[];
  /** Was a transaction of the side's own open? */
  readonly inTransaction: boolean;
}

export function expectedEffects(root: Statement | Body): ExpectedEffects {
  const found: Found = { effects: [], locks: [] };
  visit(root, found, 'straight');
  const order = found.effects.filter(
    ({ key, repeats }) => !repeats && found.effects.filter((one) => one.key === key).length === 1,
  );
  const always = 'sql' in root;
  return {
    order: order.map(({ key }) => key),
    locks: found.locks,
    always,
    queries: queryRules(root),
  };
}

/** A sentence on the first breach of order or transaction, or null. */
export function breachOf(expected: ExpectedEffects, sent: readonly SentStatement[]): string | null {
  const alone = sent.findIndex(
    ({ sql, inTransaction }, index) => !inTransaction && index < sent.length - 1 && effectsIn(sql).length > 0,
  );
  if (alone >= 0) return 'a write or a lock stands outside of the transaction of what follows it';
  const query = breachOfQueries(expected.queries ?? [], sent);
  if (query !== null) return query;
  const seen = sent.flatMap(({ sql }) => effectsIn(sql).map(({ key }) => key));
  const first = [...new Set(seen)].filter((key) => expected.order.includes(key));
  const wanted = expected.order.filter((key) => first.includes(key));
  const at = first.findIndex((key, index) => key !== wanted[index]);
  return at < 0 ? null : `${first[at] ?? ''} comes before ${wanted[at] ?? ''}`;
}

/** Lock clauses of the body that no statement carried. */
export function lostLocks(expected: ExpectedEffects, sent: ReadonlySet<string>): readonly string[] {
  return expected.locks.filter((lock) => !sent.has(lock));
}

/** Lock clauses of one statement, as `ExpectedEffects.locks` has them. */
export function locksIn(sql: string): readonly string[] {
  return effectsIn(sql).flatMap(({ lock }) => lock ?? []);
}

interface Effect {
  readonly key: string;
  readonly lock?: string;
}

interface Found {
  readonly effects: (Effect & { readonly repeats: boolean })[];
  readonly locks: string[];
}

const loops = new Set(['for-query', 'for-range', 'foreach', 'while', 'loop']);

function visit(node: unknown, found: Found, place: 'straight' | 'loop'): void {
  if (Array.isArray(node)) return node.forEach((item) => visit(item, found, place));
  if (typeof node !== 'object' || node === null) return;
  const inner = 'kind' in node && loops.has(String(node.kind)) ? 'loop' : place;
  const own = effectOf(node);
  const note = (): void => {
    if (own === null) return;
    found.effects.push({ ...own, repeats: inner === 'loop' });
    if (own.lock !== undefined) found.locks.push(own.lock);
  };
  // As in the text: common tables come first, a write names its table next, a lock stands at the end.
  for (const [key, value] of Object.entries(node)) if (key === 'with') visit(value, found, inner);
  if (own !== null && own.lock === undefined) note();
  for (const [key, value] of Object.entries(node)) if (key !== 'with') visit(value, found, inner);
  if (own?.lock !== undefined) note();
}

function effectOf(node: object): Effect | null {
  const statement = node as Partial<Statement>;
  if (statement.sql === undefined) return null;
  if (statement.kind === 'update' || statement.kind === 'delete')
    return { key: `${statement.kind} ${statement.table?.table ?? ''}` };
  if (statement.kind === 'insert') return { key: `insert ${statement.into?.table ?? ''}` };
  if (statement.kind !== 'select') return null;
  const [lock] = statement.locking ?? [];
  const table = firstTable(statement.from?.[0]);
  if (lock === undefined || table === null) return null;
  const wait = lock.wait === 'block' ? '' : ` ${lock.wait}`;
  return { key: `lock ${table}`, lock: `lock ${table} for ${lock.strength}${wait}` };
}

const effect = new RegExp(
  [
    String.raw`\bupdate\s+(?:only\s+)?${tableName}(?:\s+(?:as\s+)?"?\w+"?)?\s+set\b`,
    String.raw`\binsert\s+into\s+${tableName}`,
    String.raw`\bdelete\s+from\s+(?:only\s+)?${tableName}`,
    String.raw`\bfor\s+(no\s+key\s+update|key\s+share|update|share)\b(?:\s+of\s+[\w".,\s]+?)?(\s+(?:skip\s+locked|nowait))?(?=\s*(?:$|[);,]))`,
  ].join('|'),
  'gi',
);

function effectsIn(sql: string): readonly Effect[] {
  const text = withoutTexts(sql);
  return [...text.matchAll(effect)].flatMap((match): Effect[] => {
    const [, updated, inserted, deleted, strength, wait] = match;
    if (updated !== undefined) return [{ key: `update ${updated}` }];
    if (inserted !== undefined) return [{ key: `insert ${inserted}` }];
    if (deleted !== undefined) return [{ key: `delete ${deleted}` }];
    const table = tableBefore(text, match.index);
    if (table === null) return [];
    const clause = `${strength ?? ''}${wait ?? ''}`.toLowerCase().replace(/\s+/g, ' ');
    return [{ key: `lock ${table}`, lock: `lock ${table} for ${clause}` }];
  });
}
