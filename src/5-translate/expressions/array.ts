/** ARRAY[…], ROW(…), subscripts, slices and fields. */
import type {
  ArrayConstructor,
  FieldSelection,
  RowConstructor,
  Subscript,
} from '../../3-parse/expression.js';
import { bind, fragment, joined, within, type Fragment } from '../fragment.js';
import { identifier } from '../identifiers.js';
import type { Scope } from '../scope.js';
import { expression } from './expression.js';

export function array(node: ArrayConstructor, scope: Scope): Fragment {
  const items = node.items.map((item) => expression(item, scope));
  return fragment(bind.atom, 'array[', joined(bind.atom, ', ', items), ']');
}

export function row(node: RowConstructor, scope: Scope): Fragment {
  const items = node.items.map((item) => expression(item, scope));
  return fragment(bind.atom, items.length > 1 ? '(' : 'row(', joined(bind.atom, ', ', items), ')');
}

export function subscript(node: Subscript, scope: Scope): Fragment {
  const operand =
    node.operand.kind === 'column' || node.further === true
      ? expression(node.operand, scope)
      : parenthesized(expression(node.operand, scope));
  const lower = node.lower === null ? [] : [expression(node.lower, scope)];
  const upper = node.upper === null ? [] : [expression(node.upper, scope)];
  const inside = node.slice ? [...lower, ':', ...upper] : upper.length > 0 ? upper : lower;
  return fragment(bind.subscript, operand, '[', ...inside, ']');
}

export function fieldSelection(node: FieldSelection, scope: Scope): Fragment {
  return fragment(bind.atom, parenthesized(expression(node.operand, scope)), `.${identifier(node.field)}`);
}

/** Only a plain column may be subscripted without parentheses. */
function parenthesized(inner: Fragment): Fragment {
  return within(bind.atom + 1, inner);
}
