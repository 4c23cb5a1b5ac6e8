/** The main command: plan, decide, apply, report. Which stages a plan takes is the pipeline's business. */
import { resolve } from 'node:path';
import type { EditProblem } from '../6-rewrite/written-text.js';
import type { ExpressionQuestion } from '../8-review/ask-expression.js';
import type { Decisions, ReviewItem } from '../8-review/review-item.js';
import { isSafe } from '../8-review/review-state.js';
import { buildReport, exitCodeOf } from '../9-report/build-report.js';
import { redact, redactDeep } from '../9-report/redact.js';
import { renderMarkdown } from '../9-report/render-markdown.js';
import { renderPlan } from '../9-report/render-plan.js';
import { renderSummary } from '../9-report/render-summary.js';
import type { ReportInput } from '../9-report/report-input.js';
import type { Report } from '../9-report/report-schema.js';
import type { History } from '../9-report/take-back.js';
import type { ExitCode } from '../errors.js';
import type { Progress } from '../io/progress.js';
import { checkReportPath, writeReportFile } from '../io/report-file.js';
import type { Source } from '../io/resolve-source.js';
import type { Terminal } from '../io/terminal.js';
import { readWorkingTree, refuseDirtyTree, type WorkingTree } from '../io/working-tree.js';
import type { Options, ReportFile } from '../options.js';
import type { EditPlace } from '../pipeline/edit-site.js';
import type { Interrupts } from './interrupts.js';

/** What the command needs of a plan; the pipeline's own plan holds more. */
export interface PlannedRun {
  /** Each site that can be rewritten. */
  readonly items: readonly ReviewItem[];
  /** The state of things if nothing is applied: those sites are `rewritable`. */
  readonly report: ReportInput;
}

export interface Pipeline<Plan extends PlannedRun> {
  /** Takes back what a killed run left, before anything looks at the files; sentences on it. */
  prepareRun(options: Options): Promise<readonly string[]>;
  planRun(
    options: Options,
    ports: {
      readonly progress: Progress;
      readonly onInterrupt: Interrupts['onInterrupt'];
      readonly askIdentity?: (question: ExpressionQuestion) => Promise<string>;
    },
  ): Promise<Plan>;
  /** The code of a site for an editor; or why it cannot be edited. */
  editableText(
    plan: Plan,
    place: EditPlace,
  ): Promise<{ readonly text: string; readonly extension: string } | EditProblem>;
  /** The plan with edited code, proven anew; or what is wrong with it. */
  editSite(
    plan: Plan,
    place: EditPlace,
    text: string,
    ports: { readonly progress: Progress; readonly onInterrupt: Interrupts['onInterrupt'] },
  ): Promise<Plan | EditProblem>;
  /** Writes what the decisions apply, all files or none, and gives the state of things afterwards. */
  applyPlan(plan: Plan, decisions: Decisions): Promise<ReportInput>;
}

export interface MigrateContext<Plan extends PlannedRun> {
  readonly terminal: Terminal;
  readonly progress: Progress;
  readonly interrupts: Interrupts;
  readonly pipeline: Pipeline<Plan>;
  /** Whether the diffs of each site are printed; a dry run always prints them. */
  readonly show: 'summary' | 'diffs';
}

/** Runs the main command and gives its exit code. User mistakes leave as MigrateError. */
export async function migrate<Plan extends PlannedRun>(
  options: Options,
  context: MigrateContext<Plan>,
): Promise<ExitCode> {
  const { terminal, pipeline } = context;
  terminal.out(`${sourceLine(options.source)}\n`);
  for (const { path } of options.reports) await checkReportPath(resolve(options.cwd, path));
  for (const sentence of await pipeline.prepareRun(options)) terminal.err(`${sentence}\n`);
  const history = await checkHistory(options);
  const plan = await planWithProgress(options, context);

  if (options.mode === 'plan') return finish(buildReport(plan.report), options, context, history);
  const answer =
    options.mode === 'apply-all'
      ? { plan, decisions: decideAll(plan.items, options) }
      : await ask(plan, context);
  if (answer === null) {
    terminal.err('Interrupted; nothing was written.\n');
    return 130;
  }
  const applied = await context.interrupts.hold(() => pipeline.applyPlan(answer.plan, answer.decisions));
  return finish(buildReport(applied), options, context, history);
}

