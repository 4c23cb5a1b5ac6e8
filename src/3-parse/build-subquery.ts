/** Subqueries inside expressions. */
import type { Node, SubLink } from '../sql/parse-body.js';
import { operatorName } from './build-operator.js';
import { buildSelect } from './build-select.js';
import type { Expression } from './expression.js';
import type { Scope } from './scope.js';
import type { StatementContext } from './statement-context.js';
import { unsupported } from './statement-context.js';

export function buildSubquery(
  context: StatementContext,
  scope: Scope,
  link: SubLink,
  build: (node: Node | undefined) => Expression,
): Expression {
  if (!link.subselect || !('SelectStmt' in link.subselect))
    return unsupported(context, 'subquery', { SubLink: link });
  const select = buildSelect(context, scope, link.subselect.SelectStmt);
  const type = select.targets.length === 1 ? (select.targets[0]?.expression.type ?? null) : null;
  switch (link.subLinkType) {
    case 'EXISTS_SUBLINK':
      return { kind: 'exists', select, type: 16 };
    case 'EXPR_SUBLINK':
      return { kind: 'scalar-subquery', select, type };
    case 'ARRAY_SUBLINK':
      return {
        kind: 'array-subquery',
        select,
        type: type === null ? null : context.lookup.catalog.types.get(type)?.array || null,
      };
    case 'ANY_SUBLINK':
    case 'ALL_SUBLINK':
      return {
        kind: 'subquery-comparison',
        quantifier: link.subLinkType === 'ALL_SUBLINK' ? 'all' : 'any',
        operator: link.operName ? operatorName(link.operName) : '=',
        left: build(link.testexpr),
        select,
        type: 16,
      };
    default:
      return unsupported(context, 'row subquery', { SubLink: link });
  }
}
