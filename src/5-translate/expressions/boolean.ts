/** AND, OR, NOT, and the tests that are never NULL. */
import type { BooleanOperation, BooleanTest, DistinctTest, NullTest } from '../../3-parse/expression.js';
import { bind, fragment, joined, within, type Fragment } from '../fragment.js';
import type { Scope } from '../scope.js';
import { expression } from './expression.js';
import { exists } from './subquery.js';

export function booleanOperation(node: BooleanOperation, scope: Scope): Fragment {
  const [only] = node.operands;
  if (node.kind === 'not' && only?.kind === 'exists' && scope.form === 'builder')
    return exists(only, scope, 'notExists');
  const operands = node.operands.map((operand) => expression(operand, scope));
  if (node.kind === 'not')
    // Readers do not know that NOT binds less tightly than comparisons do.
    return fragment(bind.not, 'not ', within(bind.subscript, operands[0] ?? fragment(bind.atom)));
  const own = node.kind === 'and' ? bind.and : bind.or;
  return joined(
    own,
    ` ${node.kind} `,
    operands.map((operand) => within(own + 1, operand)),
  );
}

export function nullTest(node: NullTest, scope: Scope): Fragment {
  const test = node.negated ? ' is not null' : ' is null';
  return fragment(bind.is, within(bind.comparison + 1, expression(node.operand, scope)), test);
}

export function booleanTest(node: BooleanTest, scope: Scope): Fragment {
  const test = ` is ${node.negated ? 'not ' : ''}${node.test}`;
  return fragment(bind.is, within(bind.comparison + 1, expression(node.operand, scope)), test);
}

export function distinctTest(node: DistinctTest, scope: Scope): Fragment {
  const left = within(bind.comparison + 1, expression(node.left, scope));
  const right = within(bind.comparison + 1, expression(node.right, scope));
  return fragment(bind.is, left, node.negated ? ' is not distinct from ' : ' is distinct from ', right);
}
