/** How many rows a statement can give, as far as keys and its form show. */
import type { Catalog } from '../1-read/catalog.js';
import type { Expression } from '../3-parse/expression.js';
import type { RangeTable, Select, Statement } from '../3-parse/statement.js';

export type Cardinality = 'exactly-one' | 'at-most-one' | 'many';

export function cardinality(statement: Statement, catalog: Catalog): Cardinality {
  switch (statement.kind) {
    case 'select':
      return ofSelect(statement, catalog);
    case 'insert': {
      if (statement.source.kind === 'select') return 'many';
      if (statement.source.kind === 'values' && statement.source.rows.length > 1) return 'many';
      const skips =
        statement.onConflict !== null &&
        (statement.onConflict.action === 'nothing' || statement.onConflict.where !== null);
      return skips || mayBeSuppressed(statement.into, catalog) ? 'at-most-one' : 'exactly-one';
    }
    case 'update':
      return statement.from.length === 0 && findsByKey(statement.table, statement.where, catalog)
        ? 'at-most-one'
        : 'many';
    case 'delete':
      return statement.using.length === 0 && findsByKey(statement.table, statement.where, catalog)
        ? 'at-most-one'
        : 'many';
    case 'unsupported-statement':
      return 'many';
  }
}

/** Any node of the tree for which `test` holds, subqueries left out. */
export function some(node: unknown, test: (node: Expression) => boolean): boolean {
  if (Array.isArray(node)) return node.some((item) => some(item, test));
  if (typeof node !== 'object' || node === null) return false;
  const kind = (node as { kind?: unknown }).kind;
  if (kind === 'select') return false;
  if (typeof kind === 'string' && test(node as Expression)) return true;
  return Object.values(node).some((value) => some(value, test));
}

function ofSelect(select: Select, catalog: Catalog): Cardinality {
  if (select.setOperation !== null || select.values !== null) return 'many';
  const whole = select.limit === null && select.offset === null && select.having === null;
  const plain = select.groupingSets === null && select.groupBy.length === 0;
  const setReturning = some(
    select.targets,
    (node) => node.kind === 'call' && (catalog.builtins.get(node.name)?.returnsSet ?? false),
  );
  const aggregates = some(
    select.targets,
    (node) => node.kind === 'call' && node.aggregate && node.over === null,
  );
  if (whole && !setReturning && select.groupBy.length === 0 && aggregates) return 'exactly-one';
  if (whole && !setReturning && select.from.length === 0 && select.where === null) return 'exactly-one';
  if (!setReturning && plain && (aggregates || select.from.length === 0)) return 'at-most-one';
  if (select.limit?.kind === 'literal' && ['0', '1'].includes(select.limit.text) && !select.withTies)
    return 'at-most-one';
  const [only, ...others] = select.from;
  if (
    select.groupingSets !== null ||
    setReturning ||
    only === undefined ||
    others.length > 0 ||
    only.kind !== 'table'
  )
    return 'many';
  return findsByKey(only, select.where, catalog) ? 'at-most-one' : 'many';
}

/** WHERE equates every column of a unique key with a value that does not come from this statement's rows. */
function findsByKey(table: RangeTable, where: Expression | null, catalog: Catalog): boolean {
  const relation = catalog.relations.find((candidate) => candidate.oid === table.oid);
  if (relation === undefined || where === null) return false;
  const equated = new Set(conjuncts(where).flatMap((term) => equatedColumn(term, table.range)));
  return relation.keys.some(
    (key) =>
      key.predicate === null &&
      !key.deferrable &&
      key.columns.every((column) => column !== null && equated.has(column)),
  );
}

export function conjuncts(node: Expression): readonly Expression[] {
  return node.kind === 'and' ? node.operands.flatMap(conjuncts) : [node];
}

function equatedColumn(node: Expression, range: number): readonly string[] {
  if (node.kind !== 'operator' || node.operator !== '=' || node.left === null) return [];
  const sides = [
    [node.left, node.right],
    [node.right, node.left],
  ] as const;
  return sides.flatMap(([column, value]) => {
    const own = column.kind === 'column' && column.range === range && !column.excluded;
    const free = !some(value, (inner) => inner.kind === 'column' || inner.kind === 'whole-row');
    const steady = !some(value, (inner) => inner.kind === 'call' && inner.volatile);
    return own && free && steady ? [column.column] : [];
  });
}

/** A BEFORE row trigger may return NULL, and the row is not written. */
function mayBeSuppressed(table: RangeTable, catalog: Catalog): boolean {
  const relation = catalog.relations.find((candidate) => candidate.oid === table.oid);
  return (
    relation?.triggers.some((trigger) => trigger.timing !== 'after' && trigger.events.includes('insert')) ??
    true
  );
}
