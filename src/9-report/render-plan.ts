/** Each site of a plan or a run on a terminal: where, what, proof and the coloured diff. */
import type { Evidence } from '../7-prove/evidence.js';
import { describeProof } from '../8-review/describe-proof.js';
import { paint, span, type Palette, type StyledLine } from '../8-review/styled-line.js';
import { bodyLine } from './reasons-in-words.js';
import type { Report, ReportCallSite, ReportRoutine } from './report-schema.js';

/** Lines for all sites in the order of the report; those that are not rewritten are one line with the reason. */
export function renderPlan(report: Report, palette: Palette): readonly string[] {
  const routines = new Map(report.routines.map((routine) => [routine.signature, routine]));
  return report.call_sites.flatMap((site) =>
    siteLines(site, routines.get(site.routine)).map((line) => paint(line, palette)),
  );
}

/** The proof of a reported routine, back in the form that stage 7 gives. */
export function proofOf(routine: ReportRoutine): Evidence {
  return evidenceOf(routine.proof);
}

/** A reported proof, back in the form that stage 7 gives. */
export function evidenceOf(proof: ReportRoutine['proof']): Evidence {
  return {
    status: proof.status,
    cases: proof.cases,
    branchesHit: proof.branches_hit,
    branches: proof.branches,
    notCompared: proof.not_compared,
    difference: proof.difference ?? null,
    reason: proof.reason ?? null,
  };
}

const mostDetailLines = 4;

function siteLines(site: ReportCallSite, routine: ReportRoutine | undefined): readonly StyledLine[] {
  const place: StyledLine = [
    span(`${site.file}:${site.line}`, 'place'),
    span('  '),
    span(site.routine, 'strong'),
    span(
      `  ${site.status}`,
      site.status === 'rewritten' || site.status === 'rewritable' ? 'added' : 'warning',
    ),
    ...(site.reason === null ? [] : [span(`: ${site.reason}`, 'warning')]),
  ];
  const lines: StyledLine[] = [place];
  if (site.explanation !== null) {
    const { detail, sentence, remedy } = site.explanation;
    const body = bodyLine(site.explanation);
    const where = body === '' ? '' : ` (${body})`;
    const [first = '', ...more] = detail.split('\n');
    lines.push([span(`  ${sentence}${first === '' ? '' : ` ${first}`}${where}`)]);
    // A diagnostic's chain of causes, or the server's own words.
    for (const one of more.slice(0, mostDetailLines)) lines.push([span(`    ${one}`)]);
    lines.push([span(`  What to do: ${remedy}`, 'faint')]);
  }
  if (site.diff !== '' && site.reason === 'identity') {
    lines.push([span('  The call would become:', 'faint')]);
    return [...lines, ...diffLines(site.diff), []];
  }
  if (site.diff === '' || site.status === 'kept' || site.status === 'unresolved') return [...lines, []];
  if (routine !== undefined) {
    const kind = routine.verdict === 'multi-step' ? 'several steps' : 'single statement';
    const form =
      routine.translation === 'skeleton' ? `skeleton, ${routine.todos.length} to do by hand` : 'complete';
    lines.push([span(`  ${kind}, ${form}; proof ${describeProof(proofOf(routine))}`, 'faint')]);
    lines.push(
      ...routine.hazards.map((it): StyledLine => [span(`  ! ${it.rule}: ${it.message}`, 'warning')]),
    );
  }
  return [...lines, ...diffLines(site.diff), []];
}

function diffLines(diff: string): readonly StyledLine[] {
  return diff
    .replace(/\s+$/, '')
    .split(/\r?\n/)
    .map((line): StyledLine => {
      if (/^(\+\+\+|---|@@|Index:|===)/.test(line)) return [span(`  ${line}`, 'faint')];
      if (line.startsWith('+')) return [span(`  ${line}`, 'added')];
      if (line.startsWith('-')) return [span(`  ${line}`, 'removed')];
      return [span(`  ${line}`)];
    });
}
