/**
 * A call whose name is one of several stands in one place and is several sites: what is planned for each becomes the
 * branch of one conditional expression, and a site without a plan keeps its call there.
 */
import type { Span } from '../2-find/call-site.js';
import type { ResolvedSite } from '../2-find/resolved-site.js';
import type { ResultUse, TextEdit } from '../2-find/result-use.js';
import { indentUnit, quoteAs, type FileStyle } from './file-style.js';
import { indentAt, type Placement } from './lay-out.js';
import type { SourceView } from './place-context.js';
import { enclosed } from './site-place.js';
import type { SitePlan } from './site-plan.js';

/** What joining needs to know of one branch. */
export interface PlannedArm {
  /** Of the whole request, which the conditional expression replaces. */
  readonly span: Span;
  readonly index: number;
  /** One for each branch but the last. */
  readonly conditions: readonly string[];
  /** The requests as they were, each with its own name. */
  readonly kept: readonly string[];
  readonly enclosed: boolean;
  /** White space before the branches, where they do not fit on one line. */
  readonly indent: string;
}

export function armOf({ site }: ResolvedSite, { target }: ResultUse, view: SourceView): PlannedArm | null {
  const arm = site.rpc?.arm;
  if (arm === undefined) return null;
  const { chosen, index, names, place } = arm;
  const quoted = names.map((name) => quoteAs(name, view.style));
  const conditions =
    chosen.by === 'conditions'
      ? chosen.texts
      : quoted.slice(0, -1).map((name) => `${chosen.text} === ${name}`);
  const [start, end] = [view.text.slice(target.start, place.start), view.text.slice(place.end, target.end)];
  return {
    span: { start: target.start, end: target.end },
    index,
    conditions,
    kept: quoted.map((name) => start + name + end),
    enclosed: enclosed({ text: '_', binding: 'nullish' }, target, view) !== '_',
    indent: indentAt(view.text, target.start) + indentUnit(view.style),
  };
}

/** Where the formatter sees the text of one branch: in a conditional expression that needs several lines. */
export function inArm(placement: Placement, arm: PlannedArm, { printWidth }: FileStyle): Placement {
  const other = '_'.repeat(printWidth);
  const parts = conditional(
    arm,
    arm.kept.map(() => other),
    ' ',
  ).split(other);
  const open = parts.slice(0, arm.index + 1).join(other);
  const close = parts.slice(arm.index + 1).join(other);
  return {
    ...placement,
    before: placement.before + open,
    after: close + placement.after,
    lineIndent: arm.indent,
  };
}

/** The edits of all plans, in which those of branches of one place are one. */
export function joinArms(plans: readonly SitePlan[], text: string, style: FileStyle): readonly TextEdit[] {
  const edits: TextEdit[] = [];
  const joined = new Set<number>();
  for (const { arm, edits: own } of plans) {
    edits.push(...own.filter((edit) => arm === undefined || !isSpan(edit, arm.span)));
    if (arm === undefined || joined.has(arm.span.start)) continue;
    joined.add(arm.span.start);
    const all = plans.filter((one) => one.arm?.span.start === arm.span.start);
    edits.push({ ...arm.span, text: joinedText(arm, all, text, style) });
  }
  return edits;
}

function joinedText(arm: PlannedArm, plans: readonly SitePlan[], text: string, style: FileStyle): string {
  const branches = arm.kept.map((kept, index) => {
    const plan = plans.find((one) => one.arm?.index === index);
    return plan?.edits.find((edit) => isSpan(edit, arm.span))?.text ?? kept;
  });
  const line = conditional(arm, branches, ' ');
  const from = text.lastIndexOf('\n', arm.span.start - 1) + 1;
  const rest = /[^\r\n]*/.exec(text.slice(arm.span.end))?.[0].length ?? 0;
  const fits = !line.includes('\n') && arm.span.start - from + line.length + rest <= style.printWidth;
  return fits ? line : conditional(arm, branches, `\n${arm.indent}`);
}

/** `gap` stands before each question mark and colon. */
function conditional(arm: PlannedArm, branches: readonly string[], gap: string): string {
  const tests = arm.conditions.map(
    (condition, index) => `${condition}${gap}? ${branches[index] ?? ''}${gap}: `,
  );
  const text = tests.join('') + (branches.at(-1) ?? '');
  return arm.enclosed ? `(${text})` : text;
}

function isSpan(edit: Span, span: Span): boolean {
  return edit.start === span.start && edit.end === span.end;
}
