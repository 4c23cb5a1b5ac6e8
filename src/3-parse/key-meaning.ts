/** What a key of ORDER BY, GROUP BY or DISTINCT ON that is a bare name or number stands for (findTargetlistEntrySQL92). */
import type { Node } from '../sql/parse-body.js';
import type { Expression } from './expression.js';
import { findColumn, type Scope } from './scope.js';
import type { SelectTarget } from './statement.js';

/**
 * plain: ORDER BY · group: GROUP BY, where a column of the from items comes before an output name ·
 * grouped: ORDER BY or DISTINCT ON beside GROUP BY or DISTINCT · number: keys of a set operation.
 * An integer literal that comes back is the number of an output column, as in SQL. It stands where
 * repeating the expression would not be the same: a parameter in it would get a number of its own,
 * and GROUP BY compares expressions by those.
 */
export function keyMeaning(
  node: Node,
  targets: readonly SelectTarget[],
  kind: 'plain' | 'group' | 'grouped' | 'number',
  scope?: Scope,
): Expression | null {
  const index = targetIndex(node, targets, kind === 'group' ? scope : undefined);
  const target = index === null ? undefined : targets[index];
  if (index === null || !target) return null;
  const byNumber = kind === 'number' || (kind !== 'plain' && holdsParameter(target.expression));
  return byNumber
    ? { kind: 'literal', literal: 'integer', text: String(index + 1), type: 23 }
    : target.expression;
}

function targetIndex(
  node: Node,
  targets: readonly SelectTarget[],
  columnsFirst: Scope | undefined,
): number | null {
  if ('A_Const' in node && node.A_Const.ival) return (node.A_Const.ival.ival ?? 0) - 1;
  if (!('ColumnRef' in node) || node.ColumnRef.fields?.length !== 1) return null;
  const [field] = node.ColumnRef.fields;
  const name = field && 'String' in field ? (field.String.sval ?? '') : '';
  if (columnsFirst && findColumn({ ...columnsFirst, parent: null }, [name])) return null;
  const found = targets.findIndex((target) => target.name === name);
  return found < 0 ? null : found;
}

/** Does a parameter or variable stand anywhere in an expression? */
export function holdsParameter(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if ('kind' in value && (value.kind === 'parameter' || value.kind === 'variable')) return true;
  return Object.values(value).some(holdsParameter);
}
