import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const fixtures = join(import.meta.dirname, '..', '..', 'fixtures');

/** The rows of the table "The call" in docs/supabase.md, in their order, each with the fixtures that run it. */
const rows: readonly (readonly [row: string, fixtures: readonly string[], text: RegExp])[] = [
  [
    'if (error) throw error;',
    ['rules/rpc-rethrow/throw-error', 'rules/rpc-rethrow/renamed'],
    /throw \w*[eE]rror/,
  ],
  ['tests `instanceof`', ['rules/rpc-rethrow/class-tested'], /instanceof/],
  [
    'any other use',
    ['numeric', 'scalar', 'error-only', 'data-member', 'out-parameters', 'bare-await'].map(
      (name) => `rules/rpc-answer/${name}`,
    ),
    /await .*\.rpc\(/,
  ],
  ['Promise.all', ['rules/rpc-answer/promise-all', 'rules/rpc-answer/then'], /Promise\.all|\.then\(/],
  ['throwOnError', ['rules/rpc-rethrow/throw-on-error'], /\.throwOnError\(\)/],
  ['of a set', ['rules/rpc-single/single', 'rules/rpc-single/maybe-single'], /\.(?:maybeS|s)ingle\(\)/],
  ['gives one row', ['rules/rpc-single/of-one-row'], /\.single\(\)/],
  [
    '.select()',
    ['columns', 'filters', 'order', 'order-limit', 'range'].map((name) => `rules/rpc-query/${name}`),
    /\.(?:select|eq|order|limit|range)\(/,
  ],
  ['get: true', ['rules/rpc-answer/get'], /get: true/],
  ['never awaited', ['refusals/never-sent/rpc'], /\.rpc\(/],
  ['stored, passed on', ['refusals/builder-escapes/rpc-stored'], /\.rpc\(/],
  [
    '`count`, `head`',
    ['rpc-count', 'rpc-csv', 'rpc-explain', 'rpc-status'].map((name) => `refusals/response-metadata/${name}`),
    /count|csv|explain|status/,
  ],
  ['a component', ['refusals/client-side/use-client', 'refusals/client-side/browser-client'], /\.rpc\(/],
  ['computed', ['refusals/computed-name/rpc'], /\.rpc\(/],
  [
    'one of two',
    ['name-by-condition', 'name-by-type', 'request-by-condition'].map((name) => `rules/rpc-answer/${name}`),
    /\.rpc\(/,
  ],
  [
    'one of more',
    ['of-three', 'of-three-by-type'].map((name) => `refusals/several-routines/${name}`),
    /\.rpc\(/,
  ],
  ['auth.uid()', ['rules/identity-rpc/default', 'refusals/identity/rpc-default-no-context'], /\.rpc\(/],
];

describe('the table of calls in docs/supabase.md', () => {
  const page = readFileSync(join(fixtures, '..', 'docs', 'supabase.md'), 'utf8');
  const [, table = ''] = /^\| before[^\n]*\n\| -[^\n]*\n((?:\|[^\n]*\n)+)/m.exec(page) ?? [];
  const lines = table.trim().split('\n');

  it('has the rows that have fixtures, and no other', () => {
    expect(lines).toHaveLength(rows.length);
    for (const [index, [row]] of rows.entries()) expect(lines[index]).toContain(row);
  });

  it.each(rows)('%s: its fixtures are there and write it so', (_row, names, text) => {
    for (const name of names) {
      const path = join(fixtures, name, 'input.ts');
      expect(existsSync(path), name).toBe(true);
      expect(readFileSync(path, 'utf8'), name).toMatch(text);
    }
  });
});
