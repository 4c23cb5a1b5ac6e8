import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCatalog } from '../../../src/1-read/read-catalog.js';
import type { Catalog } from '../../../src/1-read/catalog.js';
import type { BodyFacts } from '../../../src/7-prove/body-facts.js';
import { makeCases, type ArgumentShape } from '../../../src/7-prove/make-cases.js';
import { readChecks } from '../../../src/7-prove/read-checks.js';
import { runPairs } from '../../../src/7-prove/run-pairs.js';
import { startEmbedded, type EmbeddedDatabase } from '../../../src/io/embedded-database.js';

const schema = `
  CREATE TYPE mood AS ENUM ('happy', 'sad');
  CREATE DOMAIN short AS varchar(8) CHECK (length(value) > 0);
  CREATE TABLE owners (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE, mood mood NOT NULL, code short NOT NULL);
  CREATE TABLE agreements (
    id bigserial PRIMARY KEY, owner_id int NOT NULL REFERENCES owners, parent bigint REFERENCES agreements,
    status text NOT NULL CHECK (status IN ('open', 'closed')), amount numeric(12,2) NOT NULL CHECK (amount > 100),
    doubled numeric GENERATED ALWAYS AS (amount * 2) STORED, tags text[] NOT NULL, extra jsonb, due date, paid_at timestamptz NOT NULL DEFAULT now(),
    rate int CHECK (rate BETWEEN 5 AND 7));
  CREATE TABLE profiles (owner_id int PRIMARY KEY REFERENCES owners, level smallint NOT NULL, score float8, at time, life interval, raw bytea, ip inet, uid uuid UNIQUE NOT NULL);
  CREATE TABLE odd (id int PRIMARY KEY, shape polygon NOT NULL);
  CREATE FUNCTION close_agreement(p_id bigint, p_status text, p_amount numeric, p_tags text[], p_extra jsonb, p_ok boolean, p_at timestamptz, p_mood mood)
    RETURNS void LANGUAGE sql AS 'UPDATE agreements SET status = p_status WHERE id = p_id';
`;
const root = fileURLToPath(new URL('../../../', import.meta.url));
let db: EmbeddedDatabase;
let catalog: Catalog;
let checks: ReadonlyMap<number, readonly string[]>;

beforeAll(async () => {
  db = await startEmbedded({ extensions: [] });
  await db.query(schema);
  catalog = await readCatalog(db);
  checks = await readChecks(db);
}, 60_000);
afterAll(() => db.close());

const oid = (name: string): number => catalog.relations.find((relation) => relation.name === name)?.oid ?? 0;
const factsOf = (names: readonly string[]): BodyFacts => ({
  relations: names.map(oid),
  columnLiterals: new Map([[`${String(oid('agreements'))}.status`, ['closed']]]),
  parameterLiterals: new Map(),
  patternParameters: [],
  parameterTypes: new Map(),
  parameterColumns: new Map([
    [1, [`${String(oid('agreements'))}.id`]],
    [2, [`${String(oid('agreements'))}.status`]],
  ]),
  written: [],
  columns: [],
  setColumns: [],
  columnLinks: new Map(),
  rowsAsked: 0,
  limitParameters: [],
  rangeParameters: [],
  nullTested: [],
  locks: true,
  notifies: false,
});

const shape = (key: string, position: number, members: ArgumentShape['members']): ArgumentShape => ({
  key,
  position,
  members,
  mayBeNull: position === 2,
  mayBeUndefined: false,
});

const shapes = (): ArgumentShape[] => [
  shape('id', 1, ['number']),
  shape('status', 2, ['string']),
  shape('amount', 3, ['string']),
  shape('tags', 4, ['array']),
  shape('extra', 5, ['object']),
  shape('ok', 6, ['boolean']),
  shape('at', 7, ['date']),
  shape('mood', 8, ['string']),
];

function casesFor(names: readonly string[]) {
  const routine = catalog.routines.find(({ name }) => name === 'close_agreement');
  if (routine === undefined) throw new Error('no routine');
  return makeCases({ routine, catalog, facts: factsOf(names), arguments: shapes(), checks });
}

test('arguments hit the rows and have the representation of the site', () => {
  const { cases } = casesFor(['agreements']);
  expect(cases[0]).toMatchObject({
    name: 'row 1',
    args: {
      id: 1,
      status: 'closed',
      amount: '10.50',
      tags: ['tags 1', 'tags 2'],
      extra: { extra: 1 },
      ok: true,
      at: { $date: '2024-02-15T10:00:00.000Z' },
      mood: 'happy',
    },
  });
  expect(cases.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'row 2',
      'miss',
      'empty tables',
      'status: NULL',
      'id: 0',
      'id: -1',
      'mood: sad',
      'status: open',
    ]),
  );
  expect(cases.length).toBeLessThanOrEqual(300);
});

test('every row is accepted by the tables and their parents', async () => {
  const dump = await db.dump();
  const { cases } = casesFor(['agreements', 'profiles']);
  const count = `
    import { sql } from 'drizzle-orm';
    export async function run(db) {
      const { rows } = await db.execute(sql\`SELECT (SELECT count(*) FROM agreements) a, (SELECT count(*) FROM owners) o,
        (SELECT count(*) FROM profiles) p, (SELECT count(DISTINCT status) FROM agreements) s\`);
      return rows[0];
    }`;
  const expected = `export const run = async () => ({ a: '4', o: '4', p: '4', s: '2' });`;
  const [first] = cases;
  const results = await runPairs(
    { dump, extensions: [] },
    { packageFile: `${root}package.json`, driver: 'node-postgres' },
    [
      {
        id: 'count',
        before: count,
        after: expected,
        filename: `${root}test/x.ts`,
        cases: first === undefined ? [] : [first],
      },
    ],
    { deadlineMs: 20_000 },
  );
  expect(results.get('count')).toMatchObject({ status: 'same', notes: [] });
});

test('a table whose rows cannot be made is said', () => {
  const { cases } = casesFor(['odd']);
  expect(cases[0]?.rows).toEqual([
    { label: 'public.odd', inserts: [], reason: 'no value is known for shape' },
  ]);
});

test('a table that refers to itself is a tree, and one kind of rows is falsy', () => {
  const { cases } = casesFor(['agreements', 'profiles']);
  const inserts = (name: string, table: string): readonly string[] =>
    (cases.find((one) => one.name === name)?.rows ?? [])
      .filter(({ label }) => label.startsWith(`public.${table} `))
      .map(({ inserts: [first = ''] }) => first.replace(/^.* VALUES /, ''));
  const parents = inserts('row 1', 'agreements').map((row) => row.split(', ').slice(0, 3).join(' '));
  expect(parents).toEqual(["('1' '1' NULL", "('3' '2' '1'", "('2' '1' '1'", "('4' '2' '2'"]);
  const [agreement = ''] = inserts('falsy, row 1', 'agreements');
  expect(agreement).toMatch(/^\('0', '0', NULL, '', '0', /);
  expect(agreement).toContain("'false'");
  expect(inserts('falsy, row 1', 'profiles').at(-1)).toMatch(/^\('0', '0', '0', /);
});
