/**
 * The parts of a run: files that one tsconfig and one package govern are translated and checked together, so
 * that in a monorepo each package is judged by its own compiler options, Drizzle schema and client.
 */
import { dirname, resolve } from 'node:path';
import { findProjectRoot } from '../1-read/find-project-root.js';
import { readUserProject, type UserProjectOptions } from '../1-read/read-user-project.js';
import type { UserProject } from '../1-read/user-project.js';
import { openImportResolver, type ImportResolver } from '../6-rewrite/import-resolver.js';
import { openDenoResolver } from '../6-rewrite/deno-resolver.js';
import { openPlaceContext, type PlaceContext } from '../6-rewrite/place-context.js';
import type { Options } from '../options.js';
import { denoModules, type DenoModules } from '../source/deno-modules.js';
import type { openProgram, Program } from '../source/open-program.js';
import { projectForDeno, projectForNode } from './deno-project.js';

export interface Part {
  readonly project: UserProject;
  readonly program: Program;
  readonly place: PlaceContext;
  /** Texts as on disk of its files that have a site, by absolute path. */
  readonly texts: ReadonlyMap<string, string>;
}

export interface PartPorts {
  readonly openTypes: typeof openProgram;
  /** Text of a file that generated code may join, or null. */
  readonly existing: (path: string) => string | null;
}

/** One part at least: without a site it is that of the named paths. */
export async function openParts(
  texts: ReadonlyMap<string, string>,
  options: Options,
  ports: PartPorts,
): Promise<readonly [Part, ...Part[]]> {
  const claimed = new Map<string, string>();
  const resolverFor = openResolvers(options.cwd);
  const open = (files: readonly string[]): Promise<Part> =>
    openPart(files, texts, { options, claimed, resolverFor, ports });
  const [first, ...others] = groupFiles([...texts.keys()], options.cwd, (path) => texts.get(path) ?? null);
  const parts: [Part, ...Part[]] = [await open(first ?? [])];
  for (const group of others) parts.push(await open(group));
  return parts;
}

/**
 * Files by the tsconfig and the package.json that are nearest to them, in the order of the first of each. What Deno
 * runs is apart, by its configuration.
 */
export function groupFiles(
  files: readonly string[],
  cwd: string,
  textOf: (path: string) => string | null = () => null,
): readonly (readonly string[])[] {
  const keys = new Map<string, string>();
  const groups = new Map<string, string[]>();
  for (const file of files) {
    const folder = dirname(file);
    const deno = denoModules(file, textOf(file));
    const key = deno === null ? (keys.get(folder) ?? governing(file, cwd)) : JSON.stringify(deno);
    if (deno === null) keys.set(folder, key);
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return [...groups.values()];
}

/** Resolvers by the tsconfig nearest to a file, each opened once: a generated module may lie in another package. */
function openResolvers(cwd: string): (path: string) => ImportResolver {
  const folders = new Map<string, string | null>();
  const resolvers = new Map<string | null, ImportResolver>();
  return (path) => {
    const folder = dirname(path);
    const tsconfig = folders.get(folder) ?? findProjectRoot([path], cwd).tsconfig;
    folders.set(folder, tsconfig);
    const resolver = resolvers.get(tsconfig) ?? openImportResolver(tsconfig);
    resolvers.set(tsconfig, resolver);
    return resolver;
  };
}

function governing(file: string, cwd: string): string {
  const { tsconfig, packageFile } = findProjectRoot([file], cwd);
  return JSON.stringify([tsconfig, packageFile]);
}

async function openPart(
  files: readonly string[],
  texts: ReadonlyMap<string, string>,
  {
    options,
    claimed,
    resolverFor,
    ports,
  }: {
    readonly options: Options;
    readonly claimed: Map<string, string>;
    readonly resolverFor: (path: string) => ImportResolver;
    readonly ports: PartPorts;
  },
): Promise<Part> {
  const from = files.length > 0 ? files : options.paths.map((path) => resolve(options.cwd, path));
  const deno = modulesOfDeno(files, texts);
  const found = await readUserProject(from, projectOptions(options));
  const project = deno === null ? projectForNode(found, ports.existing) : projectForDeno(found, deno);
  const own = new Map(files.map((path) => [path, texts.get(path) ?? ''] as const));
  const client = project.clients[0]?.file ?? null;
  const place = openPlaceContext({
    project,
    resolver: deno === null ? openImportResolver(project.tsconfig) : openDenoResolver(deno, client),
    files: own,
    existing: ports.existing,
    out: options.out === null ? null : resolve(options.cwd, options.out),
    claimed,
    resolverFor: (path) => {
      const modules = denoModules(path, texts.get(path) ?? null);
      return modules === null ? resolverFor(path) : openDenoResolver(modules, client);
    },
  });
  // Deno reads no tsconfig.
  const program = ports.openTypes({ tsconfig: deno === null ? project.tsconfig : null, files });
  return { project, program, place, texts: own };
}

function modulesOfDeno(files: readonly string[], texts: ReadonlyMap<string, string>): DenoModules | null {
  const [first] = files;
  return first === undefined ? null : denoModules(first, texts.get(first) ?? null);
}

/** What detection finds is only replaced by what was named. */
function projectOptions({ cwd, schema, client, transaction }: Options): UserProjectOptions {
  return {
    cwd,
    ...(schema.length === 0 ? {} : { schema }),
    ...(client.length === 0 ? {} : { client }),
    ...(transaction.length === 0 ? {} : { transaction }),
  };
}
