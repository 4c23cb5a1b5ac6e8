/** How files that Deno runs name each other and packages, as the resolver of their imports. */
import { posix } from 'node:path';
import { ts } from 'ts-morph';
import { bareSpecifier, denoPackage, denoTarget, type DenoModules } from '../source/deno-modules.js';
import type { ImportResolver, ResolverHost } from './import-resolver.js';

/** @param client the file of the Drizzle client, whose version of a package is the one in use. */
export function openDenoResolver(
  modules: DenoModules,
  client: string | null,
  host: ResolverHost = ts.sys,
): ImportResolver {
  const used = client === null ? [] : specifiersOf(host.readFile(client) ?? '');
  return {
    resolve(file, specifier) {
      const target = denoTarget(specifier, file, modules, host);
      return target !== null && 'file' in target ? target.file : null;
    },
    provides: (entry, _name, target) => entry === target,
    aliases: () => [],
    packageOf: () => null,
    extensions: true,
    tsExtensions: true,
    denoPackage(specifier, neighbours) {
      const same = neighbours.find((one) => bareSpecifier(one) === specifier);
      if (same !== undefined) return same;
      const versionOf = (name: string): string | null =>
        writtenVersion(name, [...neighbours, ...used]) ?? installedVersion(name, client, host);
      return denoPackage(specifier, modules, versionOf);
    },
  };
}

function specifiersOf(text: string): readonly string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
}

function writtenVersion(name: string, specifiers: readonly string[]): string | null {
  for (const specifier of specifiers) {
    const bare = bareSpecifier(specifier);
    if (!specifier.startsWith('npm:') || (bare !== name && !bare.startsWith(`${name}/`))) continue;
    const [version] = specifier.slice(specifier.indexOf(`${name}@`) + name.length + 1).split('/');
    if (specifier.includes(`${name}@`) && version !== undefined) return version;
  }
  return null;
}

function installedVersion(name: string, client: string | null, host: ResolverHost): string | null {
  for (let folder = posix.dirname(client ?? '/'); ; folder = posix.dirname(folder)) {
    const text = host.readFile(posix.join(folder, 'node_modules', name, 'package.json'));
    if (text !== undefined) return /"version"\s*:\s*"([^"]+)"/.exec(text)?.[1] ?? null;
    if (folder === posix.dirname(folder)) return null;
  }
}
