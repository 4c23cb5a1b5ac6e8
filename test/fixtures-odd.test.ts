import { expect, test } from 'vitest';
import { refusalFixtures, ruleFixtures } from './support/rule-fixtures.js';
import { isOdd, testTranslations } from './support/test-translations.js';

test('what FIXTURE names exists', () => {
  expect(ruleFixtures().length + refusalFixtures().length).toBeGreaterThan(0);
});

testTranslations(isOdd);
