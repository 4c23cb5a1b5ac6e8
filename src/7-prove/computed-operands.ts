/** Which texts make a condition on what SQL computes of a value true or false: its length, a part of it. */
import type { Expression } from '../3-parse/expression.js';

/**
 * The literals that an operand meets, or texts whose length, part or place the operand's function finds in them.
 */
export function textsMeant(operand: Expression, literals: readonly string[]): readonly string[] {
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
