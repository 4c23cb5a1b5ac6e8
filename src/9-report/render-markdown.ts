/** The report for a person who was not there: everything, nothing cut short. */
import { describeProof, explainProof } from '../8-review/describe-proof.js';
import { evidenceOf, proofOf } from './render-plan.js';
import { bodyLine, groupByReason, type ReasonGroup } from './reasons-in-words.js';
import { countLine } from './render-summary.js';
import type { Report, ReportCallSite, ReportRoutine } from './report-schema.js';
import { keepFunctions, takeBackCommands, type History } from './take-back.js';

/** A whole Markdown document, ending in a line break. */
export function renderMarkdown(report: Report, context: { readonly history: History }): string {
  const groups = groupByReason(report);
  const lines = [
    '# Calls of database functions',
    '',
    `Database: ${inline(report.database.source)}, PostgreSQL ${escape(report.database.server_version)}`,
    '',
    `${countLine(report)}`,
    '',
    ...summaryTable(report),
    ...routineTable(report),
    ...changeSections(report),
    ...section('Not rewritten', groups.flatMap(keptLines)),
    ...section(
      'Declined',
      sitesOf(report, 'declined').map((site) => `- ${place(site)} ${inline(site.routine)}`),
    ),
    ...section('Hazards', hazardLines(report)),
    ...section('To do by hand', todoLines(report)),
    ...section('Proofs', report.routines.filter((it) => it.translation !== 'none').flatMap(proofLines)),
    ...section(
      'Tests to look at',
      report.tests_to_look_at.map((file) => `- ${inline(file)} uses or stands in for what is rewritten`),
    ),
    ...section(
      'Notes',
      report.notes.map((note) => `- ${escape(note)}`),
    ),
    ...takeBackSection(report, context.history),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function summaryTable(report: Report): readonly string[] {
  const { summary } = report;
  const rows = (Object.keys(summary) as (keyof typeof summary)[]).map(
    (key) => `| ${key.replaceAll('_', ' ')} | ${summary[key]} |`,
  );
  return ['| | |', '|---|---:|', ...rows, ''];
}

function routineTable(report: Report): readonly string[] {
  if (report.routines.length === 0) return [];
  const row = (it: ReportRoutine): string => {
    const after = it.round_trips.after === null ? '' : ` → ${it.round_trips.after}`;
    const verdict = it.reasons.length === 0 ? it.verdict : `${it.verdict}: ${it.reasons.join(', ')}`;
    const proof = it.translation === 'none' ? '' : describeProof(proofOf(it));
    const cells = [
      inline(it.signature),
      cell(verdict),
      it.translation,
      cell(proof),
      `${it.round_trips.before}${after}`,
    ];
    return `| ${cells.join(' | ')} | ${it.call_sites.length} | ${cell(it.still_used_by.join(', '))} |`;
  };
  return [
    '## Routines',
    '',
    '| routine | verdict | translation | proof | round trips | calls | still used by |',
    '|---|---|---|---|---|---:|---|',
    ...report.routines.map(row),
    '',
  ];
}

function changeSections(report: Report): readonly string[] {
  const show = (site: ReportCallSite): readonly string[] => [
    `### ${place(site)} ${inline(site.routine)}`,
    '',
    ...fence('diff', site.diff),
    '',
    ...(site.edited_by_hand === undefined
      ? []
      : [
          `Edited by hand; its own proof: ${escape(describeProof(evidenceOf(site.edited_by_hand.proof)))}`,
          '',
        ]),
    ...acceptedLines(site),
  ];
  const rewritten = sitesOf(report, 'rewritten');
  const rewritable = sitesOf(report, 'rewritable');
  return [
    ...(rewritten.length === 0 ? [] : ['## Rewritten', '', ...rewritten.flatMap(show)]),
    ...(rewritable.length === 0 ? [] : ['## Can be rewritten', '', ...rewritable.flatMap(show)]),
  ];
}

/** What was accepted by name is said beside the change itself. */
function acceptedLines({ accepted_difference: accepted }: ReportCallSite): readonly string[] {
  if (accepted === undefined) return [];
  const { sentence, counter_example: example } = accepted;
  const shown =
    example === null
      ? []
      : [
          ...['old', example.before, 'new', example.after].flatMap((text, index) =>
            index % 2 === 0 ? [`${text}:`, ''] : [...fence('text', text), ''],
          ),
          ...(example.input === '' ? [] : ['To reproduce it:', '', ...fence('sql', example.input), '']),
        ];
  return [`**Accepted although it differs**: ${escape(sentence)}`, '', ...shown];
}

function keptLines(group: ReasonGroup): readonly string[] {
  const sites = group.sites.map((site) => {
    const detail = site.explanation?.detail ?? '';
    const body = bodyLine(site.explanation);
    const where = body === '' ? '' : ` (${body})`;
    const text = detail === '' ? '' : `: ${escape(detail.replace(/\s+/g, ' '))}`;
    return [`- ${place(site)} ${inline(site.routine)}${text}${where}`, ...previewLines(site)].join('\n');
  });
  const { sentence, remedy } = group.explanation;
  return [`### ${escape(group.reason)} (${group.status})`, '', `${sentence} ${remedy}`, '', ...sites, ''];
}

/** The finished translation of a call that only waits for what gives its caller's identity. */
function previewLines({ reason, diff }: ReportCallSite): readonly string[] {
  if (reason !== 'identity' || diff === '') return [];
  return ['', ...fence('diff', diff).map((line) => (line === '' ? '' : `  ${line}`)), ''];
}

function hazardLines(report: Report): readonly string[] {
  return report.routines.flatMap((routine) =>
    routine.hazards.map((it) => `- ${inline(routine.signature)} ${it.rule}: ${escape(it.message)}`),
  );
}

function todoLines(report: Report): readonly string[] {
  return report.routines.flatMap((routine) =>
    routine.todos.map((todo) => `- ${inline(routine.signature)} ${escape(todo)}`),
  );
}

function proofLines(routine: ReportRoutine): readonly string[] {
  return [
    `- ${inline(routine.signature)}`,
    ...explainProof(proofOf(routine)).map((line) => `  - ${escape(line)}`),
    ...timingLine(routine).map((line) => `  - ${line}`),
  ];
}

function timingLine({ proof: { timing } }: ReportRoutine): readonly string[] {
  if (timing === undefined) return [];
  const { statements, round_trips: trips, latency_ratio: ratio } = timing;
  return [
    `measured: statements ${statements.before} → ${statements.after}, round trips ${trips.before} → ${trips.after}, ` +
      `latency × ${ratio.at_0_ms} at 0 ms of network, × ${ratio.at_1_ms} at 1 ms`,
  ];
}

function takeBackSection(report: Report, history: History): readonly string[] {
  const commands = takeBackCommands(report, history);
  if (commands.length === 0) return ['Nothing was written.'];
  return ['## How to take it back', '', ...fence('sh', commands.join('\n')), '', keepFunctions];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`## ${title}`, '', ...lines, ...(lines.at(-1) === '' ? [] : [''])];
}

function sitesOf(report: Report, status: ReportCallSite['status']): readonly ReportCallSite[] {
  return report.call_sites.filter((site) => site.status === status);
}

function place(site: ReportCallSite): string {
  return inline(`${site.file}:${site.line}`);
}

/** A fence longer than any run of backticks in the text, so that the text cannot end it. */
function fence(language: string, text: string): readonly string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
  const marks = '`'.repeat(longest + 1);
  return [`${marks}${language}`, text.replace(/\n+$/, ''), marks];
}

function inline(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

function escape(text: string): string {
  return text.replace(/[\\`*_<>[\]|]/g, '\\$&');
}

function cell(text: string): string {
  return escape(text).replace(/\s+/g, ' ');
}
