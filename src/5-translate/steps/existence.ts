/** IF EXISTS (SELECT …) as a select whose row is there or not. */
import type { Expression } from '../../3-parse/expression.js';
import type { Select } from '../../3-parse/statement.js';
import type { Code, Line } from '../code.js';
import { selectBuilder } from '../statements/select.js';
import { Untranslatable } from '../untranslatable.js';
import type { Condition } from './condition.js';
import { singular, type StepsContext } from './context.js';
import type { Flow } from './flow.js';
import { sqlScope } from './read-variable.js';
import { noteSent } from './send.js';

/** EXISTS as a select of one row at most; null for any other condition, and where the select has no builder form. */
export function existence(
  node: Expression,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): Condition | null {
  const negated = node.kind === 'not';
  const inner = negated ? node.operands[0] : node;
  if (inner?.kind !== 'exists' || inner.select.limit !== null || inner.select.offset !== null) return null;
  if (inner.select.locking.length > 0 || inner.select.setOperation !== null) return null;
  const one = { kind: 'literal', literal: 'integer', text: '1', type: 23 } as const;
  const select = { ...inner.select, limit: one, orderBy: [] };
  const scope = sqlScope(select, context, flow);
  try {
    const target: Code = { kind: 'sql', type: 'number', parts: ['1'] };
    const { code } = selectBuilder(select, scope, () => [{ kind: 'property', key: 'one', value: target }]);
    const name = existingName(select, context);
    noteSent(code, select, scope, context, flow, out);
    out.push({ kind: 'const', pattern: `[${name}]`, value: { kind: 'await', value: code } });
    const local: Code = { kind: 'local', name };
    return { test: negated ? { kind: 'not', value: local } : local, whenTrue: [], whenFalse: [] };
  } catch (error) {
    if (error instanceof Untranslatable && error.reason !== 'table-not-in-schema') return null;
    throw error;
  }
}

/** `existing`, and after it `existingAccount`. */
function existingName({ from: [item] }: Select, { names }: StepsContext): string {
  const isSecond = names.used().includes('existing') && item?.kind === 'table';
  return names.unique(isSecond ? `existing_${singular(item.table)}` : 'existing');
}
