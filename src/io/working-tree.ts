/** What git knows of the files that may be rewritten. Only reads; takes no lock of git's index. */
import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { MigrateError } from '../errors.js';

export type WorkingTree =
  | {
      readonly kind: 'git';
      /** Paths as git prints them: changed files of the repository, and untracked ones below the given paths. */
      readonly dirty: readonly string[];
    }
  /** No repository, or no git on this machine. */
  | { readonly kind: 'none' };

/** Asks about every repository that the paths lie in. Throws MigrateError when git refuses to answer. */
export async function readWorkingTree(cwd: string, paths: readonly string[]): Promise<WorkingTree> {
  const dirty = new Set<string>();
  let repositories = 0;
  for (const path of paths.map((given) => nearestExisting(resolve(cwd, given)))) {
    const folder = statSync(path).isDirectory() ? path : dirname(path);
    const tracked = await gitStatus(folder, ['--untracked-files=no']);
    if (tracked === null) continue;
    repositories += 1;
    const below = folder === path ? '.' : basename(path);
    const here = await gitStatus(folder, ['--untracked-files=all', '--', `:(literal)${below}`]);
    for (const file of [...tracked, ...(here ?? [])]) dirty.add(file);
  }
  return repositories === 0 ? { kind: 'none' } : { kind: 'git', dirty: [...dirty] };
}

/** Throws MigrateError when there are uncommitted changes. */
export function refuseDirtyTree(tree: WorkingTree): void {
  if (tree.kind === 'none' || tree.dirty.length === 0) return;
  const shown = tree.dirty.slice(0, 10);
  const more = tree.dirty.length - shown.length;
  throw new MigrateError('dirty-tree', 'The git tree has uncommitted changes', {
    detail: [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'),
    hint: 'Commit or stash them, so that git restore can take the rewriting back; or add --force.',
  });
}

/** Whether the path itself exists is said by who reads it. */
function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}

function gitStatus(folder: string, options: readonly string[]): Promise<readonly string[] | null> {
  const environment = { ...process.env, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' };
  const command = ['-C', folder, 'status', '--porcelain=v1', '-z', '--no-renames', ...options];
  return new Promise((done, fail) => {
    execFile('git', command, { env: environment, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (error === null) {
        const entries = stdout.split('\0').filter((entry) => entry !== '');
        done(entries.map((entry) => entry.slice(3)));
      } else if (error.code === 'ENOENT' || /not a git repository/.test(stderr)) done(null);
      else {
        fail(
          new MigrateError('git-failed', `git could not say whether ${folder} has uncommitted changes`, {
            detail: stderr.trim() || error.message,
            hint: 'Make git status work there, or add --force.',
          }),
        );
      }
    });
  });
}
