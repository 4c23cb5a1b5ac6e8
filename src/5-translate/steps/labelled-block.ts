/** A block without handlers that EXIT leaves by its label (PostgreSQL manual, 41.6.5.2). */
import type { Block } from '../../3-parse/body.js';
import type { Line } from '../code.js';
import { behind } from './behind.js';
import type { StepsContext } from './context.js';
import { branchOf, join, type Flow } from './flow.js';
import type { OpenLoop } from './loop.js';
import { stepsInto } from './step.js';

export function labelledBlock(step: Block, context: StepsContext, flow: Flow, out: Line[]): void {
  const open: OpenLoop = {
    label: step.label,
    setsFound: false,
    block: true,
    name: null,
    exits: [],
    turns: [],
  };
  const entry = branchOf(flow);
  const inner = branchOf(flow);
  const body: Line[] = [];
  context.loops.push(open);
  stepsInto(step.statements, context, inner, body);
  context.loops.pop();
  if (open.name === null) {
    // The EXIT stands where nothing reaches it.
    out.push(...body);
    Object.assign(flow, inner);
    return;
  }
  out.push({ kind: 'labelled', label: open.name, body });
  join(flow, [inner, ...open.exits]);
  behind(flow, entry);
}
