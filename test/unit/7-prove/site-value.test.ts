import { describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/1-read/catalog.js';
import { admits, siteValue } from '../../../src/7-prove/site-value.js';

const names: Readonly<Record<number, readonly [string, string]>> = {
  1700: ['numeric', 'N'],
  3802: ['jsonb', 'U'],
  1082: ['date', 'D'],
};
const catalog = {
  types: new Map(
    Object.entries(names).map(([oid, [name, category]]) => [
      Number(oid),
      { oid: Number(oid), name, category, kind: 'base', element: 0 },
    ]),
  ),
} as unknown as Catalog;

type Shape = Parameters<typeof siteValue>[0]['shape'];
const value = (type: number, shape: Shape, text: string) => siteValue({ shape, type }, catalog, text);

describe('siteValue', () => {
  it('is NaN only where the site looks whether the number is finite', () => {
    expect(value(1700, { members: ['number'], tested: true }, 'NaN')).toEqual({ $number: 'NaN' });
    expect(value(1700, { members: ['number'], tested: true }, '-Infinity')).toEqual({ $number: '-Infinity' });
    expect(value(1700, { members: ['number'] }, 'NaN')).toBe('NaN');
    expect(value(1700, { members: ['number'], tested: true }, '2.5')).toBe(2.5);
  });

  it('is a document where the site passes objects alone', () => {
    expect(value(3802, { members: ['object'] }, '{"a":1}')).toEqual({ a: 1 });
    for (const text of ['[]', 'null', '5', 'no JSON'])
      expect(value(3802, { members: ['object'] }, text)).toEqual({});
    expect(value(3802, { members: ['object', 'array'] }, '[1]')).toEqual([1]);
  });

  it('is a Date where the site passes one', () => {
    expect(value(1082, { members: ['date'] }, '2024-02-15')).toEqual({ $date: '2024-02-15T00:00:00.000Z' });
    expect(value(1082, { members: ['string'] }, '2024-02-15')).toBe('2024-02-15');
  });
});

it('admits NULL in an array, and what is no number, only where the site has such values', () => {
  const whole = { members: ['array'] as const, itemsNotNull: true as const };
  expect(['{1}', '{1,NULL}', '{}'].map((text) => admits(whole, text))).toEqual([true, false, true]);
  expect(admits({ members: ['array'] }, '{1,NULL}')).toBe(true);
  expect(admits({ members: ['number'] }, 'no number')).toBe(false);
  expect(admits({ members: ['string'] }, 'no number')).toBe(true);
});
