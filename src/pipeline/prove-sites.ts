/** The stages static, describe and run for each complete translation, on a clone and never on the database. */
import type { Catalog } from '../1-read/catalog.js';
import type { UserProject } from '../1-read/user-project.js';
import type { InlineDraft } from '../5-translate/draft.js';
import { describeDraft, buildStatements } from '../7-prove/describe-draft.js';
import type { Evidence } from '../7-prove/evidence.js';
import { casesOf } from '../7-prove/make-cases.js';
import { printPair } from '../7-prove/print-pair.js';
import { openProofSession, type ProofSession } from '../7-prove/proof-session.js';
import { runPairsIn } from '../7-prove/run-pairs.js';
import { staticChecks } from '../7-prove/static-checks.js';
import { toEvidence } from '../7-prove/to-evidence.js';
import type { Database } from '../io/database.js';
import type { Progress } from '../io/progress.js';
import type { Options } from '../options.js';
import type { Drafted } from './draft-sites.js';
import { openClone } from './open-clone.js';
import type { Candidate, Proposal, Settled } from './site-state.js';

export interface ProveInput {
  readonly db: Database;
  readonly catalog: Catalog;
  readonly project: UserProject;
  readonly options: Options;
  readonly progress: Progress;
}

export interface Proven {
  readonly proposals: readonly Proposal[];
  readonly settled: readonly Settled[];
  readonly notes: readonly string[];
}

/** Milliseconds for all cases of one pair. */
const deadlineMs = 20_000;

export async function proveSites({ candidates, settled }: Drafted, input: ProveInput): Promise<Proven> {
  if (input.options.prove === 'off') {
    return {
      proposals: candidates.map((one) => ({ ...one, evidence: notRun('switched off') })),
      settled,
      notes: [],
    };
  }
  const complete = candidates.filter(isProvable);
  if (complete.length === 0) {
    return {
      proposals: candidates.map((one) => ({ ...one, evidence: notRun('incomplete') })),
      settled,
      notes: [],
    };
  }
  const { clone, notes } = await openClone(input.db, input.catalog);
  const session = openProofSession(clone, {
    packageFile: input.project.packageFile,
    driver: input.project.clients[0]?.driver ?? 'node-postgres',
  });
  try {
    const proposals: Proposal[] = [];
    let done = 0;
    for (const candidate of candidates) {
      const evidence = isProvable(candidate) ? await prove(candidate, session, input) : notRun('incomplete');
      proposals.push({ ...candidate, evidence });
      input.progress.advance((done += 1), candidates.length);
    }
    return { proposals, settled, notes };
  } finally {
    await session.close();
  }
}

type Provable = Candidate & { readonly draft: InlineDraft };

function isProvable(candidate: Candidate): candidate is Provable {
  return candidate.draft.kind === 'inline' && candidate.draft.completeness === 'complete';
}

async function prove(candidate: Provable, session: ProofSession, input: ProveInput): Promise<Evidence> {
  const { site, use, draft, verdict } = candidate;
  if (verdict.kind !== 'single-statement') return notRun('incomplete');
  const texts = printPair(site, use, draft, input.project);
  const filename = site.site.file;
  const built = await buildStatements(session, { source: texts.statements, filename, args: {} });
  if (typeof built === 'string') return notRun(`the statement could not be built: ${built}`);
  const found = staticChecks(
    verdict.statement,
    built.map(({ sql }) => sql),
  );
  if (found !== null) return differs(found);
  const described = await describeDraft(input.db, null, built, []);
  if (described.difference !== null) return differs(described.difference);
  const cases = casesOf(candidate, input.catalog);
  const pair = { id: site.site.id, before: texts.before, after: texts.after, filename, cases };
  const results = await runPairsIn(session, [pair], { deadlineMs });
  const result = results.get(pair.id);
  return result === undefined ? notRun('no result') : toEvidence(result, { locks: true, notifies: false });
}

function differs(difference: NonNullable<Evidence['difference']>): Evidence {
  return {
    status: 'differs',
    cases: 0,
    branchesHit: 0,
    branches: 0,
    notCompared: [],
    difference,
    reason: null,
  };
}

function notRun(reason: string): Evidence {
  return {
    status: 'not_run',
    cases: 0,
    branchesHit: 0,
    branches: 0,
    notCompared: [],
    difference: null,
    reason,
  };
}
