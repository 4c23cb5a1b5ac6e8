/**
 * Loops that say the same with less: each loop over a query has a record of its own where nothing but its turns reads
 * it, and a loop that only returns its rows is RETURN QUERY.
 */
import type { Step, Target, Variable } from '../../3-parse/body.js';
import type { Catalog } from '../../1-read/catalog.js';
import { asReturnQuery } from '../../4-classify/returning-loop.js';
import type { StepList } from './normalize.js';
import { assignedBy, innerLists, readsIn } from './variable-uses.js';

export function withOwnTargets({ steps, variables }: StepList, catalog: Catalog): StepList {
  const all = [...variables];
  const split = variables.reduce((list, { id }) => ownTargets(id, list, all), steps);
  return { steps: returningQueries(split, all, catalog), variables: all };
}

type Loop = Extract<Step, { kind: 'for-query' | 'foreach' }>;

function ownTargets(id: number, steps: readonly Step[], variables: Variable[]): readonly Step[] {
  const loops = loopsInto(id, steps);
  const [, ...others] = loops;
  const read = loops.reduce((sum, loop) => sum + readsIn(loop.body, id).length, 0);
  const assigned = assignments(id, steps);
  const nested = loops.some((loop) => loopsInto(id, loop.body).length > 0);
  if (others.length === 0 || nested || assigned !== loops.length || read !== readsIn(steps, id).length)
    return steps;
  const ids = new Map<unknown, number>();
  for (const loop of others) {
    const variable = variables[id];
    if (variable === undefined || variable.origin !== 'declared') return steps;
    ids.set(loop, variables.length);
    variables.push({ ...variable, id: variables.length });
  }
  return replaced(steps, id, ids, null) as readonly Step[];
}

/** Loops at any depth whose one target is the variable. */
function loopsInto(id: number, steps: readonly Step[]): readonly Loop[] {
  return steps.flatMap((step) => {
    const inner = innerLists(step).flatMap((list) => loopsInto(id, list));
    const isOwn = (step.kind === 'for-query' || step.kind === 'foreach') && isOnly(targetsOf(step), id);
    return isOwn ? [step, ...inner] : inner;
  });
}

function targetsOf(step: Loop): readonly Target[] {
  return step.kind === 'for-query' ? step.target : [step.target];
}

function isOnly([target, ...others]: readonly Target[], id: number): boolean {
  return target?.kind === 'variable' && target.variable === id && others.length === 0;
}

function assignments(id: number, steps: readonly Step[]): number {
  return steps.reduce((sum, step) => {
    const own = assignedBy(step).filter((one) => one === id).length;
    return sum + own + innerLists(step).reduce((inner, list) => inner + assignments(id, list), 0);
  }, 0);
}

/** Inside a loop of the map the variable has another id. */
function replaced(
  value: unknown,
  id: number,
  ids: ReadonlyMap<unknown, number>,
  now: number | null,
): unknown {
  if (Array.isArray(value)) return value.map((item) => replaced(item, id, ids, now));
  if (typeof value !== 'object' || value === null) return value;
  const own = ids.get(value) ?? now;
  const entries = Object.entries(value).map(([key, inner]) => [key, replaced(inner, id, ids, own)] as const);
  const copy = Object.fromEntries(entries);
  return own !== null && copy['kind'] === 'variable' && copy['variable'] === id
    ? { ...copy, variable: own }
    : copy;
}

function returningQueries(
  steps: readonly Step[],
  variables: readonly Variable[],
  catalog: Catalog,
  around: readonly Step[] = steps,
): readonly Step[] {
  return steps.map((step): Step => {
    const query = asReturnQuery(step, around, variables, catalog);
    if (query !== null) return query;
    const lists = new Map<unknown, readonly Step[]>(
      innerLists(step).map((list) => [list, returningQueries(list, variables, catalog, around)]),
    );
    return lists.size === 0 ? step : (withLists(step, lists) as Step);
  });
}

function withLists(value: unknown, lists: ReadonlyMap<unknown, readonly Step[]>): unknown {
  const list = lists.get(value);
  if (list !== undefined) return list;
  if (Array.isArray(value)) return value.map((item) => withLists(item, lists));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withLists(inner, lists)]));
}
