/** The names of routines that a project's sources call, as the finder sees them. */
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { findCallSites } from '../../dist/2-find/find-call-sites.js';
import { mentions, routineNames } from '../../dist/2-find/scan-names.js';
import { listSourceFiles } from '../../dist/io/list-source-files.js';
import { readFiles } from '../../dist/io/workspace.js';

/** Test files are left out, as the tool leaves them out. */
export async function calledNames(project, folder, catalog) {
  const names = routineNames(catalog);
  const paths = project.sources.filter((path) => existsSync(join(folder, path)));
  const { files } = await listSourceFiles(paths, folder);
  const called = new Set();
  let sites = 0;
  for (const [path, text] of await readFiles(files)) {
    if (!mentions(text, names)) continue;
    try {
      for (const { routineName } of findCallSites({ path, text }, names, folder)) {
        sites += 1;
        called.add(routineName.replaceAll('"', ''));
      }
    } catch (error) {
      // A file that does not parse names no routine that could be counted.
      if (error.code !== 'file-syntax') throw error;
    }
  }
  return { called, sites };
}

export function isCalled({ schema, name }, called) {
  return called.has(name) || called.has(`${schema}.${name}`);
}
