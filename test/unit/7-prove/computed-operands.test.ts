import { expect, test } from 'vitest';
import type { Expression, FunctionCall } from '../../../src/3-parse/expression.js';
import { textsMeant, textsSearched } from '../../../src/7-prove/computed-operands.js';

const column: Expression = {
  kind: 'column',
  range: 1,
  column: 'balance',
  notNull: true,
  excluded: false,
  type: 1700,
};
const number = (text: string): Expression => ({ kind: 'literal', literal: 'numeric', text, type: 1700 });
const operation = (left: Expression, operator: string, right: Expression): Expression => ({
  kind: 'operator',
  operator,
  left,
  right,
  type: 1700,
});

test('a condition on a product, a sum or a quotient is solved for the value in it', () => {
  expect(textsMeant(operation(column, '*', number('0.01')), ['1'])).toEqual(['1', '100']);
  expect(textsMeant(operation(column, '+', number('5')), ['20'])).toEqual(['20', '15']);
  expect(textsMeant(operation(number('100'), '-', column), ['30'])).toEqual(['30', '70']);
  expect(textsMeant(operation(number('60'), '/', column), ['4'])).toEqual(['4', '15']);
  const nested = operation(operation(column, '*', number('2')), '-', number('1'));
  expect(textsMeant(nested, ['9'])).toEqual(['9', '10', '5']);
});

test('what has no solution adds nothing', () => {
  expect(textsMeant(operation(column, '*', column), ['1'])).toEqual(['1']);
  expect(textsMeant(operation(column, '*', number('0')), ['1'])).toEqual(['1']);
  expect(textsMeant(operation(column, '+', number('1')), ['open'])).toEqual(['open']);
});

test('texts hold what a function looks for in them', () => {
  const call = (name: string, ...texts: string[]): FunctionCall =>
    ({
      kind: 'call',
      name,
      arguments: [column, ...texts.map(number)].map((value) => ({ name: null, value })),
    }) as unknown as FunctionCall;
  expect(textsSearched(call('split_part', '@', '1'))).toEqual(['a@b@c', '@d']);
  expect(textsSearched(call('btrim'))).toEqual([' a ', ' ']);
  expect(textsSearched(call('date_trunc'))).toEqual(['year', 'month']);
  expect(textsSearched(call('lower'))).toEqual([]);
});
