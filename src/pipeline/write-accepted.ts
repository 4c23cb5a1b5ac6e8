/** Puts the accepted sites together once more, checks the types of just these, and writes all files or none. */
import { assemble } from '../6-rewrite/assemble.js';
import { checkTypes } from '../7-prove/check-types.js';
import type { Decisions } from '../8-review/review-item.js';
import type { WrittenFiles } from '../9-report/report-input.js';
import { MigrateError } from '../errors.js';
import { acquireRunLock, stateFolder } from '../io/run-lock.js';
import { writeFiles } from '../io/write-files.js';
import { writtenFiles, type PlanState } from './plan-state.js';

export async function writeAccepted(state: PlanState, decisions: Decisions): Promise<WrittenFiles> {
  const { proven, found, assembly, project, options } = state;
  const accepted = proven.proposals.filter(({ site }) => decisions.get(site.site.id) === 'apply');
  const changes = assemble(
    accepted.map(({ plan }) => plan),
    found.texts,
    assembly,
  );
  const [diagnostic] = checkTypes(state.program, changes);
  if (diagnostic !== undefined) {
    throw new MigrateError('type-error', 'The accepted changes do not type-check together', {
      detail: `${diagnostic.file}:${diagnostic.line} TS${diagnostic.code} ${diagnostic.message}`,
      hint: 'Nothing was written. Accept fewer sites, or run again.',
      exitCode: 1,
    });
  }
  if (changes.length > 0) {
    const lock = await acquireRunLock(project.root);
    try {
      await writeFiles(changes, stateFolder(project.root));
    } finally {
      await lock.release();
    }
  }
  return writtenFiles(changes, options.cwd);
}
