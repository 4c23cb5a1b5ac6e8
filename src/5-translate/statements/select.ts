/** SELECT as a query builder: one chain from `select` to `for`. What has no builder form is refused here. */
import type { Expression, SortKey } from '../../3-parse/expression.js';
import type { FromItem, Locking, Select } from '../../3-parse/statement.js';
import type { Code, ObjectEntry } from '../code.js';
import { condition, helper } from '../condition.js';
import { expression } from '../expressions/expression.js';
import { template } from '../fragment.js';
import { drizzleColumn, rangeCode, rangeOf, tableCode, type Range, type Scope } from '../scope.js';
import { unsupported } from '../untranslatable.js';
import { withCommonTables, withSubqueries } from './derived.js';
import { limitValue } from './limit.js';
import { groupKey, orderKey } from './output-position.js';
import { plainTables, withTables } from './ranges.js';
import { setOperation } from './set-operation.js';

export interface BuiltSelect {
  readonly code: Code;
  readonly scope: Scope;
}

/** Makes the selection once the tables are in scope; `leaf` is the SELECT of a set operation that it is for. */
export type Fields = (scope: Scope, leaf: Select) => readonly ObjectEntry[];

/** The default selection is for subqueries. */
export function selectBuilder(
  select: Select,
  outer: Scope,
  fields: Fields = subqueryFields,
  outputs: readonly (Expression | null)[] = select.targets.map((target) => target.expression),
): BuiltSelect {
  refuseWithoutForm(select);
  const common = withCommonTables(outer, select.with);
  if (select.setOperation !== null) return setOperation(select, select.setOperation, common, fields);
  const scope = withSubqueries(withTables(common.scope, plainTables(select.from), select), select.from);
  if (select.from.length === 0) return unsupported('a SELECT without a table');
  const selection = start(select, scope, fields(scope, select), outputs, common.executor);
  let chain = fromClause(selection, select.from, scope);
  if (select.where !== null) chain = method(chain, 'where', condition(select.where, scope));
  if (select.groupBy.length > 0) {
    chain = method(chain, 'groupBy', ...select.groupBy.map((item) => key(item, select, outputs, scope)));
  }
  if (select.having !== null) chain = method(chain, 'having', condition(select.having, scope));
  if (select.orderBy.length > 0) {
    chain = method(chain, 'orderBy', ...select.orderBy.map((item) => sortKey(item, select, outputs, scope)));
  }
  if (select.limit !== null) chain = method(chain, 'limit', limitValue('limit', select.limit, scope));
  if (select.offset !== null) chain = method(chain, 'offset', limitValue('offset', select.offset, scope));
  for (const lock of select.locking) chain = method(chain, 'for', ...lockArguments(lock, scope));
  return { code: chain, scope };
}

/** `from` and the joins after it; the chain as it is when there is nothing to select from. */
export function fromClause(start: Code, from: readonly FromItem[], scope: Scope): Code {
  return flatten(from).reduce((chain, { table, method: name, on }) => {
    const joinedOn = on === null ? [] : [condition(on, scope)];
    return method(chain, name, rangeCode(joinable(table, scope)), ...joinedOn);
  }, start);
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

/** A key that is an output column, as code. */
function key(node: Expression, select: Select, outputs: readonly (Expression | null)[], scope: Scope): Code {
  const meant = positional(node, select);
  return meant.kind === 'column' ? plain(meant, scope) : template(groupKey(meant, outputs, scope));
}

function start(
  select: Select,
  scope: Scope,
  entries: readonly ObjectEntry[],
  outputs: readonly (Expression | null)[],
  executor: Code,
): Code {
  const fields: Code = { kind: 'object', entries };
  if (select.distinct === null) return method(executor, 'select', fields);
  if (select.distinct.length === 0) return method(executor, 'selectDistinct', fields);
  const on = select.distinct.map((item) => key(item, select, outputs, scope));
  return method(executor, 'selectDistinctOn', { kind: 'array', items: on }, fields);
}

function refuseWithoutForm(select: Select): void {
  if (select.values !== null) unsupported('VALUES in a query builder');
  if (select.recursive) unsupported('WITH RECURSIVE in a query builder');
  if (select.windows.length > 0) unsupported('WINDOW in a query builder');
  if (select.groupingSets === 'distinct') unsupported('GROUP BY DISTINCT in a query builder');
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
  if (item.kind !== 'join') return [{ table: item, method: lateral(item, 'from'), on: null }];
  if (item.right.kind === 'join') return unsupported('a join of joins in a query builder');
  const on = item.join === 'cross' ? null : item.on;
  return [
    ...flattenOne(item.left),
    { table: item.right, method: lateral(item.right, `${item.join}Join`), on },
  ];
}

function lateral(item: FromItem, name: string): string {
  if (item.kind !== 'subquery' || !item.lateral) return name;
  return ['leftJoin', 'innerJoin', 'crossJoin'].includes(name)
    ? `${name}Lateral`
    : unsupported('LATERAL first in FROM in a query builder');
}

function joinable(item: FromItem, scope: Scope): Extract<Range, { kind: 'table' | 'derived' }> {
  const range = 'range' in item ? rangeOf(scope, item.range) : null;
  return range === null || range.kind === 'text'
    ? unsupported('a FROM item that is no table in a query builder')
    : range;
}

export function sortKey(
  key: SortKey,
  select: Select,
  outputs: readonly (Expression | null)[],
  scope: Scope,
): Code {
  const node = select.setOperation === null ? positional(key.expression, select) : key.expression;
  const text = orderKey(node, select, outputs, scope);
  const usual = key.nulls === (key.direction === 'asc' ? 'last' : 'first');
  const value = node.kind === 'column' ? plain(node, scope) : template(text);
  if (!usual) {
    return { kind: 'sql', type: null, parts: [...text.parts, ` ${key.direction} nulls ${key.nulls}`] };
  }
  return key.direction === 'desc' ? helper('desc', value) : value;
}

function lockArguments(lock: Locking, scope: Scope): readonly Code[] {
  const entries: ObjectEntry[] = [];
  if (lock.of.length > 0) {
    const tables = lock.of.map((id) => {
      const range = rangeOf(scope, id);
      if (range.kind !== 'table') return unsupported('FOR … OF something else than a table');
      // Drizzle writes the table with its schema, which PostgreSQL refuses there.
      if (range.table.schema !== 'public') return unsupported('FOR … OF a table of another schema');
      return tableCode(range.table);
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

function subqueryFields(scope: Scope, select: Select): readonly ObjectEntry[] {
  return select.targets.map((target, index) => {
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
