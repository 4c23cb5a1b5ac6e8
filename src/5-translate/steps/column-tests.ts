/** What PostgreSQL has to compare of a row becomes a column of the statement that gave the row. */
import type { Expression } from '../../3-parse/expression.js';
import { walk } from '../../4-classify/walk-body.js';
import { isTrue } from '../javascript/condition.js';
import { bareName, type StepsContext } from './context.js';
import type { Flow } from './flow.js';
import { jsScope } from './read-variable.js';
import { columnOfRow } from './row-origin.js';

/** The condition with such comparisons as names of columns. */
export function columnTests(node: Expression, context: StepsContext, flow: Flow): Expression {
  switch (node.kind) {
    case 'and':
    case 'or':
    case 'not':
      return { ...node, operands: node.operands.map((operand) => columnTests(operand, context, flow)) };
    case 'operator':
    case 'between':
    case 'in-list':
      return columnTest(node, context, flow);
    default:
      return node;
  }
}

function columnTest(node: Expression, context: StepsContext, flow: Flow): Expression {
  const checked = [...context.checked];
  const computed = isTrue(node, jsScope(context, flow)) !== null;
  context.checked.clear();
  for (const position of checked) context.checked.add(position);
  const column = computed ? null : columnOfRow(node, { name: testName(node), type: 16 }, context, flow);
  if (column === null) return node;
  // No variable of the body has a negative id.
  const id = -1000 - flow.bindings.size;
  flow.bindings.set(id, column);
  return { kind: 'variable', variable: id, name: column.key, path: [], type: 16, inferred: 16 };
}

const zeroWords: Readonly<Record<string, string>> = {
  '=': 'is_zero',
  '<>': 'is_not_zero',
  '!=': 'is_not_zero',
  '<': 'is_negative',
  '<=': 'is_not_positive',
  '>': 'is_positive',
  '>=': 'is_not_negative',
};

const words: Readonly<Record<string, string>> = {
  '=': 'equals',
  '<>': 'differs_from',
  '!=': 'differs_from',
  '<': 'below',
  '<=': 'at_most',
  '>': 'above',
  '>=': 'at_least',
};

/** `v_balance < p_amount` to `balance_below_amount`. */
function testName(node: Expression): string {
  const parts =
    node.kind === 'operator' && node.left !== null ? [node.left, node.right].map(operandName) : [];
  const [left, right] = parts;
  if (node.kind !== 'operator' || left === undefined || left === null) return nameOfOperands(node);
  if (node.right.kind === 'literal' && Number(node.right.text) === 0)
    return `${left}_${zeroWords[node.operator] ?? 'holds'}`;
  const word = words[node.operator];
  return word === undefined || right === undefined || right === null
    ? nameOfOperands(node)
    : `${left}_${word}_${right}`;
}

/** `coalesce(v_balance, 0) < p_amount * 2` to `balance_below_amount`, `v_balance BETWEEN …` to `balance_in_range`. */
function nameOfOperands(node: Expression): string {
  const names: string[] = [];
  walk(node, null, ({ node: inner }) => {
    if (inner.kind !== 'variable' && inner.kind !== 'parameter') return;
    const name = operandName(inner as unknown as Expression);
    if (name !== null && !names.includes(name)) names.push(name);
  });
  const [first, second] = names;
  if (first === undefined) return 'holds';
  if (node.kind === 'between') return `${first}_in_range`;
  const word = node.kind === 'operator' ? words[node.operator] : undefined;
  return word === undefined || second === undefined ? `${first}_holds` : `${first}_${word}_${second}`;
}

function operandName(node: Expression): string | null {
  switch (node.kind) {
    case 'parameter':
      return bareName((node.name ?? '').replace(/^(?:p|in)_+(?=[a-zA-Z])/, '')) || null;
    case 'variable':
      return bareName(node.path[0] ?? node.name.replace(/^.*\./, ''));
    case 'literal':
      return /^\w{1,12}$/.test(node.text) ? node.text : null;
    case 'cast':
      return operandName(node.operand);
    case 'operator': {
      const word = { '+': 'plus', '-': 'minus', '*': 'times' }[node.operator];
      const sides = [node.left, node.right].map((side) => (side === null ? null : operandName(side)));
      return word === undefined || sides.includes(null) ? null : sides.join(`_${word}_`);
    }
    default:
      return null;
  }
}
