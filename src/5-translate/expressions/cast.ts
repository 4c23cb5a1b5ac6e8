/** `x::type`. */
import type { Cast } from '../../3-parse/expression.js';
import { bind, fragment, within, type Fragment } from '../fragment.js';
import type { Scope } from '../scope.js';
import { expression } from './expression.js';

export function cast(node: Cast, scope: Scope): Fragment {
  const operand = node.operand;
  if (operand.kind === 'literal' && operand.literal === 'string' && node.typeName === 'interval') {
    return fragment(bind.atom, 'interval ', expression(operand, scope));
  }
  return fragment(bind.cast, within(bind.cast, expression(operand, scope)), `::${node.typeName}`);
}
