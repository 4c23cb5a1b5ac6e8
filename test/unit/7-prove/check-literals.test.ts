import { expect, test } from 'vitest';
import { textsTaken } from '../../../src/7-prove/check-literals.js';
import { likeText, regexText } from '../../../src/7-prove/pattern-texts.js';

test.each([
  ['^[0-9]{5}$'],
  ['^[A-Z]{2}-\\d{3,5}$'],
  ['^[a-z0-9._%+-]+@[a-z0-9.-]+\\.[a-z]{2,}$'],
  ['^(red|green)( dark)?$'],
  ['^[^ ]+$'],
  ['^\\+?\\d{3}(?:-\\d{4})*$'],
])('texts that %s takes', (pattern) => {
  const texts = [0, 1, 2, 3].map((turn) => regexText(pattern, turn));
  for (const text of texts) expect(text).toMatch(new RegExp(pattern, 'u'));
  expect(new Set(texts).size).toBeGreaterThan(1);
});

test('what is not known gives no text', () => {
  expect(regexText('^(?=a)b$', 0)).toBeNull();
  expect(regexText('(a)\\1', 0)).toBeNull();
  expect(regexText('a)', 0)).toBeNull();
});

test('LIKE', () => {
  expect(likeText('%@_.\\%', 'me')).toBe('me@b.%');
});

test('only texts that every pattern and length of the constraints takes', () => {
  const texts = textsTaken([`((VALUE ~~ '%@%'::text) AND (length(VALUE) <= 4))`], 'VALUE');
  expect(texts).toContain('a@a');
  expect(texts).toContain('@');
  expect(texts).not.toContain('abcd');
  expect(texts.every((text) => text.includes('@') && text.length <= 4)).toBe(true);
  expect(textsTaken([`(char_length(VALUE) = 3)`], 'VALUE')).toContain('abc');
  expect(textsTaken([`(code !~ '^x'::text)`, `(other = 'no'::text)`], 'code')).not.toContain('no');
});
