import { beforeAll, expect, test } from 'vitest';
import type { Catalog, PgType } from '../../../src/1-read/catalog.js';
import { mayRefuseNull } from '../../../src/5-translate/refuses-null.js';
import { loadSqlParser } from '../../../src/sql/load-sql-parser.js';

beforeAll(loadSqlParser);

test.each([
  '(VALUE > 0)',
  "((VALUE)::text ~ '^[a-z]+$'::text)",
  "((VALUE)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
  '((VALUE >= 0) AND (VALUE <= 100))',
  '((VALUE IS NULL) OR (length(VALUE) > 3))',
  "(NOT (VALUE ~ 'x'::text))",
  '((char_length(btrim(VALUE)) + 1) < 10)',
])('%s takes NULL', (check) => {
  expect(mayRefuseNull(catalogOf({ checks: [check] }), 1)).toBe(false);
});

test.each([
  '(VALUE IS NOT NULL)',
  '((VALUE IS NOT NULL) AND (VALUE > 0))',
  "(COALESCE(VALUE, ''::text) <> ''::text)",
  '(is_valid(VALUE))',
  "(VALUE = ANY ('{}'::text[]))",
  '(NOT (VALUE IS NULL))',
  '((VALUE > 0) IS TRUE)',
])('%s may refuse NULL', (check) => {
  expect(mayRefuseNull(catalogOf({ checks: [check] }), 1)).toBe(true);
});

test('NOT NULL refuses it, also of the domain below', () => {
  expect(mayRefuseNull(catalogOf({ notNull: true }), 1)).toBe(true);
  expect(mayRefuseNull(catalogOf({ baseType: 2 }, { notNull: true }), 1)).toBe(true);
  expect(mayRefuseNull(catalogOf({ baseType: 2 }, { checks: ['(VALUE > 0)'] }), 1)).toBe(false);
});

test('what is no domain takes NULL', () => {
  expect(mayRefuseNull(catalogOf({ kind: 'base', notNull: true }), 1)).toBe(false);
});

function catalogOf(...domains: readonly Partial<PgType>[]): Catalog {
  const types = domains.map((one, index) => ({
    oid: index + 1,
    kind: 'domain',
    notNull: false,
    checks: [],
    baseType: 25,
    ...one,
  }));
  return { types: new Map(types.map((type) => [type.oid, type])) } as unknown as Catalog;
}
