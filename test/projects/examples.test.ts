/** The code that the project collections gets: as the documentation shows it, formatted, and without a lint finding. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import { format, resolveConfig } from 'prettier';
import tseslint from 'typescript-eslint';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../support/project-copy.js';
import { runCommand } from '../support/run-command.js';

interface Rewritten {
  readonly folder: string;
}

interface ExamplesScript {
  rewriteCollections(): Rewritten;
  renderExamples(rewritten: Rewritten): Promise<string>;
}

let script: ExamplesScript;
let rewritten: Rewritten;

beforeAll(async () => {
  const { code, stderr } = await runCommand(['--version'], { cwd: root });
  expect(code, stderr).toBe(0);
  const path = '../../scripts/examples.js';
  script = (await import(path)) as ExamplesScript;
  rewritten = script.rewriteCollections();
}, 300_000);
afterAll(() => rm(rewritten.folder, { recursive: true, force: true }));

it('is what docs/examples.md shows; node scripts/examples.js writes it again', async () => {
  const written = await readFile(join(root, 'docs', 'examples.md'), 'utf8');
  expect(await script.renderExamples(rewritten)).toBe(written);
});

it('is formatted as the project formats', async () => {
  const source = join(rewritten.folder, 'src');
  const files = (await readdir(source, { recursive: true })).filter((name) => name.endsWith('.ts'));
  expect(files).toContain(join('db', 'routines', 'apply-payment.ts'));
  for (const name of files) {
    const path = join(source, name);
    const text = await readFile(path, 'utf8');
    expect(await format(text, { ...(await resolveConfig(path)), filepath: path }), name).toBe(text);
  }
});

it('has no finding of typescript-eslint recommended-type-checked', async () => {
  const { folder } = rewritten;
  const eslint = new ESLint({
    cwd: folder,
    overrideConfigFile: true,
    overrideConfig: tseslint.config({
      files: ['**/*.ts'],
      extends: [tseslint.configs.recommendedTypeChecked],
      languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: folder } },
    }) as NonNullable<ESLint.Options['overrideConfig']>,
  });
  const results = await eslint.lintFiles(['src/**/*.ts']);
  expect(results.length).toBeGreaterThan(10);
  const found = results.flatMap(({ filePath, messages }) =>
    messages.map(
      ({ line, ruleId, message }) =>
        `${filePath.slice(folder.length + 1)}:${line} ${ruleId ?? ''} ${message}`,
    ),
  );
  expect(found).toEqual([]);
}, 300_000);
