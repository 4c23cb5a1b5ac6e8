/** Reasons that the functions give which a body calls, its own routines' calls included. */
import type { Catalog, Routine } from '../1-read/catalog.js';
import { nameLookup, searchPathOf } from '../3-parse/name-lookup.js';
import type { NamedFunction } from './called-functions.js';
import { reasonOfFunction, reasonOfValueFunction } from './called-functions.js';
import { textFacts } from './text-facts.js';
import type { RoutineReason } from './verdict.js';
import type { Visited } from './walk-body.js';

/** Of one node. */
export function callReasons(visited: Visited, routine: Routine, catalog: Catalog): readonly RoutineReason[] {
  const { node, line } = visited;
  if (node.kind === 'value-function') {
    const id = reasonOfValueFunction(String(node['name']));
    return id ? [{ id, detail: String(node['name']).toUpperCase(), line }] : [];
  }
  if (node.kind.startsWith('unsupported') && node['called'] === undefined)
    return reasonsOfText(typeof node['sql'] === 'string' ? node['sql'] : '', routine, catalog, line);
  if (node.kind !== 'call') return [];
  const called: NamedFunction = {
    schema: node['schema'] as string | null,
    name: String(node['name']),
    local: isLocal(node['arguments']),
  };
  const target = catalog.routines.find((each) => each.oid === node['routine']);
  return reasonsOfCall(called, target ?? null, routine, catalog, line);
}

function reasonsOfCall(
  called: NamedFunction,
  target: Routine | null,
  routine: Routine,
  catalog: Catalog,
  line: number | null,
): readonly RoutineReason[] {
  if (target?.oid === routine.oid) return ofItself(routine, line);
  const named =
    target === null || target.schema === 'auth' || target.extension !== null
      ? reasonOfFunction(target ? { ...called, schema: target.schema } : called)
      : null;
  const name = called.schema === null ? called.name : `${called.schema}.${called.name}`;
  if (named) return [{ id: named, detail: `${name}()`, line }];
  return target ? reasonsThrough(target, routine, catalog, line) : [];
}

function ofItself(routine: Routine, line: number | null): readonly RoutineReason[] {
  return mayRecur(routine) ? [] : [{ id: 'recursive', detail: `${routine.schema}.${routine.name}`, line }];
}

/** Steps may call the function that they become; a statement cannot. */
function mayRecur({ language }: Routine): boolean {
  return language === 'plpgsql';
}

/**
 * What a called routine does, to any depth, is done by the caller. Only what makes a difference while
 * the call stays a call counts: dynamic SQL inside a routine that is still called does not.
 */
export function reasonsThrough(
  first: Routine,
  routine: Routine,
  catalog: Catalog,
  line: number | null,
): readonly RoutineReason[] {
  const seen = new Set<number>([first.oid]);
  const queue: { readonly routine: Routine; readonly path: readonly string[]; readonly recurs: boolean }[] = [
    { routine: first, path: [first.name], recurs: mayRecur(routine) && mayRecur(first) },
  ];
  const found: RoutineReason[] = [];
  for (let step = queue.shift(); step; step = queue.shift()) {
    const { path, recurs } = step;
    const facts = textFacts(step.routine.sqlBody ?? step.routine.source);
    const through = (detail: string): string => `${detail} through ${path.join(' → ')}`;
    // What it read of its caller are arguments of it now.
    const given = step.routine.identity !== undefined;
    for (const name of facts.valueFunctions) {
      const id = reasonOfValueFunction(name);
      if (id && !(given && id === 'identity')) found.push({ id, detail: through(name.toUpperCase()), line });
    }
    if (step.routine.kind === 'procedure')
      for (const word of facts.endings)
        found.push({ id: 'transaction-control', detail: through(word), line });
    const lookup = nameLookup(catalog, searchPathOf(step.routine, catalog));
    for (const called of facts.calls) {
      const targets = lookup.routines(called.schema, called.name).filter((each) => each.extension === null);
      const id = targets.length === 0 || called.schema === 'auth' ? reasonOfFunction(called) : null;
      if (id && !(given && id === 'identity')) found.push({ id, detail: through(`${called.name}()`), line });
      for (const target of targets) {
        if (target.oid === routine.oid && !recurs)
          found.push({ id: 'recursive', detail: through(`${routine.name}()`), line });
        if (seen.has(target.oid) || target.oid === routine.oid) continue;
        seen.add(target.oid);
        queue.push({ routine: target, path: [...path, target.name], recurs: recurs && mayRecur(target) });
      }
    }
  }
  return found;
}

function reasonsOfText(
  text: string,
  routine: Routine,
  catalog: Catalog,
  line: number | null,
): readonly RoutineReason[] {
  const facts = textFacts(text);
  const lookup = nameLookup(catalog, searchPathOf(routine, catalog));
  const calls = facts.calls.flatMap((called) =>
    reasonsOfCall(
      called,
      lookup.routines(called.schema, called.name).find((each) => each.extension === null) ?? null,
      routine,
      catalog,
      line,
    ),
  );
  const values = facts.valueFunctions.flatMap((name): RoutineReason[] => {
    const id = reasonOfValueFunction(name);
    return id ? [{ id, detail: name.toUpperCase(), line }] : [];
  });
  return [...calls, ...values];
}

function isLocal(values: unknown): boolean {
  const third: unknown = Array.isArray(values) ? values[2] : undefined;
  if (typeof third !== 'object' || third === null || !('value' in third)) return false;
  const value = third.value as Readonly<Record<string, unknown>>;
  return value['kind'] === 'literal' && value['text'] === 'true';
}
