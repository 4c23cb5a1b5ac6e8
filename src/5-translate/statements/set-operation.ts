/** UNION, INTERSECT and EXCEPT as the methods of a builder. */
import type { Select } from '../../3-parse/statement.js';
import type { Code } from '../code.js';
import type { Scope } from '../scope.js';
import { unsupported } from '../untranslatable.js';
import { limitValue } from './limit.js';
import { method, selectBuilder, sortKey, type BuiltSelect, type Fields } from './select.js';

/** Both sides select the same keys in the same order, which Drizzle asks for. */
export function setOperation(
  select: Select,
  { operator, all, left, right }: NonNullable<Select['setOperation']>,
  common: { readonly scope: Scope; readonly executor: Code },
  fields: Fields,
): BuiltSelect {
  const { scope } = common;
  if (common.executor.kind !== 'executor') unsupported('WITH before a set operation in a query builder');
  if (select.locking.length > 0) unsupported('a locking clause on a set operation');
  const first = selectBuilder(left, scope, fields, []).code;
  let chain = method(first, all ? `${operator}All` : operator, selectBuilder(right, scope, fields, []).code);
  if (select.orderBy.length > 0) {
    if (select.orderBy.some(({ expression }) => expression.kind !== 'literal')) {
      unsupported('ORDER BY of a set operation by an expression in a query builder');
    }
    chain = method(chain, 'orderBy', ...select.orderBy.map((key) => sortKey(key, select, [], scope)));
  }
  if (select.limit !== null) chain = method(chain, 'limit', limitValue('limit', select.limit, scope));
  if (select.offset !== null) chain = method(chain, 'offset', limitValue('offset', select.offset, scope));
  return { code: chain, scope };
}
