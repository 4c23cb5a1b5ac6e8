/** SET lists of UPDATE and ON CONFLICT DO UPDATE. */
import type { Node, ResTarget } from '../sql/parse-body.js';
import { buildExpression } from './build-expression.js';
import type { Scope } from './scope.js';
import type { Assignment } from './statement.js';
import type { StatementContext } from './statement-context.js';
import { unsupported } from './statement-context.js';

/** `SET (a, b) = ROW(x, y)` is two plain assignments; the same with a subquery keeps its form. */
export function buildAssignments(
  context: StatementContext,
  scope: Scope,
  nodes: readonly Node[],
): readonly Assignment[] {
  const targets = nodes.flatMap((node) => ('ResTarget' in node ? [node.ResTarget] : []));
  return targets.map((target) => buildAssignment(context, scope, target));
}

function buildAssignment(context: StatementContext, scope: Scope, target: ResTarget): Assignment {
  const column = target.name ?? '';
  const value = target.val;
  if (!value) return { column, value: unsupported(context, 'SET', null), form: null };
  if ('MultiAssignRef' in value) {
    const { source, colno = 1 } = value.MultiAssignRef;
    const item = source && 'RowExpr' in source ? source.RowExpr.args?.[colno - 1] : undefined;
    if (item) return { column, value: buildExpression(context, scope, item), form: null };
    // One source serves all columns: its names are found once.
    const expression =
      source && colno === 1
        ? buildExpression(context, scope, source)
        : unsupported(context, 'SET (a, b) = …', null);
    return { column, value: expression, form: 'SET (a, b) = (SELECT …)' };
  }
  const parts = (target.indirection ?? []).map((part) =>
    'A_Indices' in part ? 'SET a[n] = …' : 'SET a.field = …',
  );
  for (const part of target.indirection ?? []) {
    if (!('A_Indices' in part)) continue;
    if (part.A_Indices.lidx) buildExpression(context, scope, part.A_Indices.lidx);
    if (part.A_Indices.uidx) buildExpression(context, scope, part.A_Indices.uidx);
  }
  return { column, value: buildExpression(context, scope, value), form: parts[0] ?? null };
}
