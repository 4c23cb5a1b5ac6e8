/** Puts the accepted sites together once more, checks the types of just these, and writes all files or none. */
import { chosenAlternative, type Decisions } from '../8-review/review-item.js';
import type { WrittenFiles } from '../9-report/report-input.js';
import { MigrateError } from '../errors.js';
import { acquireRunLock, stateFolder } from '../io/run-lock.js';
import { writeFiles } from '../io/write-files.js';
import { assembleParts, byPart } from './assemble-parts.js';
import { checkChanges } from './check-changes.js';
import { relativePath } from './compose-report.js';
import { writtenFiles, type PlanState } from './plan-state.js';
import { lockedFolder, repairSentences } from './recover.js';
import { withForm, type Candidate } from './site-state.js';

export interface Written {
  readonly files: WrittenFiles;
  readonly notes: readonly string[];
}

export async function writeAccepted(state: PlanState, decisions: Decisions): Promise<Written> {
  const { proven, options } = state;
  const accepted = proven.proposals.flatMap((proposal) => {
    const decision = decisions.get(proposal.site.site.id) ?? 'decline';
    return decision === 'decline' ? [] : [withForm(proposal, chosenAlternative(decision))];
  });
  refuseNewDiagnostics(accepted, options.cwd);
  const changes = assembleParts(accepted);
  let notes: readonly string[] = [];
  if (changes.length > 0) {
    const root = lockedFolder(options);
    const lock = await acquireRunLock(root);
    notes = repairSentences(lock.repair, options.cwd);
    try {
      await writeFiles(changes, stateFolder(root));
    } finally {
      await lock.release();
    }
  }
  return { files: writtenFiles(changes, options.cwd), notes };
}

function refuseNewDiagnostics(accepted: readonly Candidate[], cwd: string): void {
  for (const [part, own] of byPart(accepted)) {
    const [diagnostic] = checkChanges(
      part,
      own.map(({ plan }) => plan),
    );
    if (diagnostic === undefined) continue;
    throw new MigrateError('type-error', 'The accepted changes do not type-check together', {
      detail: `${relativePath(cwd, diagnostic.file)}:${diagnostic.line} TS${diagnostic.code} ${diagnostic.message}`,
      hint: 'Nothing was written. Accept all calls of these files or fewer of them, or run again.',
      exitCode: 1,
    });
  }
}
