import { expect, test } from 'vitest';
import { ts } from 'ts-morph';
import type { Code } from '../../../src/5-translate/code.js';
import { printCode } from '../../../src/5-translate/print/print-code.js';
import { readWritten } from '../../../src/6-rewrite/read-written.js';

const names = {
  import: (_module: string, name: string) => `_${name}`,
  table: (_schema: string, table: string) => `_${table}`,
  routine: (_module: string, name: string) => name,
  executor: 'client',
  transaction: 'client.transaction',
  argument: (position: number) => `args.a${String(position)}`,
};

const expressions = new Map<string, Code>([
  ['id', { kind: 'argument', position: 1 }],
  ['input.owner', { kind: 'argument', position: 2 }],
  ['this.db', { kind: 'executor' }],
]);

function reprinted(text: string): { readonly text: string; readonly unknown: readonly string[] } {
  const source = ts.createSourceFile('a.ts', text, ts.ScriptTarget.Latest, true);
  const [statement] = source.statements;
  if (statement === undefined || !ts.isExpressionStatement(statement)) throw new Error(text);
  const unknown = new Set<string>();
  const imported = (name: string): Code | null =>
    ['eq', 'sql', 'accounts'].includes(name) ? { kind: 'import', module: 'm', name } : null;
  const code = readWritten([statement.expression], source, { expressions, imported }, unknown);
  return { text: printCode(code, names), unknown: [...unknown] };
}

test.each([
  ['this.db.select().where(eq(accounts.id, id))', 'client.select().where(_eq(_accounts.id, args.a1))'],
  ['f({ id, owner: input.owner })', 'f({ id: args.a1, owner: args.a2 })'],
  ['f({ eq })', 'f({ eq: _eq })'],
  ['f({ id: 1, input: 2 }.id)', 'f({ id: 1, input: 2 }.id)'],
  ['rows.map((id) => id + 1)', 'rows.map((id) => id + 1)'],
  ['rows.map(({ id: other }) => eq(other, id))', 'rows.map(({ id: other }) => _eq(other, args.a1))'],
  ['sql<number>`${accounts.id} = ${id}`', '_sql<number>`${_accounts.id} = ${args.a1}`'],
  ['id ?? null', 'args.a1 ?? null'],
  ['f(/* id */ id)', 'f(/* id */ args.a1)'],
])('%s', (text, printed) => {
  expect(reprinted(text).text).toBe(printed);
});

test('names that nothing brings are told, globals and declared ones are not', () => {
  expect(reprinted('f(a.b, Number(id), ((c) => c)(1), undefined, d as e)').unknown).toEqual(['f', 'a', 'd']);
});
