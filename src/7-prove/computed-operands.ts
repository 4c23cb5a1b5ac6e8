/** Which texts make a condition on what SQL computes of a value true or false: its length, a part of it, a sum. */
import type { Expression, FunctionCall, Operator } from '../3-parse/expression.js';

/**
 * The literals that an operand meets, or texts whose length, part or place the operand's function finds in them.
 */
export function textsMeant(operand: Expression, literals: readonly string[]): readonly string[] {
  if (operand.kind === 'operator') return [...literals, ...solved(operand, literals)];
  if (operand.kind !== 'call') return literals;
  const [, second, third] = operand.arguments.map(({ value }) => textOf(value));
  switch (operand.name) {
    case 'length':
    case 'char_length':
    case 'character_length':
    case 'octet_length':
      return literals.filter(isCount).flatMap((text) => [0, -1, 1].map((by) => letters(Number(text) + by)));
    case 'cardinality':
    case 'array_length':
      return literals.filter(isCount).flatMap((text) => [0, -1, 1].map((by) => items(Number(text) + by)));
    case 'strpos':
    case 'position':
      return second === undefined || second === null ? literals : [second, `a${second}b`, 'ab', ...literals];
    case 'split_part':
      return literals
        .flatMap((text) => [
          ...[1, 2, 3].map((place) => Array.from({ length: 3 }, (_, at) => (at + 1 === place ? text : 'a'))),
          [text],
        ])
        .map((parts) => parts.join(second ?? ','));
    case 'substr':
    case 'substring': {
      const lead = Number(second ?? 1) - 1;
      return literals.flatMap((text) => [
        `${letters(lead)}${text}`,
        `${letters(lead)}${text}${third === null ? '' : 'z'}`,
      ]);
    }
    case 'left':
      return literals.flatMap((text) => [text, `${text}z`]);
    case 'right':
      return literals.flatMap((text) => [text, `z${text}`]);
    default:
      return literals;
  }
}

/** What makes `x * 0.01` one of the literals: of sums, products and the like with one number that is known. */
function solved(operation: Operator, literals: readonly string[]): readonly string[] {
  const [left, right] = [operation.left, operation.right].map(withoutCasts);
  const known = [left, right].map((side) => (side?.kind === 'literal' ? Number(side.text) : Number.NaN));
  const first = !Number.isNaN(known[0] ?? Number.NaN);
  const number = (first ? known[0] : known[1]) ?? Number.NaN;
  const other = first ? right : left;
  if (Number.isNaN(number) || other === undefined || other === null) return [];
  const found = literals
    .flatMap((text) => (text === '' ? [] : inverse(operation.operator, first, number, Number(text))))
    .filter(Number.isFinite)
    .map((value) => String(Number(value.toPrecision(12))))
    .filter((text) => !text.includes('e'));
  return other.kind === 'operator' ? [...found, ...solved(other, found)] : found;
}

function inverse(operator: string, first: boolean, number: number, result: number): readonly number[] {
  switch (operator) {
    case '+':
      return [result - number];
    case '-':
      return [first ? number - result : result + number];
    case '*':
      return [result / number];
    case '/':
      return [first ? number / result : result * number];
    case '%':
      return first ? [] : [result + number];
    default:
      return [];
  }
}

function withoutCasts(value: Expression | null): Expression | null {
  return value?.kind === 'cast' ? withoutCasts(value.operand) : value;
}

/** Texts in which a function finds what it looks for: the separator of split_part, the blanks of trim; parts of a moment. */
export function textsSearched({ name, arguments: given }: FunctionCall): readonly string[] {
  const part = given[1] === undefined ? undefined : textOf(given[1].value);
  if (/^[blr]?trim$/.test(name)) {
    const around = part === undefined ? ' ' : (part ?? ' ');
    return [`${around}a${around}`, around];
  }
  // Made rows are of one year, and of a month each.
  if (/^date_(trunc|part)$/.test(name)) return ['year', 'month'];
  if (!/^(split_part|strpos|position|replace|starts_with|string_to_array)$/.test(name)) return [];
  return part === undefined || part === null || part === '' ? [] : [`a${part}b${part}c`, `${part}d`];
}

function textOf(value: Expression): string | null {
  return value.kind === 'literal' ? value.text : null;
}

function isCount(text: string): boolean {
  return /^\d{1,3}$/.test(text);
}

function letters(count: number): string {
  return count <= 0 ? '' : 'abcdefghij'.repeat(Math.ceil(count / 10)).slice(0, count);
}

function items(count: number): string {
  return `{${Array.from({ length: Math.max(0, Math.min(count, 20)) }, (_, index) => String(index + 1)).join(',')}}`;
}
