/** Reading a user's project folder: which files there are, what they hold, what lies above. Nothing is written. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { glob } from 'tinyglobby';

/** The text of a file without its BOM, or null when there is none that can be read. */
export function readTextIfPresent(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return null;
  }
}

/** The text byte for byte, with a byte order mark if it has one, or null when there is none that can be read. */
export function readAsOnDiskIfPresent(path: string): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
  } catch {
    return null;
  }
}

export function isPresent(path: string): boolean {
  return existsSync(path);
}

/** All files of this name in `from` (a file or folder) and the folders above it, the nearest first. */
export function findAbove(name: string, from: string): readonly string[] {
  const found: string[] = [];
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, name);
    if (existsSync(path)) found.push(path);
    if (dirname(folder) === folder) return found;
  }
}

/** Absolute paths of the test files below a folder, sorted: by their names, or in a folder of tests. */
export async function listTestFiles(root: string): Promise<readonly string[]> {
  const extension = '{ts,tsx,mts,cts,js,jsx,mjs,cjs}';
  const paths = await glob(
    [`**/*.{test,spec}.${extension}`, `**/{test,tests,__tests__,__mocks__,e2e}/**/*.${extension}`],
    {
      cwd: root,
      absolute: true,
      dot: false,
      followSymbolicLinks: false,
      ignore: [
        '**/node_modules/**',
        '**/{dist,build,out,coverage,.next,.nuxt,.output,.turbo,.svelte-kit}/**',
      ],
    },
  );
  return paths.sort();
}

/** Absolute paths of the TypeScript and JavaScript sources below a folder, sorted; no tests, packages or build output. */
export async function listProjectSources(root: string): Promise<readonly string[]> {
  const paths = await glob('**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}', {
    cwd: root,
    absolute: true,
    dot: false,
    followSymbolicLinks: false,
    ignore: [
      '**/node_modules/**',
      '**/{dist,build,out,coverage,.next,.nuxt,.output,.turbo,.svelte-kit}/**',
      '**/__tests__/**',
      '**/*.{test,spec}.*',
      '**/*.d.{ts,mts,cts}',
      '**/*.min.js',
    ],
  });
  return paths.sort();
}
