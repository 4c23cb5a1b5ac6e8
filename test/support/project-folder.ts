/** A throw-away project folder whose node_modules are this package's own. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface ProjectFolder {
  readonly root: string;
  /** Absolute path of a file in it. */
  path(name: string): string;
  write(name: string, text: string): string;
  remove(): void;
}

const ownModules = resolve(dirname(fileURLToPath(import.meta.url)), '../../node_modules');

/** Writes the files (by relative path) into a new folder; `node_modules: false` leaves it without packages. */
export function projectFolder(
  files: Readonly<Record<string, string>>,
  options: { readonly nodeModules?: boolean } = {},
): ProjectFolder {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'project-')));
  const write = (name: string, text: string): string => {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  };
  if (options.nodeModules !== false) symlinkSync(ownModules, join(root, 'node_modules'), 'dir');
  for (const [name, text] of Object.entries(files)) write(name, text);
  return {
    root,
    path: (name) => join(root, name),
    write,
    remove: () => {
      rmSync(root, { recursive: true, force: true });
    },
  };
}
