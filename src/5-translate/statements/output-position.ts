/**
 * Keys that PostgreSQL has to know again as an output column: what is grouped by, what DISTINCT ON names, and the
 * order of a DISTINCT. Each interpolated argument becomes a parameter of its own, so an expression with one
 * equals no other; such a key is given as the number of its column.
 */
import type { Expression } from '../../3-parse/expression.js';
import type { Select } from '../../3-parse/statement.js';
import { bind, fragment, type Fragment } from '../fragment.js';
import { expression } from '../expressions/expression.js';
import type { Scope } from '../scope.js';
import { unsupported } from '../untranslatable.js';

/** `outputs`: the selected expressions in order, null for what is selected in another form. */
export function groupKey(node: Expression, outputs: readonly (Expression | null)[], scope: Scope): Fragment {
  if (!holdsArgument(node, scope)) return expression(node, scope);
  const position = positionOf(node, outputs);
  if (position === null) return unsupported('a parameter in a key that is no output column');
  return fragment(bind.atom, String(position));
}

/** The same for ORDER BY, whose keys have to be known again only under GROUP BY and DISTINCT. */
export function orderKey(
  node: Expression,
  select: Select,
  outputs: readonly (Expression | null)[],
  scope: Scope,
): Fragment {
  const known = select.distinct !== null || select.groupBy.length > 0;
  const position = known && holdsArgument(node, scope) ? positionOf(node, outputs) : null;
  return position === null ? expression(node, scope) : fragment(bind.atom, String(position));
}

function positionOf(node: Expression, outputs: readonly (Expression | null)[]): number | null {
  const text = textOf(node);
  const index = outputs.findIndex((output) => output !== null && textOf(output) === text);
  return index === -1 ? null : index + 1;
}

function holdsArgument(node: unknown, scope: Scope): boolean {
  if (Array.isArray(node)) return node.some((item) => holdsArgument(item, scope));
  if (typeof node !== 'object' || node === null) return false;
  const { kind, position } = node as { readonly kind?: unknown; readonly position?: unknown };
  if (kind === 'variable') return true;
  if (kind === 'parameter') return scope.arguments.get(Number(position))?.kind !== 'constant';
  return Object.values(node).some((value) => holdsArgument(value, scope));
}

/** Types follow from the rest, and are not known of every part. */
function textOf(node: Expression): string {
  return JSON.stringify(node, (key, value: unknown) =>
    ['inferred', 'type'].includes(key) ? undefined : value,
  );
}
