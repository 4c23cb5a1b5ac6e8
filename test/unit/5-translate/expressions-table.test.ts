import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { beforeAll, describe, expect, it } from 'vitest';
import { translateBodies, type TranslatedBody } from '../../support/translate-body.js';

/** Expressions of PL/pgSQL bodies, the most frequent in real code first: name, example, type of its value. */
const expressions: readonly (readonly [item: string, example: string, type: string])[] = [
  ['`IS NULL`', 't IS NULL', 'boolean'],
  ['`NOT`', 'NOT b', 'boolean'],
  ['`IS NOT NULL`', 't IS NOT NULL', 'boolean'],
  ['`=` of integers', 'i = j', 'boolean'],
  ['`=` of text', 't = u', 'boolean'],
  ['`=` of numeric', 'n = 0', 'boolean'],
  ['`+` of integers', 'i + j', 'integer'],
  ['`+` of numeric', 'n + 1', 'numeric'],
  ['`||` of text', 't || u', 'text'],
  ['`||` with a number', 't || i', 'text'],
  ['`OR`', 'b OR i > j', 'boolean'],
  ['`AND`', 'b AND i > j', 'boolean'],
  ['`COALESCE`', "coalesce(t, 'none')", 'text'],
  ['`EXISTS`', 'EXISTS (SELECT 1 FROM unnest(a) AS x WHERE x = t)', 'boolean'],
  ['`-` of integers', 'i - j', 'integer'],
  ['`-` of times', 'm - now()', 'interval'],
  ['`<>`', 't <> u', 'boolean'],
  ['`<` of integers', 'i < j', 'boolean'],
  ['`<` of text', 't < u', 'boolean'],
  ['`->>`', "d ->> 'key'", 'text'],
  ['`>`', 'i > j', 'boolean'],
  ['`*`', 'i * j', 'integer'],
  ['`::int8`', 'i::bigint', 'bigint'],
  ['`::interval`', 't::interval', 'interval'],
  ['`now()`', 'now()', 'timestamptz'],
  ['`jsonb_build_object()`', "jsonb_build_object('key', i)", 'jsonb'],
  ['scalar subquery', '(SELECT max(x) FROM unnest(a) AS x)', 'text'],
  ['`/`', 'i / j', 'integer'],
  ['`%`', 'i % j', 'integer'],
  ['`array_length()`', 'array_length(a, 1)', 'integer'],
  ['`>=`', 'i >= j', 'boolean'],
  ['`::text` of an integer', 'i::text', 'text'],
  ['`CASE`', "CASE WHEN b THEN 'yes' ELSE t END", 'text'],
  ['cast to an enum', 't::mood', 'mood'],
  ['`x[i]`', 'a[i]', 'text'],
  ['`->`', "d -> 'key'", 'jsonb'],
  ['`::jsonb`', 't::jsonb', 'jsonb'],
  ['`<=`', 'i <= j', 'boolean'],
  ['`IS DISTINCT FROM`', 't IS DISTINCT FROM u', 'boolean'],
  ['`btrim()`', 'btrim(t)', 'text'],
  ['`GREATEST`', 'greatest(i, j)', 'integer'],
  ['`::int4`', 't::integer', 'integer'],
  ['`ARRAY[…]`', 'ARRAY[t, u]', 'text[]'],
  ['`lower()`', 'lower(t)', 'text'],
  ['`::varchar`', 't::varchar', 'varchar'],
  ['`array_append()`', 'array_append(a, t)', 'text[]'],
  ['`NULLIF`', "nullif(t, '')", 'text'],
  ['`LEAST`', 'least(i, j)', 'integer'],
  ['`::date`', 'm::date', 'date'],
  ['`length()`', 'length(t)', 'integer'],
  ['`format()`', "format('%s', t)", 'text'],
  ['`extract()`', 'extract(year FROM m)', 'numeric'],
  ['`round()`', 'round(n, 2)', 'numeric'],
  ['`NOT IN`', 'i NOT IN (1, 2)', 'boolean'],
  ['`date_trunc()`', "date_trunc('day', m)", 'timestamptz'],
  ['`to_char()`', "to_char(m, 'YYYY')", 'text'],
  ['`::float8`', 'n::float8', 'float8'],
  ['`IN`', 'i IN (1, 2)', 'boolean'],
  ['`regexp_replace()`', "regexp_replace(t, 'a', 'b')", 'text'],
  ['`?` of jsonb', 'd ? t', 'boolean'],
  ['`floor()`', 'floor(n)', 'numeric'],
  ['`abs()`', 'abs(i)', 'integer'],
  ['`clock_timestamp()`', 'clock_timestamp()', 'timestamptz'],
  ['`::numeric`', 'i::numeric', 'numeric'],
  ['`encode()`', "encode(convert_to(t, 'UTF8'), 'hex')", 'text'],
  ['`md5()`', 'md5(t)', 'text'],
  ['`gen_random_uuid()`', 'gen_random_uuid()', 'uuid'],
  ['`substring()`', 'substring(t from 2)', 'text'],
  ['`make_interval()`', 'make_interval(days => i)', 'interval'],
];

