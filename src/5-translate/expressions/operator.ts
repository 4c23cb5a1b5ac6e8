/** Unary and binary operators. */
import type { Operator } from '../../3-parse/expression.js';
import { bind, fragment, within, type Fragment } from '../fragment.js';
import type { Scope } from '../scope.js';
import { unsupported } from '../untranslatable.js';
import { expression } from './expression.js';

export function operator(node: Operator, scope: Scope): Fragment {
  if (!/^[-+*/<>=~!@#%^&|`?]+$/.test(node.operator)) return unsupported(`the operator ${node.operator}`);
  if (node.left === null) {
    const own = ['-', '+'].includes(node.operator) ? bind.sign : bind.other;
    const operand = within(own + 1, expression(node.right, scope));
    return fragment(
      own,
      node.operator === '-' || node.operator === '+' ? node.operator : `${node.operator} `,
      operand,
    );
  }
  const own = operatorStrength(node.operator);
  const nonAssociative = own === bind.comparison;
  const left = within(nonAssociative ? own + 1 : own, expression(node.left, scope));
  const right = within(own + 1, expression(node.right, scope));
  return fragment(own, left, ` ${node.operator} `, right);
}

export function operatorStrength(name: string): number {
  if (['=', '<', '>', '<=', '>=', '<>', '!='].includes(name)) return bind.comparison;
  if (name === '+' || name === '-') return bind.sum;
  if (['*', '/', '%'].includes(name)) return bind.product;
  return name === '^' ? bind.power : bind.other;
}
