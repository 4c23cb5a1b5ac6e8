/** A column: the Drizzle column of its table, or text where its source has a name of its own. */
import type { ColumnReference, WholeRow } from '../../3-parse/expression.js';
import { bind, fragment, type Fragment } from '../fragment.js';
import { identifier } from '../identifiers.js';
import { drizzleColumn, rangeCode, rangeOf, type Range, type Scope } from '../scope.js';
import { unsupported } from '../untranslatable.js';

export function column(node: ColumnReference, scope: Scope): Fragment {
  if (node.excluded) return fragment(bind.atom, `excluded.${identifier(node.column)}`);
  const range = rangeOf(scope, node.range);
  if (range.kind === 'text')
    return fragment(bind.atom, `${identifier(range.alias)}.${identifier(node.column)}`);
  if (range.kind === 'derived') {
    const key = range.columns.get(node.column) ?? unsupported(`the column ${node.column} of a subquery`);
    if (range.computed.has(node.column) && isElsewhere(node.column, range, scope))
      return unsupported(`the computed column ${node.column}, a name of several, in a query builder`);
    return fragment(bind.atom, { kind: 'member', object: rangeCode(range), property: key });
  }
  const found = drizzleColumn(range.table, node.column);
  if (range.alias !== null)
    return fragment(bind.atom, `${identifier(range.alias)}.${identifier(node.column)}`);
  return fragment(bind.atom, { kind: 'member', object: rangeCode(range), property: found.property });
}

/** Does another table or subquery in reach have a column of this name, which its bare name could mean? */
function isElsewhere(column: string, own: Range, scope: Scope): boolean {
  return [...scope.ranges.values()].some((range) => {
    if (range === own) return false;
    if (range.kind === 'table') return range.relation.columns.some(({ name }) => name === column);
    return range.kind === 'text' || range.columns.has(column);
  });
}

/** `to_jsonb(orders)`: the name of a table or subquery alone. */
export function wholeRow(node: WholeRow, scope: Scope): Fragment {
  const range = rangeOf(scope, node.range);
  if (range.kind === 'text') return fragment(bind.atom, identifier(range.alias));
  if (range.kind === 'derived' || range.local !== undefined) return unsupported('a whole row as a value');
  return fragment(bind.atom, identifier(range.alias ?? range.table.name));
}
