/** Output columns of SELECT and RETURNING, stars expanded. */
import type { Node } from '../sql/parse-body.js';
import { buildExpression } from './build-expression.js';
import { fieldNames } from './build-name.js';
import { expandRowStar } from './build-row-star.js';
import { outputName } from './output-name.js';
import type { RangeColumn, Scope } from './scope.js';
import { findRange, visibleColumns } from './scope.js';
import type { SelectTarget } from './statement.js';
import type { StatementContext } from './statement-context.js';
import { unsupported } from './statement-context.js';

/** A star over an item whose columns are not known stays one `unsupported` target named `*`. */
export function buildTargets(
  context: StatementContext,
  scope: Scope,
  nodes: readonly Node[],
): readonly SelectTarget[] {
  return nodes.flatMap((node) => {
    if (!('ResTarget' in node)) return [];
    const value = node.ResTarget.val;
    const star = value ? starQualifier(value) : null;
    const row = value && !isRange(scope, star) ? expandRowStar(context, value) : null;
    if (row !== null) return row;
    if (star !== null) return expandStar(context, scope, star, node);
    if (!value) return [];
    return [
      { name: node.ResTarget.name ?? outputName(value), expression: buildExpression(context, scope, value) },
    ];
  });
}

/** Columns that a statement's targets make of it, for whoever selects from it. */
export function columnsOfTargets(
  targets: readonly SelectTarget[],
  names: readonly string[] = [],
): readonly RangeColumn[] | null {
  if (targets.some((target) => target.name === '*')) return null;
  return targets.map((target, index) => ({
    name: names[index] ?? target.name,
    type: target.expression.type,
    typmod: -1,
    notNull: false,
  }));
}

function isRange(scope: Scope, qualifier: readonly string[] | null): boolean {
  return qualifier !== null && findRange(scope, qualifier.at(-1) ?? '') !== null;
}

function starQualifier(node: Node): readonly string[] | null {
  if (!('ColumnRef' in node)) return null;
  const fields = node.ColumnRef.fields ?? [];
  const last = fields.at(-1);
  return last && 'A_Star' in last ? fieldNames(fields.slice(0, -1)) : null;
}

function expandStar(
  context: StatementContext,
  scope: Scope,
  qualifier: readonly string[],
  node: Node,
): readonly SelectTarget[] {
  if (qualifier.length === 0) {
    if (scope.ranges.some((range) => range.columns === null)) return [unknownStar(context, node)];
    return scope.visible.map(({ name, expression }) => ({ name, expression }));
  }
  const range = findRange(scope, qualifier.at(-1) ?? '');
  if (!range || range.columns === null) return [unknownStar(context, node)];
  return visibleColumns(range).map(({ name, expression }) => ({ name, expression }));
}

function unknownStar(context: StatementContext, node: Node): SelectTarget {
  return { name: '*', expression: unsupported(context, '* over columns that are not known', node) };
}
