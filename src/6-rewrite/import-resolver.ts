/**
 * Where an import specifier leads and how a file is named by one, by the rules of the user's tsconfig.
 * Reads configuration and modules through the compiler's host, so that a test may hand in its own.
 */
import { posix } from 'node:path';
import { ts } from 'ts-morph';

export interface ImportResolver {
  /** Absolute path of the source file that `specifier` names in `file`; null for a package or nothing. */
  resolve(file: string, specifier: string): string | null;
  /** `entry` exports `name` as `target` declares it, directly or by re-exports. */
  provides(entry: string, name: string, target: string): boolean;
  /** Specifiers of the tsconfig's `paths` that lead to `target`, with the pattern that each comes from. */
  aliases(target: string): readonly { readonly pattern: string; readonly specifier: string }[];
  /** Name and folder of the package that a file belongs to. */
  packageOf(file: string): { readonly name: string | null; readonly folder: string } | null;
  /** Relative imports must carry an extension (node16, nodenext). */
  readonly extensions: boolean;
  /** `allowImportingTsExtensions` or `rewriteRelativeImportExtensions`. */
  readonly tsExtensions: boolean;
  /** Set where Deno runs the files: how one imports a package, where its neighbours import these. */
  readonly denoPackage?: (specifier: string, neighbours: readonly string[]) => string;
}

export type ResolverHost = ts.ParseConfigHost & ts.ModuleResolutionHost;

/** @param tsconfig absolute path, or null for a project without one. */
export function openImportResolver(tsconfig: string | null, host: ResolverHost = ts.sys): ImportResolver {
  const options = compilerOptions(tsconfig, host);
  const base = options.baseUrl ?? pathsBase(options) ?? (tsconfig === null ? '/' : posix.dirname(tsconfig));
  const kind = options.moduleResolution ?? impliedResolution(options.module);
  const cache = new Map<string, string | null>();

  const resolve = (file: string, specifier: string): string | null => {
    const key = `${file}\0${specifier}`;
    const known = cache.get(key);
    if (known !== undefined) return known;
    const found = ts.resolveModuleName(specifier, file, options, host).resolvedModule;
    const path =
      found && !/[\\/]node_modules[\\/]/.test(found.resolvedFileName) ? found.resolvedFileName : null;
    cache.set(key, path);
    return path;
  };

  const provides = (entry: string, name: string, target: string, depth = 4): boolean => {
    if (entry === target) return true;
    if (depth === 0) return false;
    const text = host.readFile(entry);
    if (text === undefined) return false;
    return ts.createSourceFile(entry, text, ts.ScriptTarget.Latest).statements.some((statement) => {
      if (!ts.isExportDeclaration(statement) || !statement.moduleSpecifier) return false;
      const next = resolve(entry, (statement.moduleSpecifier as ts.StringLiteral).text);
      if (next === null) return false;
      const clause = statement.exportClause;
      if (!clause) return provides(next, name, target, depth - 1);
      if (!ts.isNamedExports(clause)) return false;
      const element = clause.elements.find((one) => one.name.text === name);
      return (
        element !== undefined &&
        provides(next, (element.propertyName ?? element.name).text, target, depth - 1)
      );
    });
  };

  return {
    resolve,
    provides,
    aliases: (target) => aliasesOf(target, options.paths ?? {}, base),
    packageOf: (file) => packageOf(file, host),
    extensions: kind === ts.ModuleResolutionKind.Node16 || kind === ts.ModuleResolutionKind.NodeNext,
    tsExtensions:
      options.allowImportingTsExtensions === true || options.rewriteRelativeImportExtensions === true,
  };
}

function compilerOptions(tsconfig: string | null, host: ResolverHost): ts.CompilerOptions {
  if (tsconfig === null) {
    return { allowJs: true, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };
  }
  const file = ts.readJsonConfigFile(tsconfig, (path) => host.readFile(path));
  const parsed = ts.parseJsonSourceFileConfigFileContent(file, host, posix.dirname(tsconfig));
  return { ...parsed.options, allowJs: true };
}

/** Folder of the configuration that holds `paths`, which may be a base of the user's. */
function pathsBase(options: ts.CompilerOptions): string | null {
  const { pathsBasePath } = options;
  return typeof pathsBasePath === 'string' ? pathsBasePath : null;
}

/** What TypeScript takes when `moduleResolution` is not set. */
function impliedResolution(module: ts.ModuleKind | undefined): ts.ModuleResolutionKind {
  if (module === ts.ModuleKind.NodeNext) return ts.ModuleResolutionKind.NodeNext;
  if (module !== undefined && module >= ts.ModuleKind.Node16 && module < ts.ModuleKind.NodeNext) {
    return ts.ModuleResolutionKind.Node16;
  }
  return ts.ModuleResolutionKind.Bundler;
}

function aliasesOf(
  target: string,
  paths: Readonly<Record<string, readonly string[]>>,
  base: string,
): readonly { readonly pattern: string; readonly specifier: string }[] {
  const found: { pattern: string; specifier: string }[] = [];
  const bare = target.replace(/(\.d)?\.[cm]?[jt]sx?$/, '');
  for (const [pattern, places] of Object.entries(paths)) {
    for (const place of places) {
      const absolute = posix.resolve(base, place);
      const star = absolute.indexOf('*');
      if (star < 0) {
        if (absolute === target || absolute === bare) found.push({ pattern, specifier: pattern });
        continue;
      }
      const before = absolute.slice(0, star);
      const after = absolute.slice(star + 1);
      if (bare.startsWith(before) && bare.endsWith(after)) {
        const middle = bare.slice(before.length, bare.length - after.length);
        found.push({ pattern, specifier: pattern.replace('*', middle.replace(/\/index$/, '')) });
      }
    }
  }
  return found;
}

function packageOf(
  file: string,
  host: ResolverHost,
): { readonly name: string | null; readonly folder: string } | null {
  for (let folder = posix.dirname(file); ; folder = posix.dirname(folder)) {
    const text = host.readFile(posix.join(folder, 'package.json'));
    if (text !== undefined) {
      const match = /"name"\s*:\s*"([^"]+)"/.exec(text);
      return { name: match?.[1] ?? null, folder };
    }
    if (folder === posix.dirname(folder)) return null;
  }
}
