/** May the expression be NULL? "Yes" unless keys, constants or functions show that it cannot. */
import type { Expression } from '../3-parse/expression.js';
import type { Select } from '../3-parse/statement.js';

/** `grouped`: each row stands for at least one row of input, so that an aggregate of what is never NULL is not. */
export function nullable(node: Expression, outerJoined: ReadonlySet<number>, grouped = false): boolean {
  const any = (items: readonly (Expression | null)[]): boolean =>
    items.some((item) => item !== null && nullable(item, outerJoined, grouped));
  switch (node.kind) {
    case 'column':
      return !node.notNull || outerJoined.has(node.range);
    case 'literal':
    case 'null-test':
    case 'boolean-test':
    case 'distinct':
    case 'exists':
    case 'array':
    case 'row':
    case 'value-function':
    case 'grouping':
      return false;
    case 'operator':
      return (
        ['->', '->>', '#>', '#>>'].includes(node.operator) || any([node.left, node.right].flatMap(fields))
      );
    case 'and':
    case 'or':
    case 'not':
      return any(node.operands);
    case 'between':
      return any([node.operand, node.low, node.high]);
    case 'in-list':
      return any([node.operand, ...node.items]);
    case 'pattern':
      return any([node.operand, node.pattern, node.escape]);
    case 'cast':
      return nullable(node.operand, outerJoined, grouped);
    case 'case':
      return node.otherwise === null || any([node.otherwise, ...node.branches.map((branch) => branch.then)]);
    case 'coalesce':
    case 'greatest':
    case 'least':
      return node.operands.every((operand) => nullable(operand, outerJoined, grouped));
    case 'extract':
    case 'collate':
      return nullable(node.operand, outerJoined, grouped);
    case 'call':
      if (grouped && ofRows.has(node.name) && node.filter === null && node.over === null) {
        return any(node.arguments.map((argument) => argument.value));
      }
      return !neverNull.has(node.name);
    case 'scalar-subquery': {
      const [target] = node.select.targets;
      return target === undefined || !givesOneRow(node.select) || nullable(target.expression, outerJoined);
    }
    default:
      return true;
  }
}

/** A row is never NULL, but comparing rows compares their fields. */
function fields(node: Expression | null): readonly (Expression | null)[] {
  return node?.kind === 'row' ? node.items : [node];
}

/** An aggregate over all rows, of which there may be none. */
function givesOneRow(select: Select): boolean {
  const [target] = select.targets;
  const aggregate = target?.expression.kind === 'call' && target.expression.aggregate;
  const whole = select.groupBy.length === 0 && select.groupingSets === null && select.having === null;
  return (
    aggregate &&
    whole &&
    target.expression.kind === 'call' &&
    target.expression.over === null &&
    select.limit === null &&
    select.offset === null &&
    select.setOperation === null
  );
}

/** Aggregates that are NULL only over no rows or NULLs. */
const ofRows = new Set([
  'sum',
  'min',
  'max',
  'avg',
  'bool_and',
  'bool_or',
  'every',
  'array_agg',
  'string_agg',
  'jsonb_agg',
  'json_agg',
]);

const neverNull = new Set([
  'count', 'now', 'clock_timestamp', 'statement_timestamp', 'transaction_timestamp', 'random', 'gen_random_uuid', 'concat',
  'jsonb_build_object', 'json_build_object', 'jsonb_build_array', 'json_build_array', 'row_number', 'rank', 'dense_rank',
]); // prettier-ignore
