import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MigrateError } from '../../../src/errors.js';
import { listSourceFiles } from '../../../src/io/list-source-files.js';

let made: string;
let root: string;

beforeEach(() => {
  made = realpathSync(mkdtempSync(path.join(tmpdir(), 'list-source-files-')));
  root = made;
});
afterEach(() => {
  rmSync(made, { recursive: true, force: true });
});

/** Makes files (a name, or a name and its text) and lists below `paths`, seen from the root. */
async function list(
  files: readonly (string | readonly [string, string])[],
  paths: readonly string[] = ['.'],
) {
  for (const one of files) {
    const [name, text] = typeof one === 'string' ? [one, ''] : one;
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  const found = await listSourceFiles(paths, root);
  return { ...found, files: found.files.map((file) => path.relative(root, file)) };
}

describe('listSourceFiles', () => {
  it('lists every extension of TypeScript and JavaScript, and nothing else', async () => {
    const names = ['a.ts', 'b.tsx', 'c.mts', 'd.cts', 'e.js', 'f.jsx', 'g.mjs', 'h.cjs'];
    const { files } = await list([...names, 'i.sql', 'j.json', 'k.vue', 'l.tsx.bak']);
    expect(files).toEqual(names);
  });

  it('leaves out packages, build output, declarations and tests, and counts what it saw', async () => {
    const { files, skipped } = await list([
      'src/a.ts',
      'src/testing.ts',
      'src/.hidden/b.ts',
      'src/a.test.ts',
      'src/b.spec.tsx',
      'src/__tests__/c.ts',
      'test/d.ts',
      'tests/e.ts',
      'src/types.d.ts',
      'src/t.d.mts',
      'node_modules/p/index.js',
      'dist/a.js',
      'build/a.js',
      'out/a.js',
      '.next/a.js',
      'coverage/a.js',
    ]);
    expect(files).toEqual(['src/.hidden/b.ts', 'src/a.ts', 'src/testing.ts']);
    expect(skipped).toEqual({ tests: 5, declarations: 2, ignored: 0 });
  });

  it('takes what is named itself', async () => {
    const names = ['src/a.test.ts', 'test/unit/b.test.ts', 'dist/c.js', 'src/t.d.ts', 'src/d.ts'];
    const { files, skipped } = await list(names, ['src/a.test.ts', 'test', 'dist', 'src/t.d.ts']);
    expect(files).toEqual(['dist/c.js', 'src/a.test.ts', 'src/t.d.ts', 'test/unit/b.test.ts']);
    expect(skipped).toEqual({ tests: 0, declarations: 0, ignored: 0 });
  });

  it('lists a file once that two paths hold', async () => {
    const { files } = await list(['src/a.ts', 'src/b.ts'], ['src', 'src/a.ts', './src/']);
    expect(files).toEqual(['src/a.ts', 'src/b.ts']);
  });

  it('honours .gitignore files at every level, and what takes a rule back', async () => {
    const { files, skipped } = await list([
      ['.gitignore', 'generated/\n*.gen.ts\n'],
      ['src/.gitignore', 'local.ts\n!keep.gen.ts\n'],
      'src/a.ts',
      'src/local.ts',
      'src/a.gen.ts',
      'src/keep.gen.ts',
      'src/generated/b.ts',
      'local.ts',
    ]);
    expect(files).toEqual(['local.ts', 'src/a.ts', 'src/keep.gen.ts']);
    expect(skipped.ignored).toBe(3);
  });

  it('honours .gitignore files above the named folder, up to the repository, unless they ignore that folder', async () => {
    const files = [
      ['.gitignore', 'generated/\nsecret.ts\n'] as const,
      '.git/HEAD',
      'src/a.ts',
      'src/secret.ts',
      'generated/b.ts',
    ];
    expect((await list(files, ['src'])).files).toEqual(['src/a.ts']);
    expect((await list([], ['generated'])).files).toEqual(['generated/b.ts']);
    expect((await list([], ['src/secret.ts'])).files).toEqual(['src/secret.ts']);
  });

  it('does not follow links, which may lead in a circle', async () => {
    mkdirSync(path.join(root, 'src'));
    symlinkSync(root, path.join(root, 'src', 'loop'));
    expect((await list(['src/a.ts'])).files).toEqual(['src/a.ts']);
  });

  it('works in a folder whose own path looks like one of tests', async () => {
    root = path.join(root, 'test', 'project');
    expect((await list(['a.ts', 'a.test.ts'])).files).toEqual(['a.ts']);
  });

  it.each([
    ['missing/', 'no-such-path', 'There is no file or folder missing/'],
    ['schema.sql', 'not-a-source-file', 'schema.sql is not a TypeScript or JavaScript file'],
  ])('refuses %s', async (named, code, title) => {
    const failure = await list(['schema.sql'], [named]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(MigrateError);
    expect(failure).toMatchObject({ code, title, exitCode: 2 });
  });
});
