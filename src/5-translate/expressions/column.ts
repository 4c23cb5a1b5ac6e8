/** A column: the Drizzle column of its table, or text where its source has a name of its own. */
import type { ColumnReference } from '../../3-parse/expression.js';
import { bind, fragment, type Fragment } from '../fragment.js';
import { identifier } from '../identifiers.js';
import { drizzleColumn, rangeCode, rangeOf, type Scope } from '../scope.js';
import { unsupported } from '../untranslatable.js';

export function column(node: ColumnReference, scope: Scope): Fragment {
  if (node.excluded) return fragment(bind.atom, `excluded.${identifier(node.column)}`);
  const range = rangeOf(scope, node.range);
  if (range.kind === 'text')
    return fragment(bind.atom, `${identifier(range.alias)}.${identifier(node.column)}`);
  if (range.kind === 'derived') {
    const key = range.columns.get(node.column) ?? unsupported(`the column ${node.column} of a subquery`);
    return fragment(bind.atom, { kind: 'member', object: rangeCode(range), property: key });
  }
  const found = drizzleColumn(range.table, node.column);
  if (range.alias !== null)
    return fragment(bind.atom, `${identifier(range.alias)}.${identifier(node.column)}`);
  return fragment(bind.atom, { kind: 'member', object: rangeCode(range), property: found.property });
}

export function wholeRow(): Fragment {
  return unsupported('a whole row as a value');
}
