/** What ends a SELECT as text: ORDER BY, LIMIT or FETCH … WITH TIES, OFFSET and the locks. */
import type { Expression } from '../../3-parse/expression.js';
import type { Select } from '../../3-parse/statement.js';
import { sortKeys } from '../expressions/call.js';
import { expression } from '../expressions/expression.js';
import { bind, nested, within, type Fragment } from '../fragment.js';
import { identifier } from '../identifiers.js';
import { rangeOf, type Scope } from '../scope.js';
import { unsupported } from '../untranslatable.js';

/** Each part begins on a line of its own. */
export function tailOf(select: Select, scope: Scope): readonly (string | Fragment)[] {
  const parts: (string | Fragment)[] = [];
  if (select.orderBy.length > 0) parts.push('\norder by ', sortKeys(select.orderBy, scope, select));
  if (select.withTies) return [...parts, ...withTies(select, scope), ...locks(select, scope)];
  if (select.limit !== null) parts.push('\nlimit ', within(bind.other, expression(select.limit, scope)));
  if (select.offset !== null) parts.push('\noffset ', within(bind.other, expression(select.offset, scope)));
  return [...parts, ...locks(select, scope)];
}

/** FETCH takes a number or what stands in brackets; without a number it is one row. */
function withTies({ limit, offset }: Select, scope: Scope): readonly (string | Fragment)[] {
  const number = (node: Expression): string | Fragment =>
    node.kind === 'literal' ? node.text : nested(expression(node, scope));
  const skipped = offset === null ? [] : ['\noffset ', number(offset), ' rows'];
  const count = limit === null ? [] : [number(limit), ' '];
  return [...skipped, '\nfetch first ', ...count, 'rows with ties'];
}

function locks(select: Select, scope: Scope): readonly string[] {
  const parts: string[] = [];
  for (const lock of select.locking) {
    const of = lock.of.length === 0 ? '' : ` of ${lock.of.map((id) => lockName(id, scope)).join(', ')}`;
    parts.push(`\nfor ${lock.strength}${of}${lock.wait === 'block' ? '' : ` ${lock.wait}`}`);
  }
  return parts;
}

function lockName(id: number, scope: Scope): string {
  const range = rangeOf(scope, id);
  if (range.kind === 'text') return identifier(range.alias);
  if (range.kind === 'derived') return unsupported('FOR … OF a subquery');
  return identifier(range.alias ?? range.table.name);
}
