/**
 * The public API: plan, decide, apply, report, as the command line does it. Nothing here asks or prints.
 * `planRun(buildOptions(…), { progress: silentProgress })`, then `applyPlan(plan, decisions)` and `buildReport`.
 */
export type { Config } from './config.js';
export { MigrateError, type ExitCode } from './errors.js';
export { silentProgress, type Progress } from './io/progress.js';
export { resolveSource, type Source } from './io/resolve-source.js';
export { buildOptions, type Options, type ReportFile, type SettingsLayer } from './options.js';
export { applyPlan, planRun, type Plan } from './pipeline.js';
export { reasons, type Reason, type ReasonId } from './reasons.js';
export type { Decision, Decisions, ReviewItem } from './8-review/review-item.js';
export { buildReport, exitCodeOf } from './9-report/build-report.js';
export type { ReportInput } from './9-report/report-input.js';
export { reportSchema, type Report } from './9-report/report-schema.js';
export { renderMarkdown } from './9-report/render-markdown.js';
