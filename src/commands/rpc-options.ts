/**
 * What the codemod rpc-to-execute has to know of the project: the routines' declared types, and the Drizzle client
 * that calls go through, as a file would import it.
 */
import { relative } from 'node:path';
import { findClients } from '../1-read/find-clients.js';
import { findProjectRoot } from '../1-read/find-project-root.js';
import { parseModule, type SourceModule } from '../1-read/source-module.js';
import type { DrizzleClient } from '../1-read/user-project.js';
import { readFileImports } from '../6-rewrite/file-imports.js';
import { openImportResolver } from '../6-rewrite/import-resolver.js';
import { importSpecifier } from '../6-rewrite/import-specifier.js';
import type { BodyDatabase } from '../guard/bodies/body-database.js';
import { codemodRoutines } from '../guard/codemod-routines.js';
import { listProjectSources, readTextIfPresent } from '../io/project-files.js';

/** The options of a codemod for a file; only rpc-to-execute has any. Projects are read when first asked for. */
export function openRpcOptions(cwd: string, database: BodyDatabase | null) {
  const clients = new Map<string, Promise<readonly DrizzleClient[]>>();
  const clientsBelow = (root: string): Promise<readonly DrizzleClient[]> => {
    const known = clients.get(root) ?? readClients(root);
    clients.set(root, known);
    return known;
  };
  return async (codemod: string, path: string, text: string): Promise<object> => {
    if (codemod !== 'rpc-to-execute' || database === null) return {};
    const { root, tsconfig } = findProjectRoot([path], cwd);
    const module = parseModule(path, text);
    const resolve = openImportResolver(tsconfig);
    const imported = new Set([...module.imports.values()].map((one) => resolve.resolve(path, one.specifier)));
    const found = await clientsBelow(root);
    const near = found.filter(({ file }) => file === path || imported.has(file));
    const [client, ...others] = near.length > 0 ? near : found;
    const routines = codemodRoutines(database, text);
    if (client === undefined) return { routines, why: 'the project exports no Drizzle client' };
    if (others.length > 0) {
      const names = [client, ...others].map((one) => `${one.exportName} of ${relative(cwd, one.file)}`);
      const why = `the project has ${names.join(' and ')}; import the right one here`;
      return { routines, why };
    }
    if (client.exportName === 'default')
      return { routines, why: `the client of ${relative(cwd, client.file)} has no name of its own` };
    return { routines, driver: client.driver, db: nameIn(module, client, resolve) };
  };
}

/** `name@module`, or the name alone where the file has the client itself. */
function nameIn(
  module: SourceModule,
  client: DrizzleClient,
  resolver: ReturnType<typeof openImportResolver>,
): string {
  const { file, exportName: name } = client;
  if (file === module.path) return module.exports.get(name) ?? name;
  const need = { name, local: name, typeOnly: false, from: { kind: 'file', path: file } } as const;
  return `${name}@${importSpecifier(module.path, need, readFileImports(module.tree), resolver)}`;
}

async function readClients(root: string): Promise<readonly DrizzleClient[]> {
  const paths = await listProjectSources(root);
  return paths.flatMap((path) => {
    const text = readTextIfPresent(path);
    if (text === null || !/\bdrizzle\b/.test(text)) return [];
    return findClients(parseModule(path, text)).clients;
  });
}
