/** What stands on the sides of comparisons, seen through what only passes a value on. */
import type { Expression } from '../3-parse/expression.js';

/** The operands that a node sets against each other. */
export function operandsOf(node: Readonly<Record<string, unknown>>, kind: string): Expression[] {
  switch (kind) {
    case 'operator':
    case 'distinct':
    case 'array-comparison':
    case 'nullif':
      return [node['left'], node['right']].flatMap(leavesOf);
    case 'case':
      return node['subject'] === null ? [] : [node['subject'], ...casesOf(node)].flatMap(leavesOf);
    case 'in-list':
      return [node['operand'], ...(node['items'] as unknown[])].flatMap(leavesOf);
    case 'between':
      return [node['operand'], node['low'], node['high']].flatMap(leavesOf);
    case 'pattern':
      return [node['operand'], node['pattern']].flatMap(leavesOf);
    default:
      return [];
  }
}

/** What the subject of a CASE is compared with: of an expression, and of a statement. */
function casesOf(node: Readonly<Record<string, unknown>>): readonly unknown[] {
  const branches = node['branches'] as readonly {
    readonly when?: unknown;
    readonly values?: readonly unknown[];
  }[];
  return branches.flatMap(({ when, values }) => values ?? [when]);
}

/** What an expression may give: through casts, COALESCE and CASE. */
export function leavesOf(value: unknown): Expression[] {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return [];
  const expression = value as Expression;
  switch (expression.kind) {
    case 'cast':
      return leavesOf(expression.operand);
    case 'coalesce':
    case 'greatest':
    case 'least':
      return expression.operands.flatMap(leavesOf);
    case 'case':
      return [...expression.branches.map(({ then }) => then), expression.otherwise].flatMap(leavesOf);
    case 'array':
      return expression.items.flatMap(leavesOf);
    default:
      return [expression];
  }
}

/** The operands of `a || b || c`, through casts and COALESCE. */
export function partsOf(value: unknown): Expression[] {
  return leavesOf(value).flatMap((leaf) =>
    leaf.kind === 'operator' && leaf.operator === '||' && leaf.left !== null
      ? [...partsOf(leaf.left), ...partsOf(leaf.right)]
      : [leaf],
  );
}
