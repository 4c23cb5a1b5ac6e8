/** Values of a PostgreSQL type, as its input text. Domains go by their base type, texts by their CHECKs, too. */
import type { Catalog, PgType } from '../1-read/catalog.js';
import { textsTaken } from './check-literals.js';

/** The type itself, or what a domain is made of. */
export function baseType(catalog: Catalog, oid: number): PgType | null {
  const type = catalog.types.get(oid);
  if (type === undefined) return null;
  return type.kind === 'domain' ? baseType(catalog, type.baseType) : type;
}

/** Different values of the type for rows 1, 2, 3 …, or null for a type that is not known. */
export function rowValue(catalog: Catalog, oid: number, row: number, label: string): string | null {
  const type = baseType(catalog, oid);
  if (type === null) return null;
  if (type.kind === 'enum') return type.enumLabels[(row - 1) % type.enumLabels.length] ?? null;
  if (type.element !== 0 && type.category === 'A') return arrayValue(catalog, type, row, label);
  const taken = domainTexts(catalog, oid);
  if (taken.length > 0) return taken[(row - 1) % taken.length] ?? null;
  return rowValues[type.name]?.(row, label) ?? null;
}

/** Values at and just past the limits of the type, in the order of their worth. */
export function edgeValues(catalog: Catalog, oid: number): readonly string[] {
  const type = baseType(catalog, oid);
  if (type === null) return [];
  if (type.kind === 'enum') return type.enumLabels;
  if (type.element !== 0 && type.category === 'A') {
    const one = rowValue(catalog, type.element, 1, 'item');
    if (one === null) return ['{}'];
    const item = quoteElement(one);
    // Their sums are within integer only at the end, or only before it.
    const far = baseType(catalog, type.element)?.name === 'int4' ? farPairs : [];
    return ['{}', `{${item}}`, `{${item},NULL}`, `{${item},${item}}`, ...far];
  }
  return [...domainTexts(catalog, oid), ...(edges[type.name] ?? [])];
}

const farPairs = ['{1073741824,-2147483648}', '{1,2147483647}'];

/** For a body without a table, which costs little and whose branches hang on its arguments alone. */
export function smallNumbers(catalog: Catalog, oid: number): readonly string[] {
  return /^int\d$/.test(baseType(catalog, oid)?.name ?? '') ? ['4', '5', '6', '8', '10', '12'] : [];
}

/** What the CHECKs of a domain over text take; empty for other types, and where they take any text. */
function domainTexts(catalog: Catalog, oid: number): readonly string[] {
  const checks: string[] = [];
  let type = catalog.types.get(oid);
  for (; type?.kind === 'domain'; type = catalog.types.get(type.baseType)) checks.push(...type.checks);
  return type?.category === 'S' ? textsTaken(checks, 'VALUE') : [];
}

/** Those of them that a column may hold, with moments beside the clock's. */
export function storedEdges(catalog: Catalog, oid: number): readonly string[] {
  const near = isDay(catalog, oid);
  return [...(near ? ['yesterday', 'tomorrow', 'now'] : []), ...edgeValues(catalog, oid)].filter(
    (text) => !pastLimit.has(text),
  );
}

/** A type that the words now, yesterday and tomorrow are values of. */
export function isDay(catalog: Catalog, oid: number): boolean {
  const base = baseType(catalog, oid);
  return base?.category === 'D' && base.name !== 'time' && base.name !== 'timetz';
}

export function isJson(catalog: Catalog, oid: number): boolean {
  return /^jsonb?$/.test(baseType(catalog, oid)?.name ?? '');
}

/**
 * Objects with these keys: numbers, texts, nulls, each one missing; then each of the literals, which may be values
 * as well as keys, and one level deeper, as an object and in a list.
 */
export function keyedObjects(keys: readonly string[]): readonly string[] {
  const all = (value: (index: number) => unknown): string =>
    JSON.stringify(Object.fromEntries(keys.map((key, index) => [key, value(index)])));
  const first = all((index) => index + 1);
  const second = all((index) => String(index + 2));
  return [
    first,
    second,
    all((index) => `text ${String(index)}`),
    all(() => null),
    all((index) => index % 2 === 0),
    ...keys.map((_, missing) => all((index) => (index === missing ? undefined : index + 3))),
    ...keys.slice(0, 6).map((key) => all(() => key)),
    ...keys
      .filter((key) => /^-?\d{1,9}$/.test(key))
      .flatMap((key) => [0, 1, -1].map((by) => all(() => Number(key) + by))),
    all(() => JSON.parse(first) as unknown),
    all(() => [JSON.parse(first) as unknown, JSON.parse(second) as unknown]),
    all(() => keys),
  ];
}

/** A value that no made row holds. */
export function missingValue(catalog: Catalog, oid: number): string | null {
  const type = baseType(catalog, oid);
  const taken = domainTexts(catalog, oid);
  return type === null ? null : (taken.at(-1) ?? missing[type.name] ?? null);
}

