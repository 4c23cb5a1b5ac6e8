/** Finds the parameters and variables inside a node that the tree cannot hold, so that Describe can be asked. */
import type { Node } from '../sql/parse-body.js';
import { buildColumnReference, buildPositional, fieldNames } from './build-name.js';
import type { Scope } from './scope.js';
import type { StatementContext } from './statement-context.js';

/** Only the occurrences matter. Subqueries inside are not entered: their names belong to another scope. */
export function walkNames(context: StatementContext, scope: Scope, node: Node): void {
  visit(node);

  function visit(value: unknown): void {
    if (typeof value !== 'object' || value === null || 'SelectStmt' in value) return;
    const inner = value as Node;
    if ('ColumnRef' in inner) {
      if (fieldNames(inner.ColumnRef.fields ?? []) !== null)
        buildColumnReference(context, scope, inner.ColumnRef);
    } else if ('ParamRef' in inner) buildPositional(context, inner.ParamRef);
    else for (const member of Object.values(value)) visit(member);
  }
}
