/** COALESCE, GREATEST, LEAST and NULLIF. */
import type { Coalesce, MinMax, NullIf } from '../../3-parse/expression.js';
import { bind, fragment, joined, type Fragment } from '../fragment.js';
import type { Scope } from '../scope.js';
import { expression } from './expression.js';

export function coalesce(node: Coalesce, scope: Scope): Fragment {
  return listed('coalesce', node.operands, scope);
}

export function minMax(node: MinMax, scope: Scope): Fragment {
  return listed(node.kind, node.operands, scope);
}

export function nullIf(node: NullIf, scope: Scope): Fragment {
  return listed('nullif', [node.left, node.right], scope);
}

function listed(name: string, operands: Coalesce['operands'], scope: Scope): Fragment {
  const items = operands.map((operand) => expression(operand, scope));
  return fragment(bind.atom, `${name}(`, joined(bind.atom, ', ', items), ')');
}
