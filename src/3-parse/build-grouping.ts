/** GROUPING SETS, ROLLUP, CUBE and GROUPING() (PostgreSQL manual, 7.2.4 and 9.21). */
import type { Node } from '../sql/parse-body.js';
import { buildExpression } from './build-expression.js';
import type { Expression, Grouping } from './expression.js';
import type { Scope } from './scope.js';
import type { StatementContext } from './statement-context.js';
import { unsupported } from './statement-context.js';

/** `key` builds what stands for one expression: an output column's name or number counts there too. */
export function buildGroupingSet(
  context: StatementContext,
  node: Extract<Node, { GroupingSet: unknown }>,
  key: (node: Node) => Expression,
): Expression {
  const form = forms[node.GroupingSet.kind as keyof typeof forms] ?? null;
  if (form === null) return unsupported(context, 'grouping set', node);
  const items = (node.GroupingSet.content ?? []).map((item): Expression => {
    if ('GroupingSet' in item) return buildGroupingSet(context, item, key);
    if (!('RowExpr' in item)) return key(item);
    // ROW(a, b) is one value there, and (a, b) are two columns.
    return item.RowExpr.row_format === 'COERCE_EXPLICIT_CALL'
      ? unsupported(context, 'ROW in a grouping set', item)
      : { kind: 'row', items: (item.RowExpr.args ?? []).map(key), type: null };
  });
  return { kind: 'grouping', form, items, type: null };
}

/** GROUPING(a, b). */
export function buildGroupingCall(
  context: StatementContext,
  scope: Scope,
  node: Extract<Node, { GroupingFunc: unknown }>,
): Expression {
  const items = (node.GroupingFunc.args ?? []).map((item) => buildExpression(context, scope, item));
  return { kind: 'grouping', form: 'grouping', items, type: 23 };
}

const forms = {
  GROUPING_SET_EMPTY: '',
  GROUPING_SET_ROLLUP: 'rollup',
  GROUPING_SET_CUBE: 'cube',
  GROUPING_SET_SETS: 'grouping sets',
} as const satisfies Readonly<Record<string, Grouping['form']>>;
