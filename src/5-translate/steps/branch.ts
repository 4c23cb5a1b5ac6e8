/** IF and CASE. A condition that needs a statement of its own is asked inside the `else` of those before it. */
import type { Step } from '../../3-parse/body.js';
import type { Expression } from '../../3-parse/expression.js';
import type { Line } from '../code.js';
import { unsupported, Untranslatable } from '../untranslatable.js';
import { apply, conditionOf, type Condition } from './condition.js';
import type { StepsContext } from './context.js';
import { branchOf, join, type Flow } from './flow.js';
import { guardHazard, nullHazard } from './hazards.js';
import { raised } from './raise.js';
import { stepsInto } from './step.js';
import { todoCall } from './todo.js';

type IfStep = Extract<Step, { kind: 'if' }>;
type CaseStep = Extract<Step, { kind: 'case' }>;

interface Branch {
  readonly condition: Expression;
  readonly then: readonly Step[];
  readonly line: number;
}

/** What runs when no branch does. */
type Otherwise = (flow: Flow, out: Line[]) => void;

export function ifStep(step: IfStep, context: StepsContext, flow: Flow, out: Line[]): void {
  const otherwise: Otherwise | null =
    step.otherwise === null ? null : (inner, lines) => stepsInto(step.otherwise ?? [], context, inner, lines);
  branches(step.branches, otherwise, context, flow, out);
}

/** CASE without ELSE fails where nothing fits (20000). */
export function caseStep(step: CaseStep, context: StepsContext, flow: Flow, out: Line[]): void {
  const { subject } = step;
  const repeatable = subject === null || subject.kind === 'parameter' || subject.kind === 'variable';
  if (!repeatable) unsupported('CASE of a computed value');
  const asIf = step.branches.map((branch): Branch => {
    const tests = branch.values.map((value): Expression =>
      subject === null ? value : { kind: 'operator', operator: '=', left: subject, right: value, type: 16 },
    );
    const [only] = tests;
    const condition: Expression =
      tests.length === 1 && only !== undefined ? only : { kind: 'or', operands: tests, type: 16 };
    return { condition, then: branch.then, line: branch.line };
  });
  const otherwise: Otherwise = (inner, lines) => {
    if (step.otherwise !== null) return stepsInto(step.otherwise, context, inner, lines);
    lines.push(raised('20000', 'case not found', { hint: 'CASE statement is missing ELSE part.' }));
    context.raises.push(new Set(inner.sent));
    inner.ended = true;
  };
  branches(asIf, otherwise, context, flow, out);
}

function branches(
  list: readonly Branch[],
  otherwise: Otherwise | null,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): void {
  const [first, ...rest] = list;
  if (first === undefined) return otherwise?.(flow, out);
  const condition = conditionOrTodo(first, context, flow, out);
  // FOUND behind a statement that always gives a row.
  if (condition.test.kind === 'keyword' && condition.test.value === 'true')
    return stepsInto(first.then, context, flow, out);
  // A test for NULL of what never is.
  if (condition.test.kind === 'keyword' && condition.test.value === 'false') {
    guardHazard(first, context);
    apply(condition.whenFalse, flow);
    return branches(rest, otherwise, context, flow, out);
  }
  const yes = branchOf(flow);
  apply(condition.whenTrue, yes);
  const then: Line[] = [];
  stepsInto(first.then, context, yes, then);
  if (yes.ended) nullHazard(first.condition, first.then, context, flow);
  const no = branchOf(flow);
  apply(condition.whenFalse, no);
  const remaining: Line[] = [];
  if (rest.length > 0) branches(rest, otherwise, context, no, remaining);
  else otherwise?.(no, remaining);
  // What follows a branch that ends needs no `else`, but its names must not be seen twice.
  const flat = yes.ended && remaining.length > 0;
  const test = condition.test;
  if (then.length === 0 && remaining.length === 0) {
    if (condition.test.kind === 'await') out.push({ kind: 'expression', value: condition.test });
  } else if (then.length === 0) {
    out.push({ kind: 'if', test: { kind: 'not', value: test }, then: remaining, otherwise: null });
  } else {
    out.push({ kind: 'if', test, then, otherwise: remaining.length === 0 || flat ? null : remaining });
    if (flat) out.push(...remaining);
  }
  const { found, rowCount } = flow;
  join(flow, [yes, no]);
  // The names of a branch are out of reach behind it.
  if (flow.found !== found) flow.found = { kind: 'unknown' };
  if (flow.rowCount !== rowCount) flow.rowCount = null;
  if (!flow.ended && yes.ended) apply(condition.whenFalse, flow);
}

function conditionOrTodo(branch: Branch, context: StepsContext, flow: Flow, out: Line[]): Condition {
  const length = out.length;
  const saved = branchOf(flow);
  try {
    return conditionOf(branch.condition, context, flow, out);
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error;
    out.length = length;
    Object.assign(flow, saved);
    const { line } = branch;
    const piece = { sql: conditionText(line, context), line, why: error.detail };
    return { test: todoCall(piece, context), whenTrue: [], whenFalse: [] };
  }
}

/** `IF … ` as it is written, without THEN. */
function conditionText(line: number, { input }: StepsContext): string {
  const text = input.routine.source
    .split('\n')
    .slice(line - 1)
    .join('\n');
  const head = /^\s*(?:ELS)?(IF\b[^]*?|WHEN\b[^]*?)\s+THEN\b/i.exec(text)?.[1];
  return head ?? text.split('\n')[0]?.trim() ?? '';
}
