/** A statement of the grammar becomes one of ours; dispatch only. */
import type { Node } from '../sql/parse-body.js';
import { buildCallStatement } from './build-call-statement.js';
import { buildDelete } from './build-delete.js';
import { buildInsert } from './build-insert.js';
import { buildSelect } from './build-select.js';
import { buildTruncate } from './build-truncate.js';
import { buildUpdate } from './build-update.js';
import type { Scope } from './scope.js';
import type { Statement } from './statement.js';
import type { StatementContext } from './statement-context.js';
import { statementText } from './statement-text.js';
import { statementConstruct } from './unsupported-construct.js';

/** A statement inside `scope`: a common table, or (with an empty scope) the whole text. */
export function buildNestedStatement(context: StatementContext, scope: Scope, node: Node): Statement {
  if ('SelectStmt' in node && !node.SelectStmt.intoClause)
    return buildSelect(context, scope, node.SelectStmt);
  if ('InsertStmt' in node) return buildInsert(context, scope, node.InsertStmt);
  if ('UpdateStmt' in node) return buildUpdate(context, scope, node.UpdateStmt);
  if ('DeleteStmt' in node) return buildDelete(context, scope, node.DeleteStmt);
  if ('TruncateStmt' in node) return buildTruncate(context, node.TruncateStmt);
  if ('CallStmt' in node) return buildCallStatement(context, scope, node.CallStmt);
  return unsupportedStatement(context, node, 'SelectStmt' in node ? 'SELECT INTO' : statementConstruct(node));
}

/** A statement that the tree cannot hold. Its names are not looked for, so it is not described. */
export function unsupportedStatement(context: StatementContext, node: Node, construct: string): Statement {
  context.incomplete = true;
  return { kind: 'unsupported-statement', construct, ...statementText(context, node) };
}
