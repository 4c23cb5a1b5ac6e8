/** Result types of built-in operators where they follow from the operands alone. */

const COMPARISONS = new Set([
  '=',
  '<>',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  '@>',
  '<@',
  '&&',
  '?',
  '?|',
  '?&',
  '~',
  '~*',
  '!~',
  '!~*',
  '~~',
  '!~~',
  '~~*',
  '!~~*',
  '@@',
  '@?',
]);
const INTEGER_RANK: Readonly<Record<number, number>> = { 21: 1, 23: 2, 20: 3 };
const JSON_TYPES = new Set([114, 3802]);
const TEXT_TYPES = new Set([25, 1043]);

/** Type OID of `left operator right`, or null where only PostgreSQL can say. */
export function operatorType(
  operator: string,
  left: number | null,
  right: number | null,
  unary: boolean,
): number | null {
  if (!unary && COMPARISONS.has(operator)) return 16;
  if (operator === '->>' || operator === '#>>') return 25;
  if ((operator === '->' || operator === '#>') && left !== null && JSON_TYPES.has(left)) return left;
  if (operator === '||') return concatenation(left, right);
  if (unary) return /^[-+]$/.test(operator) && right !== null && numberRank(right) > 0 ? right : null;
  if (/^[-+*/%]$/.test(operator)) return arithmetic(operator, left, right);
  return null;
}

function arithmetic(operator: string, left: number | null, right: number | null): number | null {
  if (left === null || right === null) return null;
  if (numberRank(left) > 0 && numberRank(right) > 0) {
    if (operator === '%' && (left === 701 || right === 701)) return null;
    return numberRank(left) >= numberRank(right) ? left : right;
  }
  if (operator === '-' && left === right && (left === 1184 || left === 1114)) return 1186;
  if (operator === '-' && left === 1082 && right === 1082) return 23;
  if (/^[-+]$/.test(operator) && right === 1186 && (left === 1184 || left === 1114 || left === 1186))
    return left;
  if (/^[-+]$/.test(operator) && left === 1082) return right === 23 ? 1082 : right === 1186 ? 1114 : null;
  return null;
}

function concatenation(left: number | null, right: number | null): number | null {
  if (left === 3802 && right === 3802) return 3802;
  const text = (type: number | null): boolean => type !== null && TEXT_TYPES.has(type);
  return text(left) && text(right) ? 25 : null;
}

/** numeric beats the integers, float8 beats numeric; float4 is left to PostgreSQL. */
function numberRank(type: number): number {
  if (type === 1700) return 4;
  if (type === 701) return 5;
  return INTEGER_RANK[type] ?? 0;
}
