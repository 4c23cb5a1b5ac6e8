/**
 * The stages in order. Read this first: a plan is made of what the database says and what the source holds,
 * and nothing is written before `applyPlan`, which writes all files or none.
 */
import { readCatalog } from './1-read/read-catalog.js';
import { resolveSites } from './2-find/resolve-sites.js';
import type { Decisions, ReviewItem } from './8-review/review-item.js';
import type { ReportInput } from './9-report/report-input.js';
import type { Database } from './io/database.js';
import { openSource } from './io/open-source.js';
import { readAsOnDiskIfPresent } from './io/project-files.js';
import type { Progress } from './io/progress.js';
import type { Source } from './io/resolve-source.js';
import type { Options } from './options.js';
import { draftSites, type DraftInput, type Drafted } from './pipeline/draft-sites.js';
import { findSites } from './pipeline/find-sites.js';
import { settleIdentity, type AskIdentity } from './pipeline/ask-identity.js';
import { judgeRoutines } from './pipeline/judge-routines.js';
import { findTests } from './pipeline/find-tests.js';
import { nullableAtSites } from './pipeline/nullable-positions.js';
import { openCallees } from './pipeline/open-callees.js';
import { rowLimitOf } from './pipeline/row-limit.js';
import { openSites, type OpenSites } from './pipeline/open-sites.js';
import { openParts } from './pipeline/open-parts.js';
import { openProofBench, runtimeOf, type ProofBench } from './pipeline/proof-bench.js';
import { composePlan, reportAfter, type PlanState } from './pipeline/plan-state.js';
import { proveSites } from './pipeline/prove-sites.js';
import { recoverRun } from './pipeline/recover.js';
import { settleTypes } from './pipeline/settle-types.js';
import { writeAccepted } from './pipeline/write-accepted.js';
import { openProgram } from './source/open-program.js';

export { editableText, editSite } from './pipeline/edit-site.js';

export interface Plan {
  readonly items: readonly ReviewItem[];
  readonly report: ReportInput;
  readonly state: PlanState;
}

/** What a plan is made with; a caller that makes many plans may share what is costly to open. */
export interface Ports {
  readonly progress: Progress;
  readonly openDatabase?: (source: Source) => Promise<Database>;
  readonly openTypes?: typeof openProgram;
  /** Text of a file that generated code may join, or null. */
  readonly existing?: (path: string) => string | null;
  readonly onInterrupt?: OnInterrupt;
  /** Asks a person what gives the identity of the caller; without it such calls stay. */
  readonly askIdentity?: AskIdentity;
}

/** Registers what an interrupt must not leave behind; gives what takes it off the list again. */
export type OnInterrupt = (cleanup: () => Promise<void>) => () => void;

/** Takes back what a killed run left; sentences on it. Comes before all that looks at the files. */
export function prepareRun(options: Options): Promise<readonly string[]> {
  return recoverRun(options);
}

/** Makes the plan. The database is only read, and closed before this returns. */
export async function planRun(options: Options, ports: Ports): Promise<Plan> {
  const { progress, openDatabase = openSource, openTypes = openProgram } = ports;
  const { onInterrupt = () => () => undefined } = ports;
  progress.start('opening the database');
  const db = await openDatabase(options.source);
  let bench: ProofBench | null = null;
  try {
    progress.start('reading the catalog');
    const catalog = await readCatalog(db);
    progress.start('finding the call sites');
    const found = await findSites(options, catalog);
    const { resolved, unresolved } = await resolveSites(found.sites, catalog, db);
    progress.start('reading the routines');
    const read = await judgeRoutines(resolved, catalog, db);
    const { cwd } = options;
    const identity = await settleIdentity(
      { judged: read, sites: resolved, catalog, cwd },
      options.context ?? [],
      ports.askIdentity,
    );
    const { judged, sites, context, catalog: given } = identity;
    const rowLimit = rowLimitOf(options);
    progress.start('reading the project');
    const [parts, opened] = await Promise.all([
      openParts(found.texts, options, { openTypes, existing: ports.existing ?? readAsOnDiskIfPresent }),
      openProofBench(judged, { db, catalog, options, onInterrupt }),
    ]);
    bench = opened;
    await bench?.session(runtimeOf(parts[0].project));
    progress.start('looking at the types of the calls');
    const open: { readonly input: DraftInput; readonly sites: OpenSites }[] = [];
    for (const part of parts) {
      const own = sites.filter(({ site }) => part.texts.has(site.file));
      const input = { catalog: given, judged, part, context, cwd, rowLimit };
      open.push({ input, sites: await openSites(own, input) });
    }
    const all = open.map((one) => one.sites);
    const drafted: Drafted[] = [];
    const nullable = nullableAtSites(all);
    for (const { input: own, sites: opened } of open) {
      progress.start('translating');
      const callees = openCallees(judged, nullable, given, own.part.project);
      const { placement, mode } = options;
      const input = { ...own, callees, placement, reviewed: mode === 'review' };
      const first = await draftSites(opened, all, input);
      progress.start('checking types');
      drafted.push(await settleTypes(first, input));
    }
    progress.start('proving');
    const proven = await proveSites(drafted, { db, catalog, options, progress, bench });
    const tests = await findTests(proven.proposals);
    const left = (await bench?.close()) ?? [];
    bench = null;
    const notes = [...proven.notes, ...left];
    return composePlan({
      options,
      db,
      catalog,
      parts,
      found,
      unresolved,
      judged,
      proven: { ...proven, notes },
      tests,
    });
  } finally {
    await bench?.close();
    await db.close();
  }
}

/** Writes what the decisions apply, all files or none, and gives the state of things afterwards. */
export async function applyPlan(plan: Plan, decisions: Decisions): Promise<ReportInput> {
  const { files, notes } = await writeAccepted(plan.state, decisions);
  return reportAfter(plan.state, decisions, files, notes);
}
