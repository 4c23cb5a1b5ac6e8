/** The end of a run on a terminal: at most 24 lines of 80 cells, whatever the size of the project. */
import { groupByReason } from './reasons-in-words.js';
import type { Report } from './report-schema.js';
import { keepFunctions, takeBackCommands, type History } from './take-back.js';

export interface SummaryContext {
  readonly history: History;
  /** A dry run. */
  readonly planned: boolean;
  /** Report files that were written, as the user named them. */
  readonly reports: readonly string[];
}

const mostLines = 24;
const width = 80;

export function renderSummary(report: Report, context: SummaryContext): readonly string[] {
  const { summary } = report;
  const head = [countLine(report)];
  if (summary.routines > 0) {
    const kept = summary.routines - summary.single_statement - summary.multi_step;
    const part = summary.skeleton === 0 ? '' : `, ${summary.skeleton} in part`;
    head.push(
      `Routines: ${summary.single_statement} single statement, ${summary.multi_step} several steps, ` +
        `${kept} to keep; ${summary.complete} translated${part}`,
      `Proofs: ${proofLine(report)}`,
    );
  }
  const tail = tailLines(report, context);
  // A command is not broken into lines, so that it can be copied; the terminal wraps it.
  const tailRows = tail.reduce((sum, line) => sum + Math.ceil(line.length / width), 0);
  const room = mostLines - wrapAll(head).length - tailRows;
  const middle = [
    ...doneLines(report, context),
    ...acceptedLines(report),
    ...reasonLines(report, Math.max(3, room - 6)),
    ...hintLines(report, context),
  ];
  return [...wrapAll(head), ...middle.slice(0, Math.max(0, room)), ...tail];
}

/** Each status with its number, none left out that is not zero. */
export function countLine(report: Report): string {
  const { summary } = report;
  const statuses = ['rewritten', 'rewritable', 'kept', 'declined', 'unresolved'] as const;
  const parts = statuses.filter((it) => summary[it] > 0).map((it) => `${summary[it]} ${it}`);
  const files = new Set(report.call_sites.map((site) => site.file)).size;
  if (summary.call_sites === 0) return 'No call of a database function was found.';
  return `${many(summary.call_sites, 'call')} of ${many(summary.routines, 'routine')} in ${many(files, 'file')}: ${parts.join(', ')}`;
}

function proofLine(report: Report): string {
  const statuses = ['proven', 'partial', 'differs', 'not_run'] as const;
  const drafted = report.routines.filter((it) => it.translation !== 'none');
  const parts = statuses
    .map((status) => ({ status, number: drafted.filter((it) => it.proof.status === status).length }))
    .filter(({ number }) => number > 0)
    .map(({ status, number }) => `${number} ${status.replace('_', ' ')}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}

function doneLines(report: Report, context: SummaryContext): readonly string[] {
  const wanted = context.planned ? 'rewritable' : 'rewritten';
  const byName = new Map<string, number>();
  for (const site of report.call_sites.filter((it) => it.status === wanted)) {
    const name = report.routines.find((it) => it.signature === site.routine)?.name ?? site.routine;
    byName.set(name, (byName.get(name) ?? 0) + 1);
  }
  if (byName.size === 0) return [];
  const names = [...byName].map(([name, times]) => (times === 1 ? name : `${name} ×${times}`));
  const lines = wrap(`${context.planned ? 'Can be rewritten' : 'Rewritten'}: ${names.join(', ')}`);
  return lines.length <= 3 ? lines : [...lines.slice(0, 2), `  … and more: the list is in the report`];
}

function acceptedLines(report: Report): readonly string[] {
  const number = report.call_sites.filter((site) => site.accepted_difference !== undefined).length;
  return number === 0
    ? []
    : [`Accepted although old and new differ: ${many(number, 'call')}; the report says how`];
}

function reasonLines(report: Report, most: number): readonly string[] {
  const groups = byReasonId(report);
  if (groups.length === 0) return [];
  const lines = groups.map(({ id, number, sentence }) =>
    cut(`  ${String(number).padStart(3)}  ${id.padEnd(18)} ${sentence}`),
  );
  const shown = lines.length <= most ? lines : lines.slice(0, most - 1);
  const more = lines.length - shown.length;
  return [
    'Not rewritten, and why:',
    ...shown,
    ...(more > 0 ? [`       and ${many(more, 'more reason')}`] : []),
  ];
}

/** The members of a class of reasons (`unsupported: CASE`) count together: the plan and the report name each. */
function byReasonId(
  report: Report,
): readonly { readonly id: string; readonly number: number; readonly sentence: string }[] {
  const found = new Map<string, { id: string; number: number; sentence: string }>();
  for (const { reason, sites, explanation } of groupByReason(report)) {
    const [id = reason] = reason.split(':');
    const group = found.get(id) ?? { id, number: 0, sentence: explanation.sentence };
    found.set(id, { ...group, number: group.number + sites.length });
  }
  return [...found.values()];
}

function hintLines(report: Report, context: SummaryContext): readonly string[] {
  const lines: string[] = [];
  if (report.tests_to_look_at.length > 0) {
    lines.push(
      cut(
        `Tests to look at, they use or stand in for what is rewritten: ${report.tests_to_look_at.join(', ')}`,
      ),
    );
  }
  const hazards = report.routines.reduce((sum, routine) => sum + routine.hazards.length, 0);
  if (hazards > 0) {
    const list = context.reports.find((path) => /\.md$/i.test(path)) ?? '--report <file>.md';
    lines.push(cut(`${many(hazards, 'hazard')} named; ${list} lists each.`));
  }
  if (report.notes.length > 0)
    lines.push(cut(`${many(report.notes.length, 'note')}: ${report.notes[0] ?? ''}`));
  return lines;
}

function tailLines(report: Report, context: SummaryContext): readonly string[] {
  const lines: string[] = [];
  if (context.reports.length > 0) lines.push(cut(`Reports: ${context.reports.join(', ')}`));
  const commands = takeBackCommands(report, context.history, 'short');
  if (commands.length > 0) {
    const long = commands.some((command) => command.length > 2 * width);
    lines.push('Take it back with:');
    lines.push(
      ...(long && context.reports.length > 0
        ? ['  the commands at the end of the report']
        : commands.map((command) => `  ${command}`)),
    );
    lines.push(...wrap(keepFunctions));
  }
  if (context.planned) lines.push('Nothing was written: this was a dry run.');
  else if (commands.length === 0) lines.push('Nothing was written.');
  return lines;
}

function many(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function cut(line: string): string {
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}

function wrapAll(lines: readonly string[]): readonly string[] {
  return lines.flatMap(wrap);
}

function wrap(text: string): readonly string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1] ?? '';
    if (last === '') lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`  ${word}`);
  }
  return lines;
}
