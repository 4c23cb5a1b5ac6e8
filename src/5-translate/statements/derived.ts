/**
 * Common tables and subqueries in FROM as builders of their own, held by constants before the statement:
 * `const recent = db.$with('recent').as(…)`, `const totals = db.select(…).as('totals')`.
 */
import type { DrizzleColumn } from '../../1-read/user-project.js';
import type { CommonTable, FromItem, Select, Statement } from '../../3-parse/statement.js';
import type { Code, ObjectEntry } from '../code.js';
import { camelCase } from '../names.js';
import { drizzleColumn, rangeOf, type Scope } from '../scope.js';
import { unsupported } from '../untranslatable.js';
import { unusedLocal } from './ranges.js';
import { method, plain, selectBuilder } from './select.js';
import { deleteBuilder, insertBuilder, updateBuilder } from './write.js';

const executor: Code = { kind: 'executor' };

/** The scope that sees the common tables, and the executor that sends them along: `db.with(recent)`. */
export function withCommonTables(
  scope: Scope,
  common: readonly CommonTable[],
): { readonly scope: Scope; readonly executor: Code } {
  if (common.length === 0) return { scope, executor };
  let inner = scope;
  const locals: Code[] = [];
  for (const item of common) {
    if (item.columnNames.length > 0 || item.materialized !== null)
      unsupported('WITH … (columns) or MATERIALIZED in a query builder');
    const name: Code = { kind: 'string', value: item.name };
    const built = builder(item.statement, inner);
    const value = method(method(executor, '$with', name), 'as', built.code);
    inner = withDerived(inner, item.range, item.name, value, built);
    locals.push({ kind: 'local', name: (inner.ranges.get(item.range) as { local: string }).local });
  }
  return { scope: inner, executor: method(executor, 'with', ...locals) };
}

/** The scope that sees the subqueries of a FROM list. */
export function withSubqueries(scope: Scope, from: readonly FromItem[]): Scope {
  return from.reduce((inner, item): Scope => {
    if (item.kind === 'join') return withSubqueries(withSubqueries(inner, [item.left]), [item.right]);
    if (item.kind === 'common-table') return withReference(inner, item);
    if (item.kind !== 'subquery') return inner;
    if (item.columnNames.length > 0) return unsupported('a subquery with column names in a query builder');
    const built = select(item.select, inner);
    return withDerived(
      inner,
      item.range,
      item.alias,
      method(built.code, 'as', { kind: 'string', value: item.alias }),
      built,
    );
  }, scope);
}

/** A common table in FROM is the one that was declared; under another alias Drizzle cannot name it. */
function withReference(scope: Scope, item: Extract<FromItem, { kind: 'common-table' }>): Scope {
  const declared = [...scope.ranges.values()].find(
    (range) => range.kind === 'derived' && range.name === item.name,
  );
  if (declared === undefined) return unsupported(`the common table ${item.name} in a query builder`);
  const twice = [...scope.ranges].some(
    ([id, range]) => range === declared && id !== item.range && scope.referenced.has(id),
  );
  if (twice) return unsupported(`the common table ${item.name} twice in a query builder`);
  scope.referenced.add(item.range);
  return { ...scope, ranges: new Map(scope.ranges).set(item.range, declared) };
}

interface Built {
  readonly code: Code;
  /** Keys by column name. */
  readonly columns: ReadonlyMap<string, string>;
  /** See `Range`. */
  readonly computed: ReadonlySet<string>;
  readonly stored: ReadonlyMap<string, DrizzleColumn>;
}

function builder(statement: Statement, scope: Scope): Built {
  if (statement.kind === 'select') return select(statement, scope);
  if (statement.kind === 'unsupported-statement') return unsupported(statement.construct);
  const columns = keysOf(statement.returning);
  const computed = new Set<string>();
  const fields = (inner: Scope): readonly ObjectEntry[] =>
    entries(statement.returning, columns, computed, inner);
  const returning = statement.returning.length === 0 ? null : fields;
  const others = { columns, computed, stored: new Map<string, DrizzleColumn>() };
  switch (statement.kind) {
    case 'insert':
      return { code: insertBuilder(statement, scope, returning).code, ...others };
    case 'update':
      return { code: updateBuilder(statement, scope, returning).code, ...others };
    case 'delete':
      return { code: deleteBuilder(statement, scope, returning).code, ...others };
  }
}

function select(node: Select, scope: Scope): Built {
  const leaf = leftmost(node);
  const columns = keysOf(leaf.targets);
  const computed = new Set<string>();
  const stored = new Map<string, DrizzleColumn>();
  const fields = (inner: Scope, { targets }: Select): readonly ObjectEntry[] => {
    // The rows of a set operation are of several tables.
    if (leaf === node) for (const target of targets) addStored(target, inner, stored);
    return entries(targets, columns, computed, inner);
  };
  return { code: selectBuilder(node, scope, fields).code, columns, computed, stored };
}

function addStored(
  { name, expression }: Select['targets'][number],
  scope: Scope,
  stored: Map<string, DrizzleColumn>,
): void {
  if (expression.kind !== 'column' || expression.excluded || expression.column !== name) return;
  const range = rangeOf(scope, expression.range);
  if (range.kind === 'table') stored.set(name, drizzleColumn(range.table, name));
}

function leftmost(node: Select): Select {
  return node.setOperation === null ? node : leftmost(node.setOperation.left);
}

function keysOf(targets: Select['targets']): ReadonlyMap<string, string> {
  const keys = new Map(targets.map(({ name }) => [name, camelCase(name)]));
  if (keys.size < targets.length) unsupported('two columns of one name in a subquery');
  return keys;
}

/** Columns that are computed, or renamed, carry their name into SQL, for others refer to it. */
function entries(
  targets: Select['targets'],
  columns: ReadonlyMap<string, string>,
  computed: Set<string>,
  scope: Scope,
): readonly ObjectEntry[] {
  const keys = [...columns];
  return targets.map(({ expression }, index) => {
    const [name, key] = keys[index] ?? unsupported('SELECTs of different width');
    const value = plain(expression, scope);
    const named = expression.kind === 'column' && expression.column === name;
    if (!named || rangeOf(scope, expression.range).kind !== 'table') computed.add(name);
    const alias: Code = value.kind === 'sql' ? value : { kind: 'sql', type: null, parts: [value] };
    return {
      kind: 'property',
      key,
      value: named ? value : method(alias, 'as', { kind: 'string', value: name }),
    };
  });
}

function withDerived(
  scope: Scope,
  range: number,
  name: string,
  value: Code,
  { columns, computed, stored }: Built,
): Scope {
  const local = unusedLocal(camelCase(name), scope);
  scope.prelude.push({ kind: 'const', pattern: local, value });
  return {
    ...scope,
    ranges: new Map(scope.ranges).set(range, { kind: 'derived', local, name, columns, computed, stored }),
  };
}
