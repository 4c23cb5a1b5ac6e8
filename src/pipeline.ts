/**
 * The stages in order. Read this first: a plan is made of what the database says and what the source holds,
 * and nothing is written before `applyPlan`, which writes all files or none.
 */
import { readCatalog } from './1-read/read-catalog.js';
import { readUserProject, type UserProjectOptions } from './1-read/read-user-project.js';
import { resolveSites } from './2-find/resolve-sites.js';
import { openImportResolver } from './6-rewrite/import-resolver.js';
import { openPlaceContext } from './6-rewrite/place-context.js';
import type { Decisions, ReviewItem } from './8-review/review-item.js';
import type { ReportInput } from './9-report/report-input.js';
import type { Database } from './io/database.js';
import { openSource } from './io/open-source.js';
import type { Progress } from './io/progress.js';
import type { Source } from './io/resolve-source.js';
import type { Options } from './options.js';
import { draftSites } from './pipeline/draft-sites.js';
import { findSites } from './pipeline/find-sites.js';
import { judgeRoutines } from './pipeline/judge-routines.js';
import { composePlan, reportAfter, type PlanState } from './pipeline/plan-state.js';
import { proveSites } from './pipeline/prove-sites.js';
import { settleTypes } from './pipeline/settle-types.js';
import { writeAccepted } from './pipeline/write-accepted.js';
import { openProgram } from './source/open-program.js';
import { readTextIfPresent } from './io/project-files.js';

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
}

/** Makes the plan. The database is only read, and closed before this returns. */
export async function planRun(options: Options, ports: Ports): Promise<Plan> {
  const { progress, openDatabase = openSource, openTypes = openProgram } = ports;
  progress.start('opening the database');
  const db = await openDatabase(options.source);
  try {
    progress.start('reading the catalog');
    const catalog = await readCatalog(db);
    progress.start('finding the call sites');
    const found = await findSites(options, catalog);
    const { resolved, unresolved } = await resolveSites(found.sites, catalog, db);
    progress.start('reading the routines');
    const judged = await judgeRoutines(resolved, catalog, db);
    progress.start('reading the project');
    const siteFiles = [...found.texts.keys()];
    const project = await readUserProject(
      siteFiles.length === 0 ? [options.cwd] : siteFiles,
      projectOptions(options),
    );
    progress.start('translating');
    const program = openTypes({ tsconfig: project.tsconfig, files: siteFiles });
    const resolver = openImportResolver(project.tsconfig);
    const place = openPlaceContext({
      project,
      resolver,
      files: found.texts,
      existing: readTextIfPresent,
      out: options.out,
    });
    const input = { catalog, project, judged, program, place };
    const drafted = await draftSites(resolved, input);
    progress.start('checking types');
    const typed = await settleTypes(drafted, found.texts, input, { resolver, styles: place.styles });
    progress.start('proving');
    const proven = await proveSites(typed, { ...input, db, options, progress });
    return composePlan({
      options,
      db,
      catalog,
      project,
      found,
      unresolved,
      judged,
      proven,
      program,
      assembly: { resolver, styles: place.styles },
    });
  } finally {
    await db.close();
  }
}

/** Writes what the decisions apply, all files or none, and gives the state of things afterwards. */
export async function applyPlan(plan: Plan, decisions: Decisions): Promise<ReportInput> {
  const written = await writeAccepted(plan.state, decisions);
  return reportAfter(plan.state, decisions, written);
}

/** What detection finds is only replaced by what was named. */
function projectOptions({ cwd, schema, client, transaction }: Options): UserProjectOptions {
  return {
    cwd,
    ...(schema.length === 0 ? {} : { schema }),
    ...(client.length === 0 ? {} : { client }),
    ...(transaction.length === 0 ? {} : { transaction }),
  };
}
