import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { editText } from '../../../src/io/editor.js';

const folder = mkdtempSync(join(tmpdir(), 'editor-'));
afterEach(() => {
  vi.unstubAllEnvs();
});
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** An editor of one line of JavaScript; `file` is the path that it is given. */
function useEditor(script: string): void {
  const path = join(folder, 'editor.cjs');
  writeFileSync(path, `const fs = require('node:fs'); const file = process.argv[2]; ${script}`);
  vi.stubEnv('VISUAL', `${process.execPath} ${path}`);
}

test('gives what was saved, with line breaks of one kind', async () => {
  useEditor(`fs.writeFileSync(file, fs.readFileSync(file, 'utf8') + 'two\\r\\n')`);
  expect(await editText('one\n', '.ts')).toBe('one\ntwo\n');
});

test('the file has the extension that is asked for', async () => {
  useEditor(`fs.writeFileSync(file, require('node:path').extname(file))`);
  expect(await editText('one', '.tsx')).toBe('.tsx');
});

test('an editor that ends with a code changes nothing', async () => {
  useEditor(`fs.writeFileSync(file, 'other'); process.exitCode = 3`);
  expect(await editText('one', '.ts')).toEqual({
    problem: [expect.stringContaining('ended with code 3') as string],
  });
});

test('an editor that does not start is named', async () => {
  vi.stubEnv('VISUAL', '/nowhere/editor');
  expect(await editText('one', '.ts')).toEqual({
    problem: [expect.stringMatching(/^\/nowhere\/editor does not start: .*ENOENT/) as string],
  });
});

test('without an editor it says what to set', async () => {
  vi.stubEnv('VISUAL', '');
  vi.stubEnv('EDITOR', '');
  expect(await editText('one', '.ts')).toEqual({
    problem: ['No editor is set.', expect.stringContaining('VISUAL or EDITOR') as string],
  });
});
