/** What files that Deno runs may use of the project: clients and tables whose modules Deno can load. */
import { relative } from 'node:path';
import type { UserProject } from '../1-read/user-project.js';
import { whyDenoCannotLoad } from '../source/deno-loads.js';
import { denoModules, importsByScheme, type DenoModules } from '../source/deno-modules.js';

/** The rest is left out, and why a client is. */
export function projectForDeno(project: UserProject, modules: DenoModules): UserProject {
  const known = new Map<string, string | null>();
  const why = (file: string): string | null => {
    const found = known.has(file) ? (known.get(file) ?? null) : cannotServe(file, modules);
    known.set(file, found);
    return found;
  };
  const refused = project.clients.flatMap(({ file, exportName }) => {
    const reason = why(file);
    const name = `${exportName}@${relative(project.root, file)}`;
    return reason === null ? [] : [`Deno runs this file and cannot load ${name}: ${reason}.`];
  });
  const unused = refused.join(' ');
  return {
    ...project,
    clients: project.clients.filter(({ file }) => why(file) === null),
    tables: project.tables.filter(({ file }) => why(file) === null),
    transactionHelpers: project.transactionHelpers.filter(({ file }) => why(file) === null),
    ...(unused === '' ? {} : { unusedClients: unused }),
  };
}

/** Node.js does not import by `npm:` or URL. */
export function projectForNode(project: UserProject, textOf: (path: string) => string | null): UserProject {
  const clients = project.clients.filter(({ file }) => !importsByScheme(textOf(file) ?? ''));
  return clients.length === project.clients.length ? project : { ...project, clients };
}

/** Modules that are made beside a file of Node.js name their neighbours as that does. */
function cannotServe(file: string, modules: DenoModules): string | null {
  const ofNode = denoModules(file, null) === null;
  if (ofNode && !modules.sloppy)
    return `it is a module of Node.js and "unstable": ["sloppy-imports"] is not set`;
  return whyDenoCannotLoad(file, modules);
}
