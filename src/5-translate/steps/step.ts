/** One step after the other; one that cannot be said exactly stands as a piece to finish. */
import type { Step } from '../../3-parse/body.js';
import { atMostOne } from '../../4-classify/at-most-one.js';
import type { Line } from '../code.js';
import { Untranslatable, unsupported } from '../untranslatable.js';
import { assign } from './assign.js';
import { asCall, callProcedure } from './call-procedure.js';
import { caseStep, ifStep } from './branch.js';
import type { StepsContext } from './context.js';
import { branchOf, type Flow } from './flow.js';
import { getDiagnostics } from './get-diagnostics.js';
import { handledBlock } from './handled-block.js';
import { labelledBlock } from './labelled-block.js';
import { raise } from './raise.js';
import { returnNext, returnQuery, returnStep } from './return.js';
import { exitStep } from './exit.js';
import { loop } from './loop-kinds.js';
import { forgetAll } from './loop-unfinished.js';
import { selectInto } from './select-into.js';
import { stackedDiagnostics } from './stacked-diagnostics.js';
import { runStatement } from './statement.js';
import { todo } from './todo.js';

export function stepsInto(
  steps: readonly Step[],
  context: StepsContext,
  flow: Flow,
  out: Line[],
  outermost = false,
): void {
  for (const [index, step] of steps.entries()) {
    if (flow.ended) return;
    const rest = steps.slice(index + 1);
    const last = outermost && rest.every((next) => next.kind === 'return' && next.value === null);
    stepInto(step, last, context, flow, out);
  }
}

function stepInto(step: Step, last: boolean, context: StepsContext, flow: Flow, out: Line[]): void {
  const lines = out.length;
  const described = context.describable.length;
  const ended = context.endings.length;
  const checked = [...context.checked];
  const saved = branchOf(flow);
  try {
    translate(step, last, context, flow, out);
  } catch (error) {
    if (!(error instanceof Untranslatable) || error.reason !== 'unsupported') throw atLine(error, step);
    out.length = lines;
    context.describable.length = described;
    context.endings.length = ended;
    context.checked.clear();
    for (const position of checked) context.checked.add(position);
    Object.assign(flow, saved);
    const sql = 'sql' in step ? step.sql : lineOf(step, context);
    out.push(...todo({ sql, line: step.line, why: error.detail }, context));
    forgetAll(step, flow);
  }
}

/** What a step begins with, where the tree does not hold its text. */
function lineOf({ line }: Step, { input }: StepsContext): string {
  return input.routine.source.split('\n')[line - 1]?.trim() ?? '';
}

/** A refusal of the whole body says which line it is about: the innermost step's. */
function atLine(error: unknown, { line }: Step): unknown {
  if (!(error instanceof Untranslatable) || error.line !== null) return error;
  return new Untranslatable(error.reason, error.detail, line);
}

/** EXECUTE of a constant text leaves FOUND as it was, and runs its query to the end. */
function executed(
  step: Extract<Step, { kind: 'execute-sql' | 'perform' }>,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): void {
  if (step.kind === 'execute-sql' && step.into !== null && !atMostOne(step.statement, context.input.catalog))
    unsupported('EXECUTE INTO of the first of several rows');
  const { found, rowCount } = flow;
  const { foundName } = context;
  context.foundName = null;
  const { statement, line, sql } = step;
  const plain: Step =
    step.kind === 'perform'
      ? { kind: 'perform', statement, line, sql }
      : { kind: 'execute-sql', statement, into: step.into, line, sql };
  translate(plain, false, context, flow, out);
  context.foundName = foundName;
  flow.found = found;
  if (step.kind === 'perform' && step.utility === true) flow.rowCount = null;
  if (step.kind === 'execute-sql' && step.assignment === true) flow.rowCount = rowCount;
}

function translate(step: Step, last: boolean, context: StepsContext, flow: Flow, out: Line[]): void {
  if ('dynamic' in step && step.dynamic === true) return executed(step, context, flow, out);
  switch (step.kind) {
    case 'assign':
      return assign(step, context, flow, out);
    case 'if':
      return ifStep(step, context, flow, out);
    case 'case':
      return caseStep(step, context, flow, out);
    case 'execute-sql': {
      const call = asCall(step.statement);
      if (call !== null) return callProcedure(call, step.into?.targets ?? [], context, flow, out);
      return step.into === null
        ? runStatement(step.statement, context, flow, out)
        : selectInto(step, context, flow, out);
    }
    case 'perform': {
      const call = asCall(step.statement);
      if (call !== null) return callProcedure(call, [], context, flow, out);
      return runStatement(step.statement, context, flow, out);
    }
    case 'return':
      return returnStep(step, context, flow, out);
    case 'return-query':
      return returnQuery(step.statement, last, context, flow, out);
    case 'return-next':
      return returnNext(step, context, flow, out);
    case 'raise':
      return raise(step, context, flow, out);
    case 'get-diagnostics':
      return step.stacked
        ? stackedDiagnostics(step, context, flow, out)
        : getDiagnostics(step, context, flow, out);
    case 'null':
      return;
    case 'block':
      return step.handlers.length > 0
        ? handledBlock(step, context, flow, out)
        : labelledBlock(step, context, flow, out);
    case 'for-query':
    case 'for-range':
    case 'foreach':
    case 'while':
    case 'loop':
      return loop(step, context, flow, out);
    case 'exit':
      return exitStep(step, context, flow, out);
    case 'unsupported-step':
      return unsupported(step.construct);
  }
}
