/** How a file names another one in an import: as its neighbours do. */
import { posix } from 'node:path';
import type { FileImports } from './file-imports.js';
import type { ImportResolver } from './import-resolver.js';
import type { ImportNeed } from './site-plan.js';

/**
 * The specifier for a need in `file`: one that the file already uses for the same target, the path alias that it
 * uses for others, the name of the workspace package that exports it, else a relative path with the extension
 * that the tsconfig and the neighbours ask for.
 */
export function importSpecifier(
  file: string,
  need: ImportNeed,
  imports: FileImports,
  resolver: ImportResolver,
): string {
  if (need.from.kind === 'package') {
    const neighbours = imports.declarations.map((one) => one.specifier);
    return resolver.denoPackage?.(need.from.specifier, neighbours) ?? need.from.specifier;
  }
  const target = need.from.path;
  for (const { specifier } of imports.declarations) {
    const entry = resolver.resolve(file, specifier);
    if (entry === target) return specifier;
  }
  return (
    aliasFor(file, target, imports, resolver) ??
    packageName(file, need.name, target, resolver) ??
    relative(file, target, imports, resolver)
  );
}

function aliasFor(
  file: string,
  target: string,
  imports: FileImports,
  resolver: ImportResolver,
): string | null {
  const specifiers = imports.declarations.map((one) => one.specifier);
  const relatives = specifiers.some((specifier) => specifier.startsWith('.'));
  const up = posix.relative(posix.dirname(file), target).startsWith('..');
  if (relatives && !up) return null;
  for (const { pattern, specifier } of resolver.aliases(target)) {
    const [prefix = '', suffix = ''] = pattern.split('*');
    const used = specifiers.some(
      (one) => one.startsWith(prefix) && one.endsWith(suffix) && resolver.resolve(file, one) !== null,
    );
    if (prefix !== '' && !prefix.startsWith('.') && used)
      return withExtension(specifier, target, imports, false, resolver);
  }
  return null;
}

function packageName(file: string, name: string, target: string, resolver: ImportResolver): string | null {
  const own = resolver.packageOf(file);
  const other = resolver.packageOf(target);
  if (!other?.name || other.folder === own?.folder) return null;
  const below = posix
    .relative(other.folder, target)
    .replace(/^src\//, '')
    .replace(/(\/index)?\.[cm]?[jt]sx?$/, '');
  const parts = below.split('/');
  const candidates = [
    other.name,
    ...parts.map((_, index) => `${other.name}/${parts.slice(0, index + 1).join('/')}`),
  ];
  for (const candidate of candidates) {
    const entry = resolver.resolve(file, candidate);
    if (entry !== null && (name === '*' ? entry === target : resolver.provides(entry, name, target)))
      return candidate;
  }
  return null;
}

function relative(file: string, target: string, imports: FileImports, resolver: ImportResolver): string {
  const path = posix.relative(posix.dirname(file), target);
  const dotted = path.startsWith('.') ? path : `./${path}`;
  const bare = dotted.replace(/\.[cm]?[jt]sx?$/, '');
  return withExtension(bare, target, imports, resolver.extensions, resolver);
}

function withExtension(
  bare: string,
  target: string,
  imports: FileImports,
  required: boolean,
  resolver: ImportResolver,
): string {
  // Deno takes a file by its whole name.
  if (resolver.denoPackage !== undefined) return bare + (/\.[cm]?[jt]sx?$/.exec(target)?.[0] ?? '');
  const style = neighbourStyle(imports) ?? (required ? 'js' : 'none');
  if (style === 'none') return bare.replace(/^(\.\.?)\/index$/, '$1').replace(/(.)\/index$/, '$1');
  const extension = /\.[cm]?[jt]sx?$/.exec(target)?.[0] ?? '';
  const keep = style === 'ts' && (resolver.tsExtensions || extension.includes('j'));
  return bare + (keep ? extension : extension.replace('t', 'j').replace('jsx', 'js'));
}

/** What the file's own relative imports end in. */
function neighbourStyle(imports: FileImports): 'none' | 'js' | 'ts' | null {
  const relatives = imports.declarations.map((one) => one.specifier).filter((one) => one.startsWith('.'));
  if (relatives.some((one) => /\.[cm]?tsx?$/.test(one))) return 'ts';
  if (relatives.some((one) => /\.[cm]?jsx?$/.test(one))) return 'js';
  return relatives.length > 0 ? 'none' : null;
}
