/** BETWEEN, IN lists, ANY and ALL over arrays, LIKE and its relatives. */
import type { ArrayComparison, Between, InList, PatternMatch } from '../../3-parse/expression.js';
import { bind, fragment, joined, within, type Fragment } from '../fragment.js';
import type { Scope } from '../scope.js';
import { expression } from './expression.js';
import { operatorStrength } from './operator.js';

export function between(node: Between, scope: Scope): Fragment {
  const side = (operand: Between['operand']): Fragment => within(bind.range + 1, expression(operand, scope));
  const word = `${node.negated ? ' not' : ''} between ${node.symmetric ? 'symmetric ' : ''}`;
  return fragment(bind.range, side(node.operand), word, side(node.low), ' and ', side(node.high));
}

export function inList(node: InList, scope: Scope): Fragment {
  const items = node.items.map((item) => within(bind.or, expression(item, scope)));
  const operand = within(bind.range + 1, expression(node.operand, scope));
  return fragment(
    bind.range,
    operand,
    node.negated ? ' not in (' : ' in (',
    joined(bind.atom, ', ', items),
    ')',
  );
}

export function arrayComparison(node: ArrayComparison, scope: Scope): Fragment {
  const own = operatorStrength(node.operator);
  const left = within(own + 1, expression(node.left, scope));
  return fragment(own, left, ` ${node.operator} ${node.quantifier}(`, expression(node.right, scope), ')');
}

export function patternMatch(node: PatternMatch, scope: Scope): Fragment {
  const word = { like: 'like', ilike: 'ilike', similar: 'similar to' }[node.form];
  const operand = within(bind.range + 1, expression(node.operand, scope));
  const pattern = within(bind.range + 1, expression(node.pattern, scope));
  const escape =
    node.escape === null ? [] : [' escape ', within(bind.range + 1, expression(node.escape, scope))];
  return fragment(bind.range, operand, ` ${node.negated ? 'not ' : ''}${word} `, pattern, ...escape);
}
