/** How often each variable is assigned and where it is read, which decides between a constant and `let`. */
import type { Step, Target } from '../../3-parse/body.js';
import type { Expression, VariableReference } from '../../3-parse/expression.js';
import { walk } from '../../4-classify/walk-body.js';

export interface VariableUse {
  /** Steps that assign it. */
  readonly definitions: number;
  /** One assignment, before which nothing reads it, in a list of steps that holds every read. */
  readonly single: boolean;
  /** Names of the fields that are read; the variable as a whole counts for `whole`. */
  readonly fields: ReadonlySet<string>;
  readonly whole: boolean;
  /** Every read stands inside an SQL statement, none in a condition or a returned value of its own. */
  readonly onlyInStatements: boolean;
  /** As a whole it is only returned by itself, or tested for NULL. */
  readonly wholeReturned: boolean;
  /** As a whole it is only tested for NULL. */
  readonly wholeTested: boolean;
}

/** `outs`: variables that every way out of the body reads. */
export function variableUses(
  steps: readonly Step[],
  count: number,
  outs: readonly number[] = [],
): readonly VariableUse[] {
  return Array.from({ length: count }, (_, id) => {
    const use = useOf(id, steps);
    const reached =
      !outs.includes(id) || steps.some((step) => !isLoop(step) && assignedBy(step).includes(id));
    return { ...use, single: use.single && reached };
  });
}

const loops = new Set(['for-query', 'for-range', 'foreach', 'while', 'loop']);

function isLoop(step: Step): boolean {
  return loops.has(step.kind);
}

/** Ids of the variables that a step assigns by itself, not counting the steps inside. */
export function assignedBy(step: Step): readonly number[] {
  const of = (target: Target): readonly number[] =>
    target.kind === 'unsupported-target' ? [] : [target.variable];
  switch (step.kind) {
    case 'assign':
    case 'foreach':
      return of(step.target);
    case 'execute-sql':
      return (step.into?.targets ?? []).flatMap(of);
    case 'get-diagnostics':
      return step.items.flatMap((item) => of(item.target));
    case 'for-query':
      return step.target.flatMap(of);
    case 'for-range':
      return [step.variable];
    default:
      return [];
  }
}

/** The lists of steps directly inside a step. */
export function innerLists(step: Step): readonly (readonly Step[])[] {
  switch (step.kind) {
    case 'if':
    case 'case':
      return [...step.branches.map((branch) => branch.then), ...(step.otherwise ? [step.otherwise] : [])];
    case 'block':
      return [step.statements, ...step.handlers.map((handler) => handler.statements)];
    case 'for-query':
    case 'for-range':
    case 'foreach':
    case 'while':
    case 'loop':
      return [step.body];
    default:
      return [];
  }
}

function useOf(id: number, steps: readonly Step[]): VariableUse {
  const reads = readsIn(steps, id);
  const definitions = definitionsIn(steps, id);
  const wholes = reads.filter((read) => read.path.length === 0).length;
  return {
    definitions,
    single: definitions === 1 && dominated(steps, id),
    fields: new Set(reads.flatMap((read) => read.path.slice(0, 1))),
    whole: reads.some((read) => read.path.length === 0),
    onlyInStatements: !readOutside(steps, id),
    wholeReturned: wholes === standing(steps, id, true),
    wholeTested: wholes === standing(steps, id, false),
  };
}

function definitionsIn(steps: readonly Step[], id: number): number {
  let found = 0;
  for (const step of steps) {
    if (assignedBy(step).includes(id)) found += 1;
    for (const list of innerLists(step)) found += definitionsIn(list, id);
  }
  return found;
}

function dominated(steps: readonly Step[], id: number): boolean {
  const at = steps.findIndex((step) => assignedBy(step).includes(id));
  const target = steps[at];
  // What a loop assigns is new at every turn, as long as nothing reads it outside.
  if (target !== undefined && isLoop(target))
    return (
      readsIn(steps, id).length ===
      innerLists(target).reduce((sum, list) => sum + readsIn(list, id).length, 0)
    );
  if (at >= 0) return readsIn(steps.slice(0, at + 1), id).length === 0;
  const holder = steps.findIndex((step) => definitionsIn([step], id) > 0);
  const step = steps[holder];
  if (step === undefined) return false;
  const others = [...steps.slice(0, holder), ...steps.slice(holder + 1)];
  if (readsIn(others, id).length > 0) return false;
  const lists = innerLists(step);
  const list = lists.find((each) => definitionsIn(each, id) > 0) ?? [];
  const inside = readsIn(list, id).length;
  return readsIn([step], id).length === inside && dominated(list, id);
}

export function readsIn(value: unknown, id: number): readonly VariableReference[] {
  const found: VariableReference[] = [];
  walk(value, null, ({ node }) => {
    const read = node as unknown as VariableReference;
    if (node.kind === 'variable' && read.variable === id && 'inferred' in node) found.push(read);
  });
  return found;
}

/** Is it read by anything but a statement or the value of another assignment? */
function readOutside(steps: readonly Step[], id: number): boolean {
  return steps.some((step) => {
    if (innerLists(step).some((list) => readOutside(list, id))) return true;
    switch (step.kind) {
      case 'execute-sql':
      case 'perform':
      case 'return-query':
        return false;
      case 'if':
        return (
          readsIn(
            step.branches.map((branch) => branch.condition),
            id,
          ).length > 0
        );
      case 'case':
        return readsIn([step.subject, step.branches.map((branch) => branch.values)], id).length > 0;
      default:
        return readsIn(step, id).length > 0;
    }
  });
}

/** Reads of the whole variable as the operand of IS NULL, and with `returned` as the value of RETURN. */
function standing(steps: readonly Step[], id: number, returned: boolean): number {
  let found = 0;
  const isWhole = (value: unknown): boolean => {
    const read = value as VariableReference | null;
    return read?.kind === 'variable' && read.variable === id && read.path.length === 0;
  };
  walk(steps, null, ({ node }) => {
    if (node.kind === 'null-test' && (returned || node['negated'] === false) && isWhole(node['operand']))
      found += 1;
    if (returned && /^return(-next)?$/.test(node.kind))
      found += returnedItems(node['value'] as Expression | null).filter(isWhole).length;
  });
  return found;
}

function returnedItems(value: Expression | null): readonly (Expression | null)[] {
  if (value?.kind === 'cast' && value.operand.kind === 'row') return value.operand.items;
  return value?.kind === 'row' ? value.items : [value];
}
