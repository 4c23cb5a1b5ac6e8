/**
 * A block with EXCEPTION (PostgreSQL manual, 41.6.8): a savepoint in a `try`, its handlers in the `catch`. The
 * savepoint is left out where nothing is sent that it could take back, and where every handler raises: what catches
 * that error has a savepoint of its own, or the transaction is over.
 */
import type { Block } from '../../3-parse/body.js';
import type { Line } from '../code.js';
import { behind } from './behind.js';
import type { StepsContext } from './context.js';
import { exactOrUnfinished } from './exact-or-unfinished.js';
import { branchOf, join, keptFound, type Flow } from './flow.js';
import { handlersOf, type Handled } from './handlers.js';
import { assignedIn } from './loop-assigned.js';
import { forgetAll } from './loop-unfinished.js';
import { refusePartialEffects } from './partial-effects.js';
import { savepoint } from './savepoint.js';
import { scopedName } from './scoped-name.js';
import { stepsInto } from './step.js';
import { todo } from './todo.js';

export function handledBlock(step: Block, context: StepsContext, flow: Flow, out: Line[]): void {
  exactOrUnfinished(
    () => {
      exact(step, context, flow, out);
    },
    (why) => {
      unfinished(step, why, context, flow, out);
    },
    context,
    flow,
    out,
  );
}

/** The statements that it guards are laid out behind the piece to finish. */
function unfinished(step: Block, why: string, context: StepsContext, flow: Flow, out: Line[]): void {
  const conditions = step.handlers.flatMap((handler) => handler.conditions).join(', ');
  const line = step.handlers[0]?.line ?? step.line;
  out.push(...todo({ sql: `EXCEPTION WHEN ${conditions}`, line, why }, context));
  stepsInto(step.statements, context, flow, out);
  forgetAll(step, flow);
  flow.ended = false;
}

function exact(step: Block, context: StepsContext, flow: Flow, out: Line[]): void {
  refusePartialEffects(step, context);
  const assigned = assignedIn({ ...step, handlers: [] });
  const entry = branchOf(flow);
  const exits = context.loops.map((loop) => [loop.exits.length, loop.turns.length] as const);
  const handle = scopedName('savepoint', context);
  const error = scopedName('error', context);
  context.guarded += 1;
  const { body, inner, certain } = guardedSteps(step, assigned, context, flow);
  context.guarded -= 1;
  const start = handlerStart(entry, inner, assigned, certain, context);
  const handled = handlersOf(step, error, start, context);
  if (handled === null) {
    // Whatever happens is raised again.
    out.push(...body);
    Object.assign(flow, inner);
    return;
  }
  const saves = sends(body) && !(handled.flows.every(({ ended }) => ended) && onlyRaises(handled));
  out.push({
    kind: 'try',
    body: saves ? savepoint(body, handle, inner.ended, context) : body,
    error,
    handler: handled.lines,
  });
  if (saves) forgetInside(assigned, exits, inner, context);
  remember(assigned, entry, inner, context);
  join(flow, [inner, ...handled.flows]);
  behind(flow, entry);
  if (saves) flow.statements += 2;
}

/** The steps in a closure: what was known of variables that are not constant is not known to TypeScript there. */
function guardedSteps(
  step: Block,
  assigned: ReadonlySet<number>,
  context: StepsContext,
  flow: Flow,
): { readonly body: readonly Line[]; readonly inner: Flow; readonly certain: ReadonlySet<number> } {
  const inner = branchOf(flow);
  for (const id of [...context.locals.keys(), ...assigned]) forgetFacts(id, inner);
  const body: Line[] = [];
  const [first, ...rest] = step.statements;
  if (first !== undefined) stepsInto([first], context, inner, body);
  // Its arguments were taken whatever it failed of, unless it failed of them, which no handler may see.
  const certain = first?.kind === 'execute-sql' || first?.kind === 'perform' ? inner.sent : flow.sent;
  const sent = new Set(refusesNothing(step) ? certain : flow.sent);
  stepsInto(rest, context, inner, body);
  return { body, inner, certain: sent };
}

/** No handler catches what a wrong argument raises (class 22, and 23 of a domain). */
function refusesNothing(step: Block): boolean {
  return step.handlers.every(({ conditions }) =>
    conditions.every((condition) =>
      /^(unique|foreign_key|exclusion)_violation$|^23(503|505|P01)$/i.test(condition),
    ),
  );
}

/** What holds where a handler begins: the variables are as the error left them. */
function handlerStart(
  entry: Flow,
  inner: Flow,
  assigned: ReadonlySet<number>,
  certain: ReadonlySet<number>,
  context: StepsContext,
): Flow {
  const start = branchOf(entry);
  for (const id of assigned) {
    forgetFacts(id, start);
    if (start.bindings.get(id)?.kind !== 'local') start.bindings.set(id, { kind: 'unknown' });
  }
  for (const position of certain) start.sent.add(position);
  start.found = context.foundName === null ? { kind: 'unknown' } : keptFound;
  start.rowCount = null;
  start.steady = { rows: new Set(), at: -1 };
  start.statements = Math.max(inner.statements, inner.peak);
  start.reads = inner.reads;
  for (const table of inner.unlocked) start.unlocked.add(table);
  return start;
}

/** What is known of a variable that the block does not assign is known behind it. */
function remember(assigned: ReadonlySet<number>, entry: Flow, inner: Flow, context: StepsContext): void {
  for (const id of context.locals.keys())
    if (!assigned.has(id)) for (const fact of entry.known) if (isFactOf(fact, id)) inner.known.add(fact);
}

/** TypeScript does not see what a closure assigns. */
function forgetInside(
  assigned: ReadonlySet<number>,
  exits: readonly (readonly [number, number])[],
  inner: Flow,
  context: StepsContext,
): void {
  const left = context.loops.flatMap((loop, index) => {
    const [exit = 0, turn = 0] = exits[index] ?? [];
    return [...loop.exits.slice(exit), ...loop.turns.slice(turn)];
  });
  for (const flow of [inner, ...left]) for (const id of assigned) forgetFacts(id, flow);
}

function forgetFacts(id: number, flow: Flow): void {
  for (const fact of [...flow.known]) if (isFactOf(fact, id)) flow.known.delete(fact);
}

function isFactOf(fact: string, id: number): boolean {
  return fact === `v${id}` || fact.startsWith(`v${id}.`);
}

function onlyRaises({ lines }: Handled): boolean {
  return !sends(lines) && !/"kind":"(return|break|continue)"/.test(JSON.stringify(lines));
}

function sends(code: readonly Line[]): boolean {
  return JSON.stringify(code).includes('"kind":"executor"');
}
