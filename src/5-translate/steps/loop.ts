/**
 * What all loops share. A turn is translated on what holds before every turn: first all that holds before the first
 * one, and then without what some turn does not leave as it was, until nothing changes.
 */
import type { Step } from '../../3-parse/body.js';
import type { Code, Line } from '../code.js';
import { checkpoint } from './checkpoint.js';
import type { StepsContext } from './context.js';
import { branchOf, keptFound, type Flow } from './flow.js';
import { assignedIn } from './loop-assigned.js';
import { stepsInto } from './step.js';

export type LoopStep = Extract<Step, { kind: 'for-query' | 'for-range' | 'foreach' | 'while' | 'loop' }>;

/** A loop, or a block that EXIT leaves, round the step that is being translated. */
export interface OpenLoop {
  readonly label: string | null;
  /** FOR and FOREACH set FOUND when they are left. */
  readonly setsFound: boolean;
  /** A block with a label, which only EXIT with that label leaves. */
  readonly block: boolean;
  /** Label in the generated code, taken when a step inside names it. */
  name: string | null;
  /** What is known where the loop is left by EXIT, and where a turn is left by CONTINUE. */
  readonly exits: Flow[];
  readonly turns: Flow[];
}

export interface Turn {
  readonly body: readonly Line[];
  readonly label: string | null;
  /** What is known before every turn. */
  readonly header: Flow;
  /** At the end of a turn, and wherever the loop is left by EXIT. */
  readonly ends: readonly Flow[];
  readonly exits: readonly Flow[];
}

/** Translates the body; `start` binds what a turn begins with. */
export function turnOf(
  step: LoopStep,
  context: StepsContext,
  flow: Flow,
  start: (inner: Flow, body: Line[]) => void,
): Turn {
  const header = branchOf(flow);
  header.steady = { rows: new Set(), at: -1 };
  header.rowCount = null;
  const assigned = assignedIn(step);
  for (const id of assigned)
    if (header.bindings.get(id)?.kind === 'record') header.bindings.set(id, { kind: 'unknown' });
  for (;;) {
    const undo = checkpoint(context);
    const open: OpenLoop = {
      label: step.label,
      setsFound: step.kind.startsWith('for'),
      block: false,
      name: null,
      exits: [],
      turns: [],
    };
    context.loops.push(open);
    const inner = branchOf(header);
    const body: Line[] = [];
    start(inner, body);
    stepsInto(step.body, context, inner, body);
    context.loops.pop();
    const back = [...open.turns, ...(inner.ended ? [] : [inner])];
    if (!weakened(header, back, assigned)) {
      return { body, label: open.name, header, ends: [inner, ...open.turns], exits: open.exits };
    }
    undo();
  }
}

/** Takes from the header what a turn does not keep; false where it keeps all. */
function weakened(header: Flow, back: readonly Flow[], assigned: ReadonlySet<number>): boolean {
  const isAssigned = (fact: string): boolean => assigned.has(Number(/^v(\d+)/.exec(fact)?.[1] ?? -1));
  const lost = [...header.known].filter(
    (fact) => isAssigned(fact) && back.some(({ known }) => !known.has(fact)),
  );
  for (const fact of lost) header.known.delete(fact);
  const found = header.found.kind !== 'unknown' && back.some((end) => end.found !== header.found);
  if (found) header.found = { kind: 'unknown' };
  return lost.length > 0 || found;
}

/** What is known behind a loop. `entered`: the header is passed on the way out. */
export function leave(turn: Turn, entered: boolean, context: StepsContext, flow: Flow): void {
  const { header, ends, exits } = turn;
  const out = entered ? [header, ...exits] : exits;
  const all = [...ends, ...exits];
  const sent = Math.max(...all.map((end) => Math.max(end.statements, end.peak)));
  // Two turns stand for many: what is sent once in a turn is sent more than once.
  const twice = (value: number, before: number): number => before + 2 * (value - before);
  const reads = twice(Math.max(...all.map((end) => end.reads)), flow.reads);
  flow.statements = twice(sent, flow.statements);
  flow.reads = reads;
  context.reads = Math.max(context.reads, reads);
  const locks = all.flatMap((end) => end.locked ?? []);
  flow.locked ??= locks.length === 0 ? null : Math.min(...locks);
  for (const end of all) for (const table of end.unlocked) flow.unlocked.add(table);
  flow.steady = { rows: new Set(), at: -1 };
  flow.rowCount = null;
  flow.bindings.clear();
  for (const [id, binding] of header.bindings) flow.bindings.set(id, binding);
  for (const fact of [...flow.known])
    if (!header.known.has(fact) || out.some(({ known }) => !known.has(fact))) flow.known.delete(fact);
  if (out.some(({ found }) => found !== flow.found)) flow.found = { kind: 'unknown' };
  if (out.length === 0) flow.ended = true;
}

/** FOUND tells whether the loop made a turn. */
export function madeTurn(test: Code, context: StepsContext, flow: Flow, out: Line[]): void {
  flow.found = { kind: 'unknown' };
  if (context.foundName === null) return;
  out.push({ kind: 'set', target: context.foundName, value: test });
  flow.found = keptFound;
}
