/**
 * Subqueries as values and tests. Under a builder they are builders themselves: raw text would print the
 * outer columns without their table and bind them to the wrong one.
 */
import type { ArraySubquery, Exists, ScalarSubquery, SubqueryComparison } from '../../3-parse/expression.js';
import type { Code } from '../code.js';
import type { Select } from '../../3-parse/statement.js';
import { bind, fragment, nested, within, type Fragment } from '../fragment.js';
import type { Scope } from '../scope.js';
import { selectBuilder } from '../statements/select.js';
import { selectText } from '../statements/whole-select.js';
import { expression } from './expression.js';
import { operatorStrength } from './operator.js';

/** Without FROM there is no builder, nor a table whose columns text could confuse. */
export function scalarSubquery(node: ScalarSubquery, scope: Scope): Fragment {
  const { from, where, setOperation, values } = node.select;
  if (from.length === 0 && where === null && setOperation === null && values === null)
    return nested(selectText(node.select, scope, ['?column?']));
  return subquery(node.select, scope);
}

export function exists(node: Exists, scope: Scope, name: 'exists' | 'notExists' = 'exists'): Fragment {
  if (scope.form === 'builder') {
    const callee: Code = { kind: 'import', module: 'drizzle-orm', name };
    const call: Code = { kind: 'call', callee, arguments: [selectBuilder(node.select, scope).code] };
    return fragment(bind.atom, call);
  }
  return fragment(bind.atom, name === 'exists' ? 'exists ' : 'not exists ', subquery(node.select, scope));
}

export function subqueryComparison(node: SubqueryComparison, scope: Scope): Fragment {
  const membership = node.quantifier === 'any' && node.operator === '=';
  const own = membership ? bind.range : operatorStrength(node.operator);
  const left = within(own + 1, expression(node.left, scope));
  const word = membership ? ' in ' : ` ${node.operator} ${node.quantifier} `;
  return fragment(own, left, word, subquery(node.select, scope));
}

export function arraySubquery(node: ArraySubquery, scope: Scope): Fragment {
  return fragment(bind.atom, 'array', subquery(node.select, scope));
}

/** In parentheses: a builder inside `sql` brings its own. */
function subquery(select: Select, scope: Scope): Fragment {
  if (scope.form === 'builder') return fragment(bind.atom, selectBuilder(select, scope).code);
  return nested(selectText(select, scope));
}