const parameters =
  'i integer, j integer, t text, u text, b boolean, n numeric, m timestamptz, d jsonb, a text[]';
const file = fileURLToPath(new URL('../../../docs/expressions.md', import.meta.url));

/** Number of an expression in a function's name, so that names sort as the list does. */
const nameOf = (kind: string, index: number): string => `${kind}_${String(index).padStart(3, '0')}`;

let bodies: ReadonlyMap<string, TranslatedBody>;

beforeAll(async () => {
  const functions = expressions.flatMap(([, example, type], index) => [
    `CREATE FUNCTION ${nameOf('tested', index)}(${parameters}) RETURNS text LANGUAGE plpgsql AS $$
     DECLARE v ${type}; BEGIN v := ${example}; IF v IS NULL THEN RETURN 'null'; END IF; RETURN 'known'; END $$;`,
    `CREATE FUNCTION ${nameOf('sent', index)}(${parameters}) RETURNS void LANGUAGE plpgsql AS $$
     DECLARE v ${type}; BEGIN v := ${example}; PERFORM set_config('own.a', v::text, true); PERFORM 1; END $$;`,
  ]);
  const found = await translateBodies(`CREATE TYPE mood AS ENUM ('low', 'high'); ${functions.join('\n')}`);
  bodies = new Map(found.map((body) => [body.name, body]));
}, 180_000);

describe('expressions', () => {
  it('are all decided', () => {
    expect([...bodies.values()].filter(({ outcome }) => outcome === 'skeleton')).toEqual([]);
  });

  it('stand in docs/expressions.md as they are translated', async () => {
    const text = await format(table(), { parser: 'markdown', printWidth: 110 });
    if (process.env['UPDATE'] === '1') writeFileSync(file, text);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});

function table(): string {
  const rows = expressions.map(([item, example], index) => {
    const tested = wayOf(bodies.get(nameOf('tested', index)));
    const sent = wayOf(bodies.get(nameOf('sent', index)));
    const code = '`' + example.replaceAll('|', '\\|') + '`';
    return `| ${item.replaceAll('|', '\\|')} | ${code} | ${tested} | ${sent} |`;
  });
  return `# Expressions of bodies

How \`v := <expression>\` of a PL/pgSQL body is computed in the function that takes its place, for the expressions that real functions use most. \`i\` and \`j\` are integers, \`t\` and \`u\` text, \`b\` a boolean, \`n\` a numeric, \`m\` a timestamptz, \`d\` a jsonb and \`a\` a text[], none of them NULL. The table is made by \`test/unit/5-translate/expressions-table.test.ts\` from the translations themselves; \`fixtures/rules/expressions\` runs them against PostgreSQL.

- **JavaScript**: computed in the function, with PostgreSQL's errors.
- **fragment**: an \`sql\` piece inside the statement that uses it.
- **statement**: PostgreSQL computes it in a statement of its own, a builder where EXISTS or a subquery reads the project's tables.

| expression | example | tested or returned | used by statements alone |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}

function wayOf(body: TranslatedBody | undefined): string {
  if (body === undefined || body.text === '') return body?.outcome ?? 'missing';
  const first = body.text.split(';\n').find((line) => /^(const|let) /.test(line.trim())) ?? body.text;
  if (/evaluate\(|\.execute/.test(first)) return 'statement';
  return /sql(<[^`]*>)?`/.test(first) ? 'fragment' : 'JavaScript';
}
