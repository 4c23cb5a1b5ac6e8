/** DELETE with USING and RETURNING. */
import type { DeleteStmt } from '../sql/parse-body.js';
import { buildExpression } from './build-expression.js';
import { buildFromList, noteSchema, rangeOfRelation } from './build-from.js';
import { unsupportedStatement } from './build-statement.js';
import { buildTargets } from './build-targets.js';
import { buildWith } from './build-with.js';
import type { Scope } from './scope.js';
import { visibleColumns } from './scope.js';
import type { Statement } from './statement.js';
import type { StatementContext } from './statement-context.js';
import { statementText } from './statement-text.js';

export function buildDelete(context: StatementContext, outer: Scope, node: DeleteStmt): Statement {
  const relation = context.lookup.relation(node.relation?.schemaname ?? null, node.relation?.relname ?? '');
  if (!relation || !node.relation)
    return unsupportedStatement(
      context,
      { DeleteStmt: node },
      'DELETE from a relation that the catalog does not show',
    );
  if (!node.relation.inh) return unsupportedStatement(context, { DeleteStmt: node }, 'DELETE FROM ONLY');
  const { tables, scope: own } = buildWith(context, outer, node.withClause);
  noteSchema(context, node.relation, relation);
  const { item, range } = rangeOfRelation(context, relation, node.relation);
  const level: Scope = { parent: own, ranges: [range], visible: visibleColumns(range), commonTables: [] };
  const { items, scope } = buildFromList(context, level, node.usingClause ?? []);
  return {
    kind: 'delete',
    ...statementText(context, { DeleteStmt: { ...node, withClause: {} } }),
    with: tables,
    table: item,
    using: items,
    where: node.whereClause ? buildExpression(context, scope, node.whereClause) : null,
    returning: buildTargets(context, scope, node.returningClause?.exprs ?? []),
  };
}
