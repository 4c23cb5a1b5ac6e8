/** The plugin as an editor runs it: ESLint's own class over a file on the disk, and over a text that is not saved yet. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ESLint, type Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import plugin from '../../src/eslint.js';
import { rules } from '../../src/guard/rules.js';

const root = join(import.meta.dirname, '..', '..', 'fixtures', 'guard');
const file = join(root, 'tx-outer-db', 'bad', 'direct.ts');

function linter(parserOptions: Linter.ParserOptions): ESLint {
  return new ESLint({
    cwd: root,
    overrideConfigFile: true,
    overrideConfig: [
      {
        files: ['**/*.ts'],
        languageOptions: { parser: tseslint.parser, parserOptions },
      },
      plugin.configs.recommended as unknown as Linter.Config,
    ],
  });
}
const shown = (results: readonly ESLint.LintResult[]) =>
  results.flatMap(({ messages }) =>
    messages.map(({ ruleId, line, column }) => `${ruleId} ${line}:${column}`),
  );

describe('the plugin', () => {
  const typed = linter({ projectService: true, tsconfigRootDir: root });

  it('finds what check finds, by the types of typescript-eslint', async () => {
    expect(shown(await typed.lintFiles([file]))).toEqual(['migrate-rpc/tx-outer-db 8:11']);
  });

  it('judges a text that is not on the disk', async () => {
    const text = readFileSync(file, 'utf8').replace('await db.delete', 'await tx.delete');
    expect(shown(await typed.lintText(text, { filePath: file }))).toEqual([]);
    const moved = `\n\n${readFileSync(file, 'utf8')}`;
    expect(shown(await typed.lintText(moved, { filePath: file }))).toEqual(['migrate-rpc/tx-outer-db 10:11']);
  });

  it('makes a program of its own when the parser has no types', async () => {
    const untyped = linter({});
    expect(shown(await untyped.lintFiles([file]))).toEqual(['migrate-rpc/tx-outer-db 8:11']);
    const text = readFileSync(file, 'utf8').replace('await db.delete', 'await tx.delete');
    expect(shown(await untyped.lintText(text, { filePath: file }))).toEqual([]);
  });

  it('finds nothing in good code', async () => {
    expect(shown(await typed.lintFiles([join(root, 'tx-outer-db', 'good', '*.ts')]))).toEqual([]);
  });

  it('has every rule with its page, at its severity', () => {
    expect(Object.keys(plugin.rules)).toEqual(rules.map(({ id }) => id));
    for (const { id, severity } of rules) {
      expect(plugin.rules[id]?.meta.docs.url).toMatch(new RegExp(`/${id}\\.md$`));
      expect(plugin.configs.recommended.rules[`migrate-rpc/${id}`]).toBe(
        severity === 'error' ? 'error' : 'warn',
      );
    }
  });
});
