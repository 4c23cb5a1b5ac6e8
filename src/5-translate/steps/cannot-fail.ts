/** Expressions that neither fail nor act, whatever their inputs are. */
import type { Expression } from '../../3-parse/expression.js';
import { useOf, type StepsContext } from './context.js';
import type { Flow } from './flow.js';
import { readVariable } from './read-variable.js';

const steadyCalls = new Set([
  'now',
  'coalesce',
  'lower',
  'upper',
  'btrim',
  'ltrim',
  'rtrim',
  'concat',
  'transaction_timestamp',
]);

export function cannotFail(node: Expression, context: StepsContext, flow: Flow): boolean {
  const all = (items: readonly (Expression | null)[]): boolean =>
    items.every((item) => item === null || cannotFail(item, context, flow));
  switch (node.kind) {
    case 'literal':
      return node.type !== null;
    case 'null':
    case 'value-function':
      return true;
    case 'parameter':
      return node.path.length === 0;
    case 'variable': {
      const binding = flow.bindings.get(node.variable);
      if (binding?.kind === 'fragment') return true;
      const { single, definitions } = useOf(context, node.variable);
      return (single || definitions === 0) && readVariable(node, flow) !== null;
    }
    case 'operator': {
      const numeric = node.type === 1700 && ['+', '-', '*'].includes(node.operator);
      const compared = /^(=|<>|!=|<|<=|>|>=)$/.test(node.operator);
      const joined = node.operator === '||' && (node.type === 25 || node.type === 1043);
      return (numeric || compared || joined) && all([node.left, node.right]);
    }
    case 'and':
    case 'or':
    case 'not':
    case 'coalesce':
    case 'greatest':
    case 'least':
      return all(node.operands);
    case 'null-test':
      return all([node.operand]);
    case 'case':
      return all([node.subject, node.otherwise, ...node.branches.flatMap(({ when, then }) => [when, then])]);
    case 'nullif':
      return all([node.left, node.right]);
    case 'cast':
      return (
        node.type !== null &&
        ['numeric', 'text'].includes(node.typeName) &&
        (node.typeName === 'text' || [21, 23, 20].includes(node.operand.type ?? 0)) &&
        all([node.operand])
      );
    case 'call':
      return (
        node.routine === null && steadyCalls.has(node.name) && all(node.arguments.map(({ value }) => value))
      );
    default:
      return false;
  }
}
