/** Finds and loads migrate-rpc.config.ts; its form is checked with the flags, by buildOptions. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MigrateError } from '../errors.js';

export interface LoadedConfig {
  /** The file's name, for messages. */
  readonly file: string;
  readonly values: Readonly<Record<string, unknown>>;
}

const fileNames = ['ts', 'mts', 'js', 'mjs'].map((extension) => `migrate-rpc.config.${extension}`);

/** The default export of the configuration in this folder, or null without one. Throws MigrateError. */
export async function loadConfig(folder: string): Promise<LoadedConfig | null> {
  const file = fileNames.find((name) => existsSync(join(folder, name)));
  if (file === undefined) return null;
  const path = join(folder, file);
  const values = await importDefault(path, file);
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new MigrateError('bad-config', `${file} does not export its settings`, {
      detail: path,
      hint: 'It has to end in: export default { db: …, paths: […] }',
    });
  }
  return { file, values: { ...values } };
}

async function importDefault(path: string, file: string): Promise<unknown> {
  // Most projects have no such file, and need no loader.
  const { createJiti } = await import('jiti');
  // No cache file is left beside the user's sources.
  const jiti = createJiti(path, { fsCache: false, moduleCache: false, interopDefault: true });
  try {
    return await jiti.import(path, { default: true });
  } catch (error) {
    throw new MigrateError('bad-config', `${file} cannot be loaded`, {
      detail: `${path}: ${error instanceof Error ? error.message : String(error)}`,
      cause: error,
    });
  }
}
