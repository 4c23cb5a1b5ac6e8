/**
 * What the files of a tsconfig say of one another, read from their texts without a program: which must be
 * loaded in any case, and which modules import which. A large code base is so never loaded as a whole.
 */
import { ts } from 'ts-morph';

export interface ModuleFiles {
  /** Files that change the meaning of others which do not import them: declarations and scripts. */
  readonly ambient: readonly string[];
  /** Absolute paths of the modules that import one of `files` directly, without `files` themselves. */
  importersOf(files: readonly string[]): readonly string[];
}

/** `fileNames` are absolute. Imports are resolved when first asked for. */
export function readModuleFiles(fileNames: readonly string[], options: ts.CompilerOptions): ModuleFiles {
  const specifiers = new Map<string, readonly string[]>();
  const ambient: string[] = [];
  for (const path of fileNames) {
    const text = ts.sys.readFile(path) ?? '';
    if (isAmbient(path, text)) ambient.push(path);
    if (!declarationFile.test(path)) specifiers.set(path, specifiersIn(text));
  }
  let importers: ReadonlyMap<string, ReadonlySet<string>> | null = null;
  return {
    ambient,
    importersOf(files) {
      importers ??= readImporters(specifiers, options);
      const known = importers;
      const found = new Set(files.flatMap((path) => [...(known.get(path) ?? [])]));
      for (const path of files) found.delete(path);
      return [...found].sort();
    },
  };
}

const declarationFile = /\.d\.(?:[^/]+\.)?[cm]?ts$/;
const commonModule = /\brequire\s*\(|\bmodule\.exports\b|\bexports\./;
/** Also in comments and strings: a module too many is looked at, none is missed. */
const moduleSpecifier =
  /\b(?:from|import|require)\s*(?:\/\*[^*]*\*\/\s*)?\(?\s*(?:\/\*[^*]*\*\/\s*)?(['"`])([^'"`\n]+)\1/g;

function isAmbient(path: string, text: string): boolean {
  if (declarationFile.test(path) || path.endsWith('.json')) return true;
  if (/\bdeclare\s+(?:global|module|namespace)\b/.test(text)) return true;
  if (/^[ \t]*(?:import|export)\b/m.test(text)) return false;
  return !(/\.[cm]?jsx?$/.test(path) && commonModule.test(text));
}

/** Module specifiers that a text names, also in comments. */
export function specifiersIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(moduleSpecifier)].flatMap(([, , name]) => name ?? []))];
}

/** The importers of each module, also of those outside the tsconfig that its files reach. */
function readImporters(
  specifiers: ReadonlyMap<string, readonly string[]>,
  options: ts.CompilerOptions,
): ReadonlyMap<string, ReadonlySet<string>> {
  const cache = ts.createModuleResolutionCache(ts.sys.getCurrentDirectory(), (name) => name, options);
  const importers = new Map<string, Set<string>>();
  const waiting = [...specifiers.keys()];
  const seen = new Set(waiting);
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    for (const name of specifiers.get(path) ?? specifiersIn(ts.sys.readFile(path) ?? '')) {
      const target = resolveModule(name, path, options, cache);
      if (target === null) continue;
      const known = importers.get(target) ?? new Set();
      importers.set(target, known.add(path));
      if (!seen.has(target)) waiting.push(target);
      seen.add(target);
    }
  }
  return importers;
}

/** The source file behind a specifier; null for a built-in module, a package and what does not exist. */
export function resolveModule(
  name: string,
  from: string,
  options: ts.CompilerOptions,
  cache: ts.ModuleResolutionCache,
): string | null {
  if (name.startsWith('node:')) return null;
  // An import and a require of one file may be told apart; who imports it is asked, not how.
  for (const mode of [ts.ModuleKind.ESNext, ts.ModuleKind.CommonJS] as const) {
    const { resolvedModule } = ts.resolveModuleName(name, from, options, ts.sys, cache, undefined, mode);
    if (resolvedModule === undefined) continue;
    // A package of the same workspace is linked from node_modules, and its real path is another.
    const path = resolvedModule.resolvedFileName;
    return path.includes('/node_modules/') || declarationFile.test(path) ? null : path;
  }
  return null;
}
