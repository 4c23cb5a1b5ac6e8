/**
 * How many different errors setting a column to a value can raise. Where it is one at most, whose text names no row,
 * it is the same whichever row is met first.
 */
import type { Catalog, Relation } from '../../1-read/catalog.js';
import type { Expression } from '../../3-parse/expression.js';
import { nullable } from '../nullability.js';

const integers: readonly (number | null)[] = [20, 21, 23];
const numeric = 1700;
const texts: readonly (number | null)[] = [25, 1043];

/** Null: not known. */
export function failuresOf(
  name: string,
  value: Expression,
  relation: Relation,
  { types }: Catalog,
): number | null {
  const column = relation.columns.find((each) => each.name === name);
  if (column === undefined || types.get(column.type)?.kind === 'domain') return null;
  // The error of NOT NULL shows the row.
  if (column.notNull && nullable(value, new Set())) return null;
  const constant = value.kind === 'null' || (value.kind === 'literal' && value.type === null);
  const widened = column.type === numeric && integers.includes(value.type);
  const texted = texts.includes(column.type) && texts.includes(value.type);
  if (!constant && !widened && !texted && value.type !== column.type) return null;
  const inner = failuresIn(value);
  const limited = column.typmod !== -1 && value.kind !== 'null' ? 1 : 0;
  return inner === null ? null : inner + limited;
}

const safeCalls: ReadonlySet<string> = new Set(
  'now transaction_timestamp lower upper btrim ltrim rtrim concat round greatest least length char_length'.split(
    ' ',
  ),
);

function failuresIn(node: Expression): number | null {
  const all = (items: readonly (Expression | null)[]): number | null =>
    items.reduce<number | null>((sum, item) => {
      const own = item === null ? 0 : failuresIn(item);
      return sum === null || own === null ? null : sum + own;
    }, 0);
  switch (node.kind) {
    case 'literal':
    case 'null':
    case 'column':
    case 'value-function':
      return 0;
    case 'parameter':
    case 'variable':
      return node.path.length === 0 ? 0 : null;
    case 'operator': {
      const operands = all([node.left, node.right]);
      if (operands === null) return null;
      if (/^(=|<>|!=|<|<=|>|>=)$/.test(node.operator)) return operands;
      if (node.operator === '||') return texts.includes(node.type) ? operands : null;
      if (!/^[-+*]$/.test(node.operator)) return null;
      // A numeric of 131,072 digits is not made of a few columns.
      if (node.type === numeric) return operands;
      return integers.includes(node.type) ? operands + 1 : null;
    }
    case 'and':
    case 'or':
    case 'not':
    case 'coalesce':
    case 'greatest':
    case 'least':
      return all(node.operands);
    case 'null-test':
    case 'boolean-test':
      return all([node.operand]);
    case 'nullif':
      return all([node.left, node.right]);
    case 'case':
      return all([node.subject, node.otherwise, ...node.branches.flatMap(({ when, then }) => [when, then])]);
    case 'cast': {
      const { operand } = node;
      const kept = node.typeName === 'text' || operand.kind === 'null' || operand.type === node.type;
      const widened = node.typeName === 'numeric' && integers.includes(operand.type);
      const constant = operand.kind === 'literal';
      return kept || widened || constant ? all([operand]) : null;
    }
    case 'call':
      return node.routine === null && safeCalls.has(node.name)
        ? all(node.arguments.map(({ value }) => value))
        : null;
    default:
      return null;
  }
}
