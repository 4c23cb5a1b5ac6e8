import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/io/load-config.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'migrate-config-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('loadConfig', () => {
  it('gives null without a file', async () => {
    expect(await loadConfig(folder)).toBeNull();
  });

  it('loads TypeScript and leaves no file behind', async () => {
    await writeFile(
      join(folder, 'migrate-rpc.config.ts'),
      `const paths: readonly string[] = ['src'];\nexport default { db: 'env:X', paths } satisfies Record<string, unknown>;\n`,
    );
    expect(await loadConfig(folder)).toEqual({
      file: 'migrate-rpc.config.ts',
      values: { db: 'env:X', paths: ['src'] },
    });
    expect(await readdir(folder)).toEqual(['migrate-rpc.config.ts']);
  });

  it.each([
    ['throws', `throw new Error('not today');`, /not today/],
    ['does not parse', `export default {`, /migrate-rpc\.config\.ts/],
    ['exports a list', `export default [];`, /config\.ts/],
    ['exports a function', `export default () => ({});`, /config\.ts/],
  ])('refuses one that %s', async (_name, text, detail) => {
    await writeFile(join(folder, 'migrate-rpc.config.ts'), text);
    await expect(loadConfig(folder)).rejects.toMatchObject({
      code: 'bad-config',
      exitCode: 2,
      detail: expect.stringMatching(detail) as string,
    });
  });
});
