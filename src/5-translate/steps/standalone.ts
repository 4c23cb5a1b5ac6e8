/** Expressions that leave the row in which they stood. */
import type { Expression } from '../../3-parse/expression.js';

/**
 * The item of a row as a value of its own. In `ROW($1, 2)::pair` PostgreSQL gives a parameter the type of the pair's
 * field; alone it would be text, so that its type has to be written.
 */
export function standalone(node: Expression): Expression {
  switch (node.kind) {
    case 'parameter':
    case 'variable':
      return { ...node, inferred: null };
    case 'coalesce':
    case 'greatest':
    case 'least':
      return { ...node, operands: node.operands.map(standalone) };
    case 'case':
      return {
        ...node,
        branches: node.branches.map(({ when, then }) => ({ when, then: standalone(then) })),
        otherwise: node.otherwise === null ? null : standalone(node.otherwise),
      };
    default:
      return node;
  }
}
