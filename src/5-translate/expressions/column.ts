/** A column: the Drizzle column of its table, or text where its source has a name of its own. */
import type { ColumnReference } from '../../3-parse/expression.js';
import { bind, fragment, type Fragment } from '../fragment.js';
import { identifier } from '../identifiers.js';
import { columnCode, drizzleColumn, rangeOf, type Scope } from '../scope.js';
import { unsupported } from '../untranslatable.js';

export function column(node: ColumnReference, scope: Scope): Fragment {
  if (node.excluded) return fragment(bind.atom, `excluded.${identifier(node.column)}`);
  const range = rangeOf(scope, node.range);
  if (range.kind === 'text')
    return fragment(bind.atom, `${identifier(range.alias)}.${identifier(node.column)}`);
  const found = drizzleColumn(range.table, node.column);
  if (range.alias !== null)
    return fragment(bind.atom, `${identifier(range.alias)}.${identifier(node.column)}`);
  return fragment(bind.atom, columnCode(range.table, found));
}

export function wholeRow(): Fragment {
  return unsupported('a whole row as a value');
}
