/**
 * How Deno names modules: files with their extension, packages as `npm:name@version`, and names that the import
 * map of `deno.json` gives (Deno manual, "Modules and dependencies" and "Configuration"; Supabase manual, "Managing
 * dependencies" of edge functions). Nothing is fetched: a package is what is installed under its bare name.
 */
import { posix } from 'node:path';
import { ts } from 'ts-morph';

export interface DenoModules {
  /** Bare and prefix names of the import map, with what they stand for. */
  readonly imports: Readonly<Record<string, string>>;
  /** Folder that relative targets of the map start from. */
  readonly folder: string;
  /** Files may be named without their extension, or with `.js` in place of `.ts`. */
  readonly sloppy: boolean;
}

export type ModuleHost = Pick<ts.ModuleResolutionHost, 'fileExists' | 'readFile'>;

/**
 * The configuration that governs a file, or null for one that Deno does not run: it is an edge function of
 * Supabase, imports by `npm:`, `jsr:` or URL, or has a deno.json nearer than any package.json.
 */
export function denoModules(
  path: string,
  text: string | null,
  host: ModuleHost = ts.sys,
): DenoModules | null {
  const found = nearestConfig(path, host);
  const own = found !== null && found.before !== 'package.json';
  if (!own && !edgeFunction.test(path) && !(text !== null && importsByScheme(text))) return null;
  return found === null ? { imports: {}, folder: posix.dirname(path), sloppy: false } : found.modules;
}

const edgeFunction = /[\\/]supabase[\\/]functions[\\/]/;
const scheme = /^(?:npm|jsr|https?):/;

/** Only Deno and a browser import like this. */
export function importsByScheme(text: string): boolean {
  return /\bfrom\s*['"](?:npm|jsr|https?):/.test(text);
}

/**
 * What a specifier stands for: an absolute path, the bare name of a package with its subpath (`npm:` and the
 * version left out), or null where neither is there.
 */
export function denoTarget(
  specifier: string,
  from: string,
  { imports, folder, sloppy }: DenoModules,
  host: ModuleHost = ts.sys,
): { readonly file: string } | { readonly package: string } | null {
  const mapped = imports[specifier] ?? byPrefix(specifier, imports);
  if (mapped === null && !specifier.startsWith('.') && !scheme.test(specifier)) {
    return specifier.startsWith('node:') ? { package: specifier } : null;
  }
  const target = mapped ?? specifier;
  if (!target.startsWith('.')) {
    const bare = bareSpecifier(target);
    return bare === target && !target.startsWith('node:') ? null : { package: bare };
  }
  const path = posix.resolve(mapped === null ? posix.dirname(from) : folder, target);
  if (host.fileExists(path)) return { file: path };
  const stem = path.replace(/\.js$/, '');
  const there = ['.ts', '.tsx', '/index.ts']
    .map((ending) => stem + ending)
    .find((one) => host.fileExists(one));
  return sloppy && there !== undefined ? { file: there } : null;
}

/** `npm:drizzle-orm@0.45.4/pg-core` is `drizzle-orm/pg-core`; so is the same of esm.sh; others stay as they are. */
export function bareSpecifier(specifier: string): string {
  const named =
    /^(?:npm:\/?|jsr:\/?|https:\/\/esm\.sh\/(?:v\d+\/)?)((?:@[^/@]+\/)?[^/@?]+)(?:@[^/?]*)?(\/[^?]*)?/.exec(
      specifier,
    );
  return named === null ? specifier : `${named[1] ?? ''}${named[2] ?? ''}`;
}

/** How a file that Deno runs imports a package: by the import map, else as `npm:` with the version in use. */
export function denoPackage(
  specifier: string,
  { imports }: DenoModules,
  versionOf: (name: string) => string | null,
): string {
  if (scheme.test(specifier) || specifier.startsWith('node:')) return specifier;
  if (imports[specifier] !== undefined || byPrefix(specifier, imports) !== null) return specifier;
  const [, name = specifier, rest = ''] = /^((?:@[^/]+\/)?[^/]+)(\/.*)?$/.exec(specifier) ?? [];
  const version = versionOf(name);
  return `npm:${name}${version === null ? '' : `@${version}`}${rest}`;
}

/** The longest key that ends in a slash wins. */
function byPrefix(specifier: string, imports: DenoModules['imports']): string | null {
  const key = Object.keys(imports)
    .filter((one) => one.endsWith('/') && specifier.startsWith(one))
    .sort((a, b) => b.length - a.length)[0];
  return key === undefined ? null : `${imports[key] ?? ''}${specifier.slice(key.length)}`;
}

function nearestConfig(
  path: string,
  host: ModuleHost,
): { readonly modules: DenoModules; readonly before: 'package.json' | null } | null {
  let before: 'package.json' | null = null;
  for (let folder = posix.dirname(path); ; folder = posix.dirname(folder)) {
    if (host.fileExists(posix.join(folder, 'package.json'))) before = 'package.json';
    for (const name of ['deno.json', 'deno.jsonc', 'import_map.json']) {
      const file = posix.join(folder, name);
      const text = host.fileExists(file) ? host.readFile(file) : undefined;
      if (text !== undefined) return { modules: readConfig(file, text, host), before };
    }
    if (folder === posix.dirname(folder)) return null;
  }
}

function readConfig(file: string, text: string, host: ModuleHost): DenoModules {
  const config = parsed(file, text);
  const map = config['importMap'];
  const folder = posix.dirname(file);
  const mapFile = typeof map === 'string' ? posix.resolve(folder, map) : null;
  const other = mapFile === null ? null : parsed(mapFile, host.readFile(mapFile) ?? '{}');
  const unstable = config['unstable'];
  return {
    imports: texts(other?.['imports'] ?? config['imports']),
    folder: mapFile === null ? folder : posix.dirname(mapFile),
    sloppy: Array.isArray(unstable) && unstable.includes('sloppy-imports'),
  };
}

/** Comments and trailing commas are allowed. */
function parsed(file: string, text: string): Readonly<Record<string, unknown>> {
  const { config } = ts.parseConfigFileTextToJson(file, text) as { readonly config?: unknown };
  return typeof config === 'object' && config !== null ? (config as Record<string, unknown>) : {};
}

function texts(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
