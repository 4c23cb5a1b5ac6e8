/** Statements that touch or give at most one row, whatever the tables hold. */
import type { Catalog } from '../1-read/catalog.js';
import type { Expression } from '../3-parse/expression.js';
import type { RangeTable, Select, Statement } from '../3-parse/statement.js';
import { walk } from './walk-body.js';

/**
 * LIMIT 1, an aggregate without GROUP BY, a FROM-less SELECT, one VALUES row, or a WHERE that equates
 * a whole unique key of the only table with values that do not vary by row.
 */
export function atMostOne(statement: Statement, catalog: Catalog): boolean {
  switch (statement.kind) {
    case 'select':
      return selectsAtMostOne(statement, catalog);
    case 'insert':
      if (statement.source.kind === 'default-values') return true;
      if (statement.source.kind === 'values') return statement.source.rows.length <= 1;
      return selectsAtMostOne(statement.source.select, catalog);
    case 'update':
      return statement.from.length === 0 && coversKey(statement.table, statement.where, catalog);
    case 'delete':
      return statement.using.length === 0 && coversKey(statement.table, statement.where, catalog);
    default:
      return false;
  }
}

function selectsAtMostOne(select: Select, catalog: Catalog): boolean {
  const { limit } = select;
  if (limit?.kind === 'literal' && (limit.text === '1' || limit.text === '0') && !select.withTies)
    return true;
  if (select.setOperation || select.groupingSets) return false;
  if (select.values) return select.values.length <= 1;
  if (select.targets.some((target) => givesSet(target.expression, catalog))) return false;
  const [item, ...others] = select.from;
  if (!item) return true;
  if (
    select.groupBy.length === 0 &&
    (select.having !== null || select.targets.some((target) => aggregates(target.expression)))
  )
    return true;
  return others.length === 0 && item.kind === 'table' && coversKey(item, select.where, catalog);
}

/** Does an aggregate of this query level stand in the expression? */
function aggregates(expression: Expression): boolean {
  let found = false;
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || found) return;
    if ('kind' in value && value.kind === 'select') return;
    if (
      'kind' in value &&
      value.kind === 'call' &&
      'aggregate' in value &&
      value.aggregate === true &&
      'over' in value &&
      value.over === null
    )
      found = true;
    Object.values(value).forEach(visit);
  };
  visit(expression);
  return found;
}

function givesSet(expression: Expression, catalog: Catalog): boolean {
  let found = false;
  walk(expression, null, ({ node }) => {
    if (node.kind !== 'call') return;
    const routine = catalog.routines.find((each) => each.oid === node['routine']);
    if (routine ? routine.returnsSet : (catalog.builtins.get(String(node['name']))?.returnsSet ?? true))
      found = true;
  });
  return found;
}

function coversKey(table: RangeTable, where: Expression | null, catalog: Catalog): boolean {
  const equated = new Set(conjuncts(where).flatMap((each) => equatedColumn(each, table.range) ?? []));
  const relation = catalog.relations.find((each) => each.oid === table.oid);
  return (relation?.keys ?? []).some(
    (key) =>
      key.predicate === null &&
      !key.deferrable &&
      key.columns.length > 0 &&
      key.columns.every((column) => column !== null && equated.has(column)),
  );
}

function conjuncts(expression: Expression | null): readonly Expression[] {
  if (expression === null) return [];
  return expression.kind === 'and' ? expression.operands.flatMap(conjuncts) : [expression];
}

function equatedColumn(expression: Expression, range: number): string | null {
  if (expression.kind !== 'operator' || expression.operator !== '=') return null;
  const { left, right } = expression;
  for (const [column, value] of [
    [left, right],
    [right, left],
  ] as const) {
    if (
      column?.kind === 'column' &&
      column.range === range &&
      !column.excluded &&
      value !== null &&
      isConstant(value)
    )
      return column.column;
  }
  return null;
}

/** The same for every row: parameters, literals, casts and operators of those. */
function isConstant(expression: Expression): boolean {
  if (expression.kind === 'cast') return isConstant(expression.operand);
  if (expression.kind === 'operator')
    return (expression.left === null || isConstant(expression.left)) && isConstant(expression.right);
  return /^(parameter|variable|literal|null)$/.test(expression.kind);
}
