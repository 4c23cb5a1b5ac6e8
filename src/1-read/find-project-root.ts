/** Which folder, package.json, tsconfig and drizzle-orm govern a set of paths. */
import { dirname, join } from 'node:path';
import { findAbove, isPresent, readTextIfPresent } from '../io/project-files.js';

export interface ProjectRoot {
  readonly root: string;
  readonly packageFile: string;
  readonly tsconfig: string | null;
  readonly notes: readonly string[];
}

/** `files` are absolute paths of files or folders; `cwd` stands in when there are none or no package.json. */
export function findProjectRoot(files: readonly string[], cwd: string): ProjectRoot {
  const start = commonFolder(files) ?? cwd;
  const packages = findAbove('package.json', start);
  const packageFile =
    packages.find((path) => declaresDrizzle(path)) ?? packages[0] ?? join(cwd, 'package.json');
  const workspace = packages.filter((path) => isWorkspaceRoot(path)).at(-1);
  const { tsconfig, notes } = chooseTsconfig(files.length === 0 ? [start] : files, start);
  return { root: dirname(workspace ?? packageFile), packageFile, tsconfig, notes };
}

/** The version of drizzle-orm that a module beside `packageFile` would import, or null. */
export function installedDrizzle(packageFile: string): string | null {
  const found = findAbove('node_modules/drizzle-orm/package.json', dirname(packageFile))[0];
  const version = found === undefined ? undefined : parsePackage(found)?.['version'];
  return typeof version === 'string' ? version : null;
}

/** Whether a package is installed for modules beside `packageFile`. */
export function isInstalled(name: string, packageFile: string): boolean {
  return findAbove(`node_modules/${name}/package.json`, dirname(packageFile)).length > 0;
}

function chooseTsconfig(
  files: readonly string[],
  common: string,
): { readonly tsconfig: string | null; readonly notes: readonly string[] } {
  const nearest = new Map<string, string | null>();
  for (const file of files) {
    const folder = dirname(file);
    if (!nearest.has(folder)) nearest.set(folder, nearestTsconfig(file));
  }
  const distinct = [...new Set(nearest.values())];
  if (distinct.length <= 1) return { tsconfig: distinct[0] ?? null, notes: [] };
  const tsconfig = nearestTsconfig(common) ?? distinct.find((path) => path !== null) ?? null;
  return {
    tsconfig,
    notes: [
      `The paths lie under ${distinct.length} tsconfig files; types are taken from ${tsconfig ?? 'none'}.`,
    ],
  };
}

function nearestTsconfig(path: string): string | null {
  return findAbove('tsconfig.json', path)[0] ?? findAbove('jsconfig.json', path)[0] ?? null;
}

function commonFolder(files: readonly string[]): string | null {
  const [first, ...rest] = files;
  if (first === undefined) return null;
  let common = first;
  for (const file of rest) {
    while (file !== common && !file.startsWith(common.endsWith('/') ? common : `${common}/`)) {
      common = dirname(common);
    }
  }
  return common;
}

function isWorkspaceRoot(packageFile: string): boolean {
  return (
    parsePackage(packageFile)?.['workspaces'] !== undefined ||
    isPresent(join(dirname(packageFile), 'pnpm-workspace.yaml'))
  );
}

function declaresDrizzle(packageFile: string): boolean {
  const manifest = parsePackage(packageFile);
  return ['dependencies', 'devDependencies', 'peerDependencies'].some((key) => {
    const group = manifest?.[key];
    return typeof group === 'object' && group !== null && 'drizzle-orm' in group;
  });
}

function parsePackage(path: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(readTextIfPresent(path) ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
