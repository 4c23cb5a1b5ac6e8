/** Expressions that are NULL where one of their names is, so that a STRICT routine's own test says nothing more. */
import type { Expression } from '../3-parse/expression.js';
import { walk } from '../4-classify/walk-body.js';

/** NULL wherever one of its names is: operators, casts and functions that are STRICT themselves. */
export function isNullOfNull(node: Expression): boolean {
  switch (node.kind) {
    case 'parameter':
    case 'variable':
    case 'column':
    case 'literal':
      return true;
    case 'operator':
      return (
        /^(?:[-+*/%<>=]|<>|!=|<=|>=|\|\|)$/.test(node.operator) &&
        (node.left === null || isNullOfNull(node.left)) &&
        isNullOfNull(node.right)
      );
    case 'cast':
      return isNullOfNull(node.operand);
    case 'not':
      return node.operands.every(isNullOfNull);
    case 'call':
      return (
        node.routine === null &&
        strictFunctions.has(node.name) &&
        node.arguments.every(({ value }) => isNullOfNull(value))
      );
    default:
      return false;
  }
}

const strictFunctions = new Set([
  'round',
  'abs',
  'ceil',
  'floor',
  'lower',
  'upper',
  'length',
  'btrim',
  'ltrim',
  'rtrim',
  'trunc',
  'left',
  'right',
  'replace',
  'substring',
]);

/** Does the name stand somewhere in the expression? */
export function mentions(value: Expression, argument: Expression): boolean {
  const key = nameKey(argument);
  let found = false;
  walk(value, null, ({ node }) => {
    if (key !== null && nameKey(node as unknown as Expression) === key) found = true;
  });
  return found;
}

function nameKey(node: Expression): string | null {
  switch (node.kind) {
    case 'parameter':
      return `p${node.position}.${node.path.join('.')}`;
    case 'variable':
      return `v${node.variable}.${node.path.join('.')}`;
    case 'column':
      return `c${node.range}.${node.column}`;
    default:
      return null;
  }
}