/** The first line of every run. */
export function sourceLine(source: Source): string {
  if (source.kind === 'files') return `Database: ${redact(source.label)}, loaded into an embedded PostgreSQL`;
  const origin = source.origin === '--db' ? '' : ` (from ${source.origin.replace(/^env:/, '')})`;
  return `Database: ${redact(source.label)}${origin}`;
}

async function checkHistory(options: Options): Promise<History> {
  const asked = readWorkingTree(options.cwd, options.paths);
  if (options.mode === 'plan' || options.dirtyTree === 'allow') {
    return asked.then((tree) => historyOf(tree)).catch(() => 'none');
  }
  const tree = await asked;
  refuseDirtyTree(tree);
  return historyOf(tree);
}

function historyOf(tree: WorkingTree): History {
  if (tree.kind === 'none') return 'none';
  return tree.dirty.length === 0 ? 'clean git' : 'git';
}

async function planWithProgress<Plan extends PlannedRun>(
  options: Options,
  { pipeline, progress, interrupts, terminal }: MigrateContext<Plan>,
): Promise<Plan> {
  const { onInterrupt } = interrupts;
  const askIdentity = async (question: ExpressionQuestion): Promise<string> => {
    const { askExpression } = await import('../8-review/ask-expression.js');
    progress.stop();
    return askExpression(question, terminal);
  };
  try {
    return await pipeline.planRun(options, {
      progress,
      onInterrupt,
      ...(options.mode === 'review' ? { askIdentity } : {}),
    });
  } finally {
    progress.stop();
  }
}

/** Sites that are left out stay rewritable: nobody declined them. */
function decideAll(items: readonly ReviewItem[], options: Options): Decisions {
  const applied = items.filter((item) => {
    if (options.applies === 'proven')
      return item.completeness === 'complete' && item.proof.status === 'proven';
    return isSafe(item) || (options.skeletons === 'apply' && item.proof.status !== 'differs');
  });
  return new Map(applied.map((item) => [item.siteId, 'apply']));
}

/** The decisions, and the plan that they are on: an edit makes another one. */
async function ask<Plan extends PlannedRun>(
  first: Plan,
  { terminal, pipeline, progress, interrupts }: MigrateContext<Plan>,
): Promise<{ readonly plan: Plan; readonly decisions: Decisions } | null> {
  // The prompts take longer to load than all else of the command line, and most runs ask nothing.
  const [{ askReview }, { editText }] = await Promise.all([
    import('../8-review/ask-review.js'),
    import('../io/editor.js'),
  ]);
  let plan = first;
  const { onInterrupt } = interrupts;
  const outcome = await askReview(redactDeep(first.items), terminal, {
    text: (siteId, alternative) => pipeline.editableText(plan, { siteId, alternative }),
    open: editText,
    async take(siteId, alternative, text) {
      const next = await pipeline.editSite(plan, { siteId, alternative }, text, { progress, onInterrupt });
      if ('problem' in next) return next;
      plan = next;
      return { items: redactDeep(next.items) };
    },
  });
  if (outcome.kind === 'interrupted') return null;
  if (outcome.left === 'early') {
    const accepted = [...outcome.decisions.values()].filter((it) => it !== 'decline').length;
    const declined = outcome.decisions.size - accepted;
    terminal.out(
      `Review ended early: what was accepted (${accepted}) is applied, the rest (${declined}) declined.\n`,
    );
  }
  return { plan, decisions: outcome.decisions };
}

async function finish<Plan extends PlannedRun>(
  report: Report,
  options: Options,
  { terminal, show }: MigrateContext<Plan>,
  history: History,
): Promise<ExitCode> {
  const planned = options.mode === 'plan';
  if (planned || show === 'diffs') terminal.out(`\n${renderPlan(report, terminal.palette).join('\n')}\n`);
  const reports: string[] = [];
  try {
    for (const { path, format } of options.reports) {
      await writeReportFile(resolve(options.cwd, path), reportText(report, format, history));
      reports.push(path);
    }
  } finally {
    // A report that cannot be written must not hide what was done and how to take it back.
    terminal.out(`\n${renderSummary(report, { history, planned, reports }).join('\n')}\n`);
  }
  return exitCodeOf(report);
}

function reportText(report: Report, format: ReportFile['format'], history: History): string {
  return format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : renderMarkdown(report, { history });
}