/** One element as it stands in an array's text. */
export function quoteElement(text: string): string {
  return /^[A-Za-z0-9_.-]+$/.test(text) && !/^null$/i.test(text)
    ? text
    : `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

function arrayValue(catalog: Catalog, type: PgType, row: number, label: string): string | null {
  const items = [row, row + 1].map((each) => rowValue(catalog, type.element, each, label));
  return items.includes(null) ? null : `{${items.map((item) => quoteElement(item ?? '')).join(',')}}`;
}

type Make = (row: number, label: string) => string;

const day = (row: number): string => `2024-0${String((row % 9) + 1)}-15`;
const number: Make = (row) => String(row);
const decimal: Make = (row) => ['10.50', '3.25', '7.00', '10.05'][(row - 1) % 4] ?? '1';
const word: Make = (row, label) => `${label} ${String(row)}`;

const rowValues: Readonly<Record<string, Make>> = {
  int2: number,
  int4: number,
  int8: number,
  oid: number,
  numeric: decimal,
  float4: decimal,
  float8: decimal,
  money: decimal,
  text: word,
  varchar: word,
  bpchar: (row) => 'abc'[(row - 1) % 3] ?? 'a',
  char: (row) => 'abc'[(row - 1) % 3] ?? 'a',
  name: word,
  citext: word,
  bool: (row) => (row % 2 === 1 ? 'true' : 'false'),
  uuid: (row) => `00000000-0000-4000-8000-${String(row).padStart(12, '0')}`,
  date: day,
  timestamp: (row) => `${day(row)} 10:00:00`,
  timestamptz: (row) => `${day(row)} 10:00:00+00`,
  time: (row) => `0${String(row % 10)}:30:00`,
  timetz: (row) => `0${String(row % 10)}:30:00+00`,
  interval: (row) => `${String(row)} days`,
  json: (row, label) => `{"${label}": ${String(row)}, "key": "${label} ${String(row)}"}`,
  jsonb: (row, label) => `{"${label}": ${String(row)}, "key": "${label} ${String(row)}"}`,
  bytea: (row) => `\\x0${String(row % 10)}`,
  inet: (row) => `10.0.0.${String(row)}`,
  cidr: (row) => `10.0.${String(row)}.0/24`,
  int4range: (row) => `[${String(row)},${String(row + 5)})`,
  numrange: (row) => `[${String(row)},${String(row + 5)})`,
  daterange: (row) => `[${day(row)},2025-01-01)`,
  tstzrange: (row) => `[${day(row)},2025-01-01)`,
};

/** The least number, where there is one, stands among the first four, which rows hold. */
const wholeEdges = (max: string, past: string, min: readonly string[] = []): string[] => [
  '0',
  '-1',
  ...min,
  max,
  '-7',
  past,
  '1.5',
  'no number',
];

/** What the type refuses: a case has one such argument at most, for which of two errors comes first is open. */
export const pastLimit: ReadonlySet<string> = new Set(['32768', '2147483648', 'NaN', '1.5', 'no number']);
const texts = ['', '7', 'UPPER lower', `O'Brien "ü" 50%_\\ 日本 🎉`];

const edges: Readonly<Record<string, readonly string[]>> = {
  int2: wholeEdges('32767', '32768', ['-32768']),
  int4: [...wholeEdges('2147483647', '2147483648', ['-2147483648']), '1073741824'],
  int8: wholeEdges('9007199254740991', '-9007199254740991'),
  numeric: [
    '0',
    '-1.5',
    '0.005',
    '2.675',
    '0.000',
    // No double is as small.
    '1e-400',
    '1000',
    '12.345',
    // A double rounds a half to the even neighbour.
    '0.5',
    '99999999999.99',
    '12345678901234567.89',
    '0.12345678901234567891',
    '10.004999999999999',
    '1.00499999999999999999',
    'NaN',
    'no number',
  ],
  float4: ['0', '-1.5', '1e30'],
  float8: ['0', '-1.5', '1e300'],
  text: texts,
  varchar: texts,
  citext: texts,
  name: texts,
  bpchar: ['', 'z'],
  bool: ['true', 'false'],
  uuid: [],
  date: ['2024-02-29', '1969-12-31'],
  timestamp: ['2024-02-29 23:59:59.549', '1969-12-31 00:00:00'],
  timestamptz: ['2024-02-29 23:59:59.549+00', '1969-12-31 00:00:00+00', '2999-01-01 00:00:00+00'],
  time: ['23:59:59.549', '00:00:00'],
  interval: ['0', '-1 day', '1 mon'],
  json: ['{}', '[]', 'null', '"text"', '0', 'false', '""'],
  jsonb: ['{}', '[]', 'null', '"text"', '0', 'false', '""'],
};

const missing: Readonly<Record<string, string>> = {
  int2: '31999',
  int4: '987654',
  int8: '987654',
  numeric: '987654.32',
  text: 'no such text',
  varchar: 'none',
  citext: 'no such text',
  uuid: 'ffffffff-ffff-4fff-bfff-ffffffffffff',
  date: '2099-12-31',
  timestamptz: '2099-12-31 00:00:00+00',
  timestamp: '2099-12-31 00:00:00',
};
