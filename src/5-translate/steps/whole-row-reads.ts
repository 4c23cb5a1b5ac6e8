/** How a row variable is read as a whole, which tells whether one variable a field can stand for it. */
import type { Step } from '../../3-parse/body.js';
import type { Expression, RowConstructor, VariableReference } from '../../3-parse/expression.js';
import { walk } from '../../4-classify/walk-body.js';
import { assignedBy, innerLists, readsIn } from './variable-uses.js';

/** As a whole it is only returned, assigned or tested for NULL. */
export function wholeReadsFit(id: number, steps: readonly Step[]): boolean {
  const isWhole = (node: unknown): boolean => {
    const read = node as VariableReference | null;
    return read?.kind === 'variable' && read.variable === id && read.path.length === 0;
  };
  let fitting = 0;
  walk(steps, null, ({ node }) => {
    if (node.kind === 'null-test' && isWhole(node['operand'])) fitting += 1;
    if (['return', 'return-next', 'assign'].includes(node.kind) && isWhole(node['value'])) fitting += 1;
  });
  return readsIn(steps, id).filter(({ path }) => path.length === 0).length === fitting;
}

/**
 * Wherever it is read it holds a row, be it one of NULLs: NULL in the place of a row is written and compared
 * differently. A statement that finds nothing leaves a row of NULLs (exec_move_row in pl_exec.c).
 */
export function isAlwaysRow(
  id: number,
  steps: readonly Step[],
  seen: ReadonlySet<number> = new Set(),
): boolean {
  const holdsRow = (other: number): boolean => {
    return !seen.has(other) && other !== id && isAlwaysRow(other, steps, new Set([...seen, id]));
  };
  return startsAsRow(id, steps) && assignsRows(id, steps, holdsRow);
}

/** `ROW(…)` and `(…)::type`. */
export function rowOf(node: Expression): RowConstructor | null {
  if (node.kind === 'cast') return rowOf(node.operand);
  return node.kind === 'row' ? node : null;
}

/** The first step that mentions it assigns it, in a list that holds all of them. */
function startsAsRow(id: number, steps: readonly Step[]): boolean {
  const mentions = steps.filter((step) => assigns(step, id) || readsIn(step, id).length > 0);
  const [first, ...others] = mentions;
  if (first === undefined) return false;
  if (assignedBy(first).includes(id)) {
    const read = first.kind === 'assign' ? readsIn(first.value, id) : [];
    return read.length === 0;
  }
  if (others.length > 0) return isAssignedOnEveryWay(first, id);
  const lists = innerLists(first).filter((list) => list.some((step) => mentionsIn(step, id)));
  const inside = lists.reduce((sum, list) => sum + readsIn(list, id).length, 0);
  return inside === readsIn(first, id).length && lists.every((list) => startsAsRow(id, list));
}

/** A step of several ways, or a block, behind which it holds a row: each way assigns it before it reads it, or ends. */
function isAssignedOnEveryWay(step: Step, id: number): boolean {
  // A CASE without ELSE fails where no branch fits.
  const whole = (step.kind === 'if' && step.otherwise !== null) || step.kind === 'case';
  if (!whole && !(step.kind === 'block' && step.handlers.length === 0)) return false;
  const lists = innerLists(step);
  const inside = lists.reduce((sum, list) => sum + readsIn(list, id).length, 0);
  return inside === readsIn(step, id).length && lists.every((list) => isAssignedIn(list, id));
}

function isAssignedIn(steps: readonly Step[], id: number): boolean {
  const first = steps.find((step) => mentionsIn(step, id));
  if (first === undefined) return endsBody(steps.at(-1));
  if (!assignedBy(first).includes(id)) return isAssignedOnEveryWay(first, id);
  return first.kind !== 'assign' || readsIn(first.value, id).length === 0;
}

function endsBody(step: Step | undefined): boolean {
  return step?.kind === 'return' || (step?.kind === 'raise' && step.level === 'exception');
}

/** `holdsRow`: of another variable that is assigned to it. */
function assignsRows(id: number, steps: readonly Step[], holdsRow: (other: number) => boolean): boolean {
  return steps.every((step) => {
    const whole = step.kind === 'assign' && step.target.kind === 'variable' && step.target.variable === id;
    const fits = !whole || rowOf(step.value) !== null || isRowVariable(step.value, holdsRow);
    return fits && innerLists(step).every((list) => assignsRows(id, list, holdsRow));
  });
}

function isRowVariable(value: Expression, holdsRow: (other: number) => boolean): boolean {
  return value.kind === 'variable' && value.path.length === 0 && holdsRow(value.variable);
}

function assigns(step: Step, id: number): boolean {
  return (
    assignedBy(step).includes(id) || innerLists(step).some((list) => list.some((one) => assigns(one, id)))
  );
}

function mentionsIn(step: Step, id: number): boolean {
  return assigns(step, id) || readsIn(step, id).length > 0;
}
