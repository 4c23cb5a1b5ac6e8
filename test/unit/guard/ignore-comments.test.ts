import { ts } from 'ts-morph';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/guard/finding.js';
import { applyIgnores } from '../../../src/guard/ignore-comments.js';

const known = new Set(['eq-null', 'tx-raw']);

function left(text: string, ...lines: readonly number[]): readonly string[] {
  const file = ts.createSourceFile('/a.ts', text, ts.ScriptTarget.Latest, true);
  const findings = lines.map((line): Finding => ({
    rule: 'eq-null',
    severity: 'error',
    file: '/a.ts',
    line,
    column: 1,
    endLine: line,
    endColumn: 2,
    message: '',
    help: '',
    code: '',
  }));
  return applyIgnores(file, findings, known).map(({ rule, line }) => `${line} ${rule}`);
}

describe('an ignore comment', () => {
  it.each([
    ['on the line above', '// migrate-rpc-ignore eq-null: the column is NOT NULL\nbad();', [2]],
    ['at the end of the line', 'bad(); // migrate-rpc-ignore eq-null: the column is NOT NULL', [1]],
    ['in a block comment', '/* migrate-rpc-ignore eq-null: the column is NOT NULL */\nbad();', [2]],
    ['above another comment and an empty line', '// migrate-rpc-ignore eq-null: why\n// more\n\nbad();', [4]],
  ])('%s accepts the finding', (_, text, lines) => {
    expect(left(text, ...lines)).toEqual([]);
  });

  it('without a reason accepts nothing and is found', () => {
    expect(left('// migrate-rpc-ignore eq-null\nbad();', 2)).toEqual(['2 eq-null', '1 ignore-comment']);
    expect(left('// migrate-rpc-ignore eq-null:  \nbad();', 2)).toEqual(['2 eq-null', '1 ignore-comment']);
  });

  it('that accepts nothing is found', () => {
    expect(left('// migrate-rpc-ignore eq-null: why\ngood();')).toEqual(['1 ignore-comment']);
    expect(left('// migrate-rpc-ignore tx-raw: why\nbad();', 2)).toEqual(['2 eq-null', '1 ignore-comment']);
    expect(left('// migrate-rpc-ignore\nbad();', 2)).toEqual(['2 eq-null', '1 ignore-comment']);
  });

  it('of a rule that did not run is left alone', () => {
    expect(left('// migrate-rpc-ignore where-undefined: why\ngood();')).toEqual([]);
  });

  it('speaks of the next line of code alone', () => {
    expect(left('// migrate-rpc-ignore eq-null: why\nbad();\nbad();', 2, 3)).toEqual(['3 eq-null']);
  });

  it('in a string or a template is none', () => {
    expect(left('const a = "// migrate-rpc-ignore eq-null: why";')).toEqual([]);
    expect(left('const a = `\n// migrate-rpc-ignore eq-null: why\n`;')).toEqual([]);
  });
});
