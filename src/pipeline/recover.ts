/** What a run that was killed while it wrote has left, and the folder where runs of one project meet. */
import { dirname, resolve } from 'node:path';
import { findProjectRoot } from '../1-read/find-project-root.js';
import { findAbove } from '../io/project-files.js';
import { acquireRunLock, stateFolder } from '../io/run-lock.js';
import { hasJournal, type Repair } from '../io/write-journal.js';
import type { Options } from '../options.js';
import { relativePath } from './compose-report.js';

/** It follows from the paths alone, so that a lock and a journal are found again before anything is read. */
export function lockedFolder({ paths, cwd }: Options): string {
  return findProjectRoot(absolute({ paths, cwd }), cwd).root;
}

/**
 * Takes back what an interrupted run wrote in part, before the files are read and before git is asked about
 * them. Gives sentences on what was done; a dry run changes nothing and says what is there.
 */
export async function recoverRun(options: Options): Promise<readonly string[]> {
  const roots = new Set([
    lockedFolder(options),
    ...absolute(options).flatMap((path) => findAbove('package.json', path).map((file) => dirname(file))),
  ]);
  const said: string[] = [];
  for (const root of roots) {
    if (!hasJournal(stateFolder(root))) continue;
    if (options.mode === 'plan') {
      said.push(
        `An interrupted run left files of ${root} written in part. The next run that is no dry run takes them back first.`,
      );
      continue;
    }
    const lock = await acquireRunLock(root);
    await lock.release();
    said.push(...repairSentences(lock.repair, options.cwd));
  }
  return said;
}

export function repairSentences(repair: Repair | null, cwd: string): readonly string[] {
  if (repair === null) return [];
  const names = (paths: readonly string[]): string => paths.map((path) => relativePath(cwd, path)).join(', ');
  const { restored, leftAlone } = repair;
  return [
    restored.length === 0
      ? 'An interrupted run had changed no file yet; what it left was removed.'
      : `An interrupted run had written files in part; these hold their old text again: ${names(restored)}.`,
    ...(leftAlone.length === 0
      ? []
      : [`These were changed by someone else since and stay as they are: ${names(leftAlone)}.`]),
  ];
}

function absolute({ paths, cwd }: Pick<Options, 'paths' | 'cwd'>): readonly string[] {
  return paths.map((path) => resolve(cwd, path));
}
