/** What each source file imports, directly and through others, from the texts alone. */
import { ts } from 'ts-morph';
import { resolveModule, specifiersIn } from './module-files.js';

export interface ImportGraph {
  /** All files of the graph by path: the given ones and what they reach. */
  readonly files: ReadonlyMap<string, string>;
  /** The files that `path` imports itself; each in the graph. */
  importsOf(path: string): readonly string[];
  /** Specifiers of `path` that no source file stands for: packages. */
  packagesOf(path: string): readonly string[];
}

/** `texts` by absolute path; other files are read when they are reached. */
export function readImportGraph(
  texts: ReadonlyMap<string, string>,
  options: ts.CompilerOptions,
): ImportGraph {
  const cache = ts.createModuleResolutionCache(ts.sys.getCurrentDirectory(), (name) => name, options);
  const files = new Map(texts);
  const direct = new Map<string, readonly string[]>();
  const packages = new Map<string, readonly string[]>();
  const resolved = new Map<string, string | null>();
  const waiting = [...texts.keys()];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const found: string[] = [];
    const outside: string[] = [];
    for (const name of specifiersIn(files.get(path) ?? '')) {
      const key = `${name.startsWith('.') ? path.slice(0, path.lastIndexOf('/')) : ''}\0${name}`;
      let target = resolved.get(key);
      if (target === undefined) resolved.set(key, (target = resolveModule(name, path, options, cache)));
      if (target === null) outside.push(name);
      else {
        found.push(target);
        if (!files.has(target)) {
          files.set(target, ts.sys.readFile(target) ?? '');
          waiting.push(target);
        }
      }
    }
    direct.set(path, found);
    packages.set(path, outside);
  }
  return {
    files,
    importsOf: (path) => direct.get(path) ?? [],
    packagesOf: (path) => packages.get(path) ?? [],
  };
}
