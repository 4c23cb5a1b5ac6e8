/** Joins. */
import type { JoinExpr } from '../sql/parse-body.js';
import { buildExpression } from './build-expression.js';
import type { BuiltFrom } from './build-from.js';
import { buildFromItem, extendScope, namesOf, unknownItem, unsupportedRange } from './build-from.js';
import type { Expression } from './expression.js';
import type { Scope, VisibleColumn } from './scope.js';
import type { StatementContext } from './statement-context.js';

const JOINS = { JOIN_INNER: 'inner', JOIN_LEFT: 'left', JOIN_RIGHT: 'right', JOIN_FULL: 'full' } as const;

/** The tree of a join, and its columns as USING and NATURAL merge them. */
export function buildJoin(context: StatementContext, scope: Scope, node: JoinExpr): BuiltFrom {
  const left = node.larg
    ? buildFromItem(context, scope, node.larg)
    : { ...unknownItem(context, ''), item: unsupportedRange(context, 'JOIN') };
  const right = node.rarg
    ? buildFromItem(context, extendScope(scope, left), node.rarg)
    : { ...unknownItem(context, ''), item: unsupportedRange(context, 'JOIN') };
  const written = JOINS[(node.jointype ?? 'JOIN_INNER') as keyof typeof JOINS] ?? 'inner';
  const shared = node.isNatural
    ? left.visible
        .map((column) => column.name)
        .filter((name) => right.visible.some((column) => column.name === name))
    : namesOf(node.usingClause);
  const pairs = shared.flatMap((name) => {
    const [one, two] = [left, right].map(
      (side) => side.visible.find((column) => column.name === name)?.expression,
    );
    return one && two ? [{ name, left: one, right: two }] : [];
  });
  const merged = pairs.map((pair): VisibleColumn => ({
    name: pair.name,
    expression: mergedColumn(written, pair.left, pair.right),
  }));
  const rest = [...left.visible, ...right.visible].filter((column) => !shared.includes(column.name));
  const ranges = [...left.ranges, ...right.ranges];
  const visible = [...merged, ...rest];
  const conditions = pairs.map((pair): Expression => ({
    kind: 'operator',
    operator: '=',
    left: pair.left,
    right: pair.right,
    type: 16,
  }));
  const on = node.quals
    ? buildExpression(
        context,
        { ...scope, ranges: [...scope.ranges, ...ranges], visible: [...scope.visible, ...visible] },
        node.quals,
      )
    : conditions.length > 1
      ? ({ kind: 'and', operands: conditions, type: 16 } as const)
      : (conditions[0] ?? null);
  if (node.alias) return { ranges, visible, item: unsupportedRange(context, 'alias of a join') };
  const join = on === null && written === 'inner' ? 'cross' : written;
  return {
    ranges,
    visible,
    item: { kind: 'join', join, left: left.item, right: right.item, on, using: shared },
  };
}

/** What the shared name of JOIN … USING means (PostgreSQL manual, 7.2.1.1). */
function mergedColumn(
  join: (typeof JOINS)[keyof typeof JOINS],
  left: Expression,
  right: Expression,
): Expression {
  if (join === 'full') return { kind: 'coalesce', operands: [left, right], type: left.type };
  return join === 'right' ? right : left;
}
