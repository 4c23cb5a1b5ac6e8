/** Clock functions without parentheses, AT TIME ZONE, EXTRACT and COLLATE. */
import type { AtTimeZone, Collate, Extract, ValueFunction } from '../../3-parse/expression.js';
import { bind, fragment, within, type Fragment } from '../fragment.js';
import { identifier } from '../identifiers.js';
import type { Scope } from '../scope.js';
import { expression } from './expression.js';

export function valueFunction(node: ValueFunction): Fragment {
  const precision = node.precision === null ? '' : `(${node.precision})`;
  return fragment(bind.atom, `${node.name.toLowerCase()}${precision}`);
}

export function atTimeZone(node: AtTimeZone, scope: Scope): Fragment {
  const operand = within(bind.zone, expression(node.operand, scope));
  return fragment(bind.zone, operand, ' at time zone ', within(bind.zone + 1, expression(node.zone, scope)));
}

export function extract(node: Extract, scope: Scope): Fragment {
  return fragment(bind.atom, `extract(${identifier(node.field)} from `, expression(node.operand, scope), ')');
}

export function collate(node: Collate, scope: Scope): Fragment {
  const operand = within(bind.collate, expression(node.operand, scope));
  const name = node.collation.split('.').map((part) => `"${part.replace(/"/g, '')}"`).join('.'); // prettier-ignore
  return fragment(bind.collate, operand, ` collate ${name}`);
}
