/** A loop whose head is not translated: its text in a comment, and its body round a call that throws. */
import type { Step } from '../../3-parse/body.js';
import type { Code, Line } from '../code.js';
import type { StepsContext } from './context.js';
import { branchOf, type Flow } from './flow.js';
import type { LoopStep } from './loop.js';
import { stepsInto } from './step.js';
import { todoCall } from './todo.js';
import { assignedBy, innerLists } from './variable-uses.js';

/** `why`: what the loop is refused for. */
export function unfinishedLoop(
  step: LoopStep,
  why: string,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): void {
  const text = context.input.routine.source
    .split('\n')
    .slice(step.line - 1)
    .join('\n');
  const head = /^\s*((?:FOR|FOREACH|WHILE)\b[^]*?)\s+LOOP\b/i.exec(text)?.[1] ?? step.sql;
  const test: Code = todoCall({ sql: head, line: step.line, why }, context);
  out.push({ kind: 'comment', text: `TODO(migrate-rpc): ${head}: ${why}` });
  forgetAll(step, flow);
  const inner = branchOf(flow);
  const body: Line[] = [];
  context.loops.push({ label: step.label, setsFound: false, block: false, name: null, exits: [], turns: [] });
  stepsInto(step.body, context, inner, body);
  const open = context.loops.pop();
  flow.statements = Math.max(flow.statements, inner.statements);
  out.push({ kind: 'while', test, body, label: open?.name ?? null });
  forgetAll(step, flow);
}

/** What the step may have changed is not known after it. */
export function forgetAll(step: Step, flow: Flow): void {
  const visit = (one: Step): void => {
    for (const id of assignedBy(one)) flow.bindings.set(id, { kind: 'unknown' });
    innerLists(one).flat().forEach(visit);
  };
  visit(step);
  flow.known.clear();
  flow.found = { kind: 'unknown' };
  flow.rowCount = null;
}
