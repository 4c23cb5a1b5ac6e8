/** UPDATE with FROM and RETURNING. */
import type { UpdateStmt } from '../sql/parse-body.js';
import { buildAssignments } from './build-assignments.js';
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

export function buildUpdate(context: StatementContext, outer: Scope, node: UpdateStmt): Statement {
  const relation = context.lookup.relation(node.relation?.schemaname ?? null, node.relation?.relname ?? '');
  if (!relation || !node.relation)
    return unsupportedStatement(
      context,
      { UpdateStmt: node },
      'UPDATE of a relation that the catalog does not show',
    );
  if (!node.relation.inh) return unsupportedStatement(context, { UpdateStmt: node }, 'UPDATE ONLY');
  const { tables, scope: own } = buildWith(context, outer, node.withClause);
  noteSchema(context, node.relation, relation);
  const { item, range } = rangeOfRelation(context, relation, node.relation);
  const level: Scope = { parent: own, ranges: [range], visible: visibleColumns(range), commonTables: [] };
  const { items, scope } = buildFromList(context, level, node.fromClause ?? []);
  return {
    kind: 'update',
    ...statementText(context, { UpdateStmt: { ...node, withClause: {} } }),
    with: tables,
    table: item,
    set: buildAssignments(context, scope, node.targetList ?? []),
    from: items,
    where: node.whereClause ? buildExpression(context, scope, node.whereClause) : null,
    returning: buildTargets(context, scope, node.returningClause?.exprs ?? []),
  };
}
