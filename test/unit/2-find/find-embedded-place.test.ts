import { beforeAll, describe, expect, it } from 'vitest';
import { findCallSites } from '../../../src/2-find/find-call-sites.js';
import { loadSqlParser } from '../../../src/sql/load-sql-parser.js';

beforeAll(loadSqlParser);

const names = { routines: new Set(['total']), known: new Set(['lower', 'max']) };

/** The text of the call in the file, or why it has no place there. */
function placeOf(text: string): string {
  const sites = findCallSites({ path: '/root/a.ts', text }, names, '/root');
  expect(sites).toHaveLength(1);
  const [site] = sites;
  if (site?.embedded === undefined) return site?.refusal?.detail ?? '';
  return text.slice(site.embedded.span.start, site.embedded.span.end);
}

describe('the place of a call in the file', () => {
  it.each([
    ['a template', 'await db.execute(sql`SELECT total(${o.id}), 1`);', 'total(${o.id})'],
    ['a string', "await pool.query('SELECT id, total(id) FROM t');", 'total(id)'],
    [
      'escapes before it',
      "await pool.query('SELECT \\'\\u00e9\\', \\x41, total(\\'a\\') FROM t');",
      "total(\\'a\\')",
    ],
    [
      'a code point of two units',
      'await pool.query("SELECT \'\\u{1F600}😀\', total(id) FROM t");',
      'total(id)',
    ],
    ['a line that goes on', "await pool.query('SELECT id, \\\n total(id) FROM t');", 'total(id)'],
    ['carriage returns', 'await db.execute(sql`SELECT id,\r\n  total(id)\r\nFROM t`);', 'total(id)'],
    ['letters of several bytes', 'await pool.query(\'SELECT "größe", total(id) FROM t\');', 'total(id)'],
    [
      'one part of a concatenation',
      "await pool.query('SELECT id, ' + 'total(id)' + ' FROM t');",
      'total(id)',
    ],
    ['a nested fragment', 'await db.execute(sql`SELECT ${sql`total(${id})`} AS t, 1 AS b`);', 'total(${id})'],
    ['an interpolated table', 'await db.execute(sql`SELECT total(${t.id}) FROM ${t}`);', 'total(${t.id})'],
    [
      'an interpolated table before it',
      'await db.execute(sql`DELETE FROM ${t} WHERE total(id) > 1`);',
      'total(id)',
    ],
  ])('%s', (_name, text, expected) => {
    expect(placeOf(text)).toBe(expected);
  });

  it.each([
    ['two literals', "await pool.query('SELECT id, total(' + 'id) FROM t');", 'not written in one literal'],
    [
      'a constant',
      "const text = 'SELECT total(id) FROM t';\nawait pool.query(text);",
      'the statement is written elsewhere',
    ],
    [
      'a value of a constant fragment',
      'const id = sql`${x}`;\nawait db.execute(sql`SELECT total(${id}) FROM t`);',
      'bound elsewhere',
    ],
    ['pasted text', 'await pool.query(`SELECT total(id) FROM t ${tail}`);', 'only known at run time'],
  ])('%s is refused', (_name, text, expected) => {
    expect(placeOf(text)).toContain(expected);
  });
});
