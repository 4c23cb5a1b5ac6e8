/**
 * The source files below the paths that a person named. What is left out (tests, declarations, git-ignored
 * files) is counted; naming such a file or folder itself brings it in.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { globSync } from 'tinyglobby';
import { MigrateError } from '../errors.js';
import { readIgnoreRules } from './ignore-rules.js';

export interface SourceFileList {
  /** Absolute, sorted, each once. */
  readonly files: readonly string[];
  /** How many files were left out, and why. Build output and node_modules are never entered. */
  readonly skipped: { readonly tests: number; readonly declarations: number; readonly ignored: number };
}

const sourceFile = /\.[cm]?[jt]sx?$/;
const declarationFile = /\.d\.(?:[^/]+\.)?[cm]?ts$/;
const testPath = /(?:^|\/)(?:__tests__|__mocks__|tests?|e2e)\/|\.(?:test|spec)\.[^/]+$/;
const builtFolders = [
  'node_modules',
  'bower_components',
  'dist',
  'build',
  'out',
  'coverage',
  '.git',
  '.next',
  '.nuxt',
  '.output',
  '.svelte-kit',
  '.turbo',
  '.vercel',
  '.cache',
  '.yarn',
];

/** Components whose scripts are TypeScript or JavaScript inside other text. */
const componentFile = /\.(?:vue|svelte)$/;

/**
 * `paths` as typed, from `cwd` (absolute). A path that is missing, or is no source file, throws `MigrateError`.
 * @param components whether `.vue` and `.svelte` files are listed too.
 */
export async function listSourceFiles(
  paths: readonly string[],
  cwd: string,
  { components = false }: { readonly components?: boolean } = {},
): Promise<SourceFileList> {
  const isSource = (file: string): boolean =>
    sourceFile.test(file) || (components && componentFile.test(file));
  const lists = await Promise.all(paths.map((one) => listPath(one, cwd, isSource)));
  const files = new Set(lists.flatMap((list) => list.files));
  const left = new Map(lists.flatMap((list) => [...list.left]));
  const count = (reason: LeftOut): number =>
    [...left].filter(([file, one]) => one === reason && !files.has(file)).length;
  return {
    files: [...files].sort(),
    skipped: { tests: count('test'), declarations: count('declaration'), ignored: count('ignored') },
  };
}

type LeftOut = 'test' | 'declaration' | 'ignored';

interface PathList {
  readonly files: readonly string[];
  readonly left: ReadonlyMap<string, LeftOut>;
}

async function listPath(named: string, cwd: string, isSource: (file: string) => boolean): Promise<PathList> {
  const absolute = path.resolve(cwd, named);
  const found = await stat(absolute).catch((error: unknown) => {
    throw missing(named, cwd, error);
  });
  if (found.isDirectory()) return listFolder(absolute, cwd, isSource);
  if (isSource(absolute)) return { files: [absolute], left: new Map() };
  throw new MigrateError('not-a-source-file', `${named} is not a TypeScript or JavaScript file`, {
    hint: 'Name a folder, or files that end in .ts, .tsx, .mts, .cts, .js, .jsx, .mjs or .cjs.',
  });
}

function listFolder(folder: string, cwd: string, isSource: (file: string) => boolean): PathList {
  // Read folder by folder on this thread: threads of the pool would each keep an arena of memory to the end.
  const found = globSync(['**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,vue,svelte}', '**/.gitignore'], {
    cwd: folder,
    absolute: true,
    dot: true,
    followSymbolicLinks: false,
    expandDirectories: false,
    ignore: builtFolders.map((name) => `**/${name}/**`),
  });
  const ignoreFiles = found.filter((file) => file.endsWith('/.gitignore'));
  const isIgnored = readIgnoreRules(folder, cwd, ignoreFiles);
  // Inside a folder of tests that was named itself, everything was meant.
  const testsMeant = testPath.test(`${namedPart(folder, cwd)}/`);
  const files: string[] = [];
  const left = new Map<string, LeftOut>();
  for (const file of found) {
    if (!isSource(file)) continue;
    const inside = file.slice(folder.length + 1);
    if (declarationFile.test(file)) left.set(file, 'declaration');
    else if (isIgnored(file)) left.set(file, 'ignored');
    else if (!testsMeant && testPath.test(inside)) left.set(file, 'test');
    else files.push(file);
  }
  return { files, left };
}

/** The part of a folder's path that a person can have meant: from `cwd`, or its last name. */
function namedPart(folder: string, cwd: string): string {
  const relative = path.relative(cwd, folder).split(path.sep).join('/');
  return relative.startsWith('..') ? path.basename(folder) : relative;
}

function missing(named: string, cwd: string, error: unknown): MigrateError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'ENOENT' && code !== 'ENOTDIR') {
    const detail = error instanceof Error ? error.message : String(error);
    return new MigrateError('path-unreadable', `${named} cannot be read`, {
      detail,
      hint: 'Check its permissions.',
    });
  }
  return new MigrateError('no-such-path', `There is no file or folder ${named}`, {
    detail: `Looked in ${cwd}.`,
    hint: 'Name the files or folders whose calls are to be rewritten, from the current folder.',
  });
}
