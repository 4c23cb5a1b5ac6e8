/** Which files git knows to differ from a commit, new ones included. Only reads. */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { MigrateError } from '../errors.js';

/** Absolute paths of files that were changed, added or renamed since the merge base with `ref`. Throws MigrateError. */
export async function readGitChanges(cwd: string, ref: string): Promise<ReadonlySet<string>> {
  if (ref.startsWith('-')) throw notKnown(ref, 'A ref does not begin with a dash.');
  const top = (await git(cwd, ['rev-parse', '--show-toplevel'], ref)).trim();
  const base = (await git(cwd, ['merge-base', ref, 'HEAD'], ref)).trim();
  const changed = await git(top, ['diff', '--name-only', '--diff-filter=d', '-z', base], ref);
  const added = await git(top, ['ls-files', '--others', '--exclude-standard', '-z'], ref);
  const names = `${changed}${added}`.split('\0').filter((name) => name !== '');
  return new Set(names.map((name) => resolve(top, name)));
}

function git(cwd: string, args: readonly string[], ref: string): Promise<string> {
  const environment = { ...process.env, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' };
  return new Promise((done, fail) => {
    execFile('git', args, { cwd, env: environment, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (error === null) done(stdout);
      else fail(notKnown(ref, stderr.trim() || error.message));
    });
  });
}

function notKnown(ref: string, detail: string): MigrateError {
  return new MigrateError('git-failed', `git cannot tell what has changed since ${ref}`, {
    detail,
    hint: 'Name a commit or branch of this repository; in CI fetch it first (fetch-depth: 0).',
  });
}
