/** SELECT as a query builder: one chain from `select` to `for`. What has no builder form is refused here. */
import type { Expression, SortKey } from '../../3-parse/expression.js';
import type { FromItem, Locking, Select } from '../../3-parse/statement.js';
import type { Code, ObjectEntry } from '../code.js';
import { condition, helper } from '../condition.js';
import { expression } from '../expressions/expression.js';
import { template } from '../fragment.js';
import { drizzleColumn, rangeOf, tableCode, type Scope } from '../scope.js';
import { unsupported } from '../untranslatable.js';
import { limitValue } from './limit.js';
import { plainTables, withTables } from './ranges.js';

export interface BuiltSelect {
  readonly code: Code;
  readonly scope: Scope;
}

/** `fields` makes the selection once the tables are in scope; the default is for subqueries. */
export function selectBuilder(
  select: Select,
  outer: Scope,
  fields: (scope: Scope) => readonly ObjectEntry[] = subqueryFields(select),
): BuiltSelect {
  refuseWithoutForm(select);
  const scope = withTables(outer, plainTables(select.from));
  const [root, ...others] = flatten(select.from);
  if (root === undefined || root.table.kind !== 'table') return unsupported('a SELECT without a table');
  let chain = method(start(select, scope, fields(scope)), 'from', tableCode(tableOf(root.table, scope)));
  for (const join of others) {
    const on = join.on === null ? [] : [condition(join.on, scope)];
    chain = method(chain, join.method, tableCode(tableOf(join.table, scope)), ...on);
  }
  if (select.where !== null) chain = method(chain, 'where', condition(select.where, scope));
  if (select.groupBy.length > 0) {
    chain = method(chain, 'groupBy', ...select.groupBy.map((item) => plain(positional(item, select), scope)));
  }
  if (select.having !== null) chain = method(chain, 'having', condition(select.having, scope));
  if (select.orderBy.length > 0) {
    chain = method(chain, 'orderBy', ...select.orderBy.map((key) => sortKey(key, select, scope)));
  }
  if (select.limit !== null) chain = method(chain, 'limit', limitValue('limit', select.limit, scope));
  if (select.offset !== null) chain = method(chain, 'offset', limitValue('offset', select.offset, scope));
  for (const lock of select.locking) chain = method(chain, 'for', ...lockArguments(lock, scope));
  return { code: chain, scope };
}

/** A column as it is, anything else as `sql`. */
export function plain(node: Expression, scope: Scope): Code {
  const inner = expression(node, scope);
  const [only] = inner.parts;
  return inner.parts.length === 1 && typeof only === 'object' && node.kind === 'column'
    ? only
    : template(inner);
}

export function method(object: Code, property: string, ...items: readonly Code[]): Code {
  return { kind: 'call', callee: { kind: 'member', object, property }, arguments: items };
}

/** `ORDER BY 2` and `GROUP BY 2` mean the second output column. */
export function positional(node: Expression, select: Select): Expression {
  if (node.kind !== 'literal' || node.literal !== 'integer') return node;
  return select.targets[Number(node.text) - 1]?.expression ?? node;
}

function start(select: Select, scope: Scope, entries: readonly ObjectEntry[]): Code {
  const fields: Code = { kind: 'object', entries };
  const executor: Code = { kind: 'executor' };
  if (select.distinct === null) return method(executor, 'select', fields);
  if (select.distinct.length === 0) return method(executor, 'selectDistinct', fields);
  const on = select.distinct.map((item) => plain(positional(item, select), scope));
  return method(executor, 'selectDistinctOn', { kind: 'array', items: on }, fields);
}

function refuseWithoutForm(select: Select): void {
  if (select.setOperation !== null)
    unsupported(`${select.setOperation.operator.toUpperCase()} in a query builder`);
  if (select.values !== null) unsupported('VALUES in a query builder');
  if (select.with.length > 0) unsupported('WITH in a query builder');
  if (select.windows.length > 0) unsupported('WINDOW in a query builder');
  if (select.groupingSets !== null) unsupported(`${select.groupingSets} in a query builder`);
  if (select.withTies) unsupported('FETCH FIRST … WITH TIES in a query builder');
}

interface Joined {
  readonly table: FromItem;
  readonly method: string;
  readonly on: Expression | null;
}

/** Joins as a builder chains them: the right side of each must be a table. */
function flatten(from: readonly FromItem[]): readonly Joined[] {
  return from.flatMap((item, index) => {
    const chain = flattenOne(item);
    const [first, ...rest] = chain;
    return first === undefined ? [] : [index === 0 ? first : { ...first, method: 'crossJoin' }, ...rest];
  });
}

function flattenOne(item: FromItem): readonly Joined[] {
  if (item.kind !== 'join') return [{ table: item, method: 'from', on: null }];
  if (item.right.kind !== 'table')
    return unsupported('a join with something else than a table in a query builder');
  const on = item.join === 'cross' ? null : item.on;
  return [...flattenOne(item.left), { table: item.right, method: `${item.join}Join`, on }];
}

function tableOf(
  item: FromItem,
  scope: Scope,
): Extract<ReturnType<typeof rangeOf>, { kind: 'table' }>['table'] {
  if (item.kind !== 'table') return unsupported('a FROM item that is no table in a query builder');
  const range = rangeOf(scope, item.range);
  return range.kind === 'table'
    ? range.table
    : unsupported('a FROM item that is no table in a query builder');
}

function sortKey(key: SortKey, select: Select, scope: Scope): Code {
  const node = positional(key.expression, select);
  const usual = key.nulls === (key.direction === 'asc' ? 'last' : 'first');
  const value = plain(node, scope);
  if (!usual) {
    const text = expression(node, scope);
    return { kind: 'sql', type: null, parts: [...text.parts, ` ${key.direction} nulls ${key.nulls}`] };
  }
  return key.direction === 'desc' ? helper('desc', value) : value;
}

function lockArguments(lock: Locking, scope: Scope): readonly Code[] {
  const entries: ObjectEntry[] = [];
  if (lock.of.length > 0) {
    const tables = lock.of.map((id) => {
      const range = rangeOf(scope, id);
      return range.kind === 'table'
        ? tableCode(range.table)
        : unsupported('FOR … OF something else than a table');
    });
    const [only] = tables;
    entries.push({
      kind: 'property',
      key: 'of',
      value: tables.length === 1 && only !== undefined ? only : { kind: 'array', items: tables },
    });
  }
  const yes: Code = { kind: 'keyword', value: 'true' };
  if (lock.wait === 'skip locked') entries.push({ kind: 'property', key: 'skipLocked', value: yes });
  if (lock.wait === 'nowait') entries.push({ kind: 'property', key: 'noWait', value: yes });
  const strength: Code = { kind: 'string', value: lock.strength };
  return entries.length === 0 ? [strength] : [strength, { kind: 'object', entries }];
}

function subqueryFields(select: Select): (scope: Scope) => readonly ObjectEntry[] {
  return (scope) =>
    select.targets.map((target, index) => {
      const value = plain(target.expression, scope);
      const key =
        target.expression.kind === 'column'
          ? propertyName(target.expression, scope)
          : target.expression.kind === 'literal'
            ? 'one'
            : `value${index === 0 ? '' : index + 1}`;
      return { kind: 'property', key, value };
    });
}

function propertyName(node: Extract<Expression, { kind: 'column' }>, scope: Scope): string {
  const range = rangeOf(scope, node.range);
  return range.kind === 'table' ? drizzleColumn(range.table, node.column).property : node.column;
}
