/** Queries whose rows can be a part of another statement: read at once, and in no order that could be told. */
import type { Select } from '../../3-parse/statement.js';

/** Rows of tables as they are, each evaluated by itself, with locks that wait. */
export function isPlainQuery(select: Select): boolean {
  const plain =
    select.with.length === 0 &&
    select.distinct === null &&
    select.groupBy.length === 0 &&
    select.having === null &&
    select.windows.length === 0 &&
    select.limit === null &&
    select.offset === null &&
    select.setOperation === null &&
    select.values === null &&
    select.locking.every(({ wait }) => wait === 'block');
  // In the order of its turns a loop locks what it changes.
  const ordered = select.orderBy.length > 0 && select.locking.length === 0;
  return plain && !ordered && isSteady([select.targets, select.where, select.from]);
}

/** Nothing in it acts, varies, or asks a function of the user. */
function isSteady(tree: unknown): boolean {
  if (Array.isArray(tree)) return tree.every(isSteady);
  if (typeof tree !== 'object' || tree === null) return true;
  const node = tree as Readonly<Record<string, unknown>>;
  const kind = typeof node['kind'] === 'string' ? node['kind'] : '';
  if (kind.startsWith('unsupported') || kind === 'function' || kind === 'common-table') return false;
  if (kind === 'call' && (node['volatile'] === true || node['routine'] !== null || node['over'] !== null))
    return false;
  if (kind === 'call' && node['aggregate'] === true) return false;
  return Object.values(node).every(isSteady);
}
