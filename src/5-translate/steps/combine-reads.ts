/**
 * Reads whose values only meet in a later statement, as scalar subqueries of it: one statement has one snapshot.
 * Only where each value is read once, and where PostgreSQL computes it on every run or cannot fail to compute it.
 */
import type { Catalog } from '../../1-read/catalog.js';
import type { Step, Variable } from '../../3-parse/body.js';
import type { Expression } from '../../3-parse/expression.js';
import { atMostOne } from '../../4-classify/at-most-one.js';
import { walk } from '../../4-classify/walk-body.js';
import { mayFail } from './may-fail.js';
import type { StepList } from './normalize.js';
import { isVolatile, readsTables } from './send.js';
import { assignedBy, readsIn } from './variable-uses.js';

/** The same steps with fewer reads, or the list itself where its steps are not a straight line. */
export function withCombinedReads(list: StepList, catalog: Catalog): StepList {
  if (!list.steps.every(({ kind }) => /^(execute-sql|assign|return|return-query)$/.test(kind))) return list;
  const found = list.variables.find(({ origin }) => origin === 'found');
  if (found !== undefined && readsIn(list.steps, found.id).length > 0) return list;
  let { steps } = list;
  for (let at = 0; at < steps.length;) {
    const fewer = withoutRead(at, steps, list.variables, catalog);
    if (fewer === null) at += 1;
    else steps = fewer;
  }
  return { ...list, steps };
}

/** Without the step at this place, whose value stands where its variable was read. */
function withoutRead(
  at: number,
  steps: readonly Step[],
  variables: readonly Variable[],
  catalog: Catalog,
): readonly Step[] | null {
  const step = steps[at];
  const [id] = step === undefined ? [] : assignedBy(step);
  const variable = variables.find((one) => one.id === id);
  if (step === undefined || variable === undefined || variable.origin !== 'declared') return null;
  if (variable.notNull || variable.typmod !== -1) return null;
  const value = valueOf(step, catalog);
  if (value === null || value.type === null || value.type !== variable.type || isVolatile(value)) return null;
  const reads = readsIn(steps, variable.id);
  const assigned = steps.filter((one) => assignedBy(one).includes(variable.id)).length;
  const [read, ...others] = reads;
  if (read === undefined || others.length > 0 || read.path.length > 0 || assigned !== 1) return null;
  const reader = steps.findIndex((one) => readsIn(one, variable.id).length > 0);
  const target = steps[reader];
  if (target === undefined || reader < at || isBare(target)) return null;
  const certain = target.kind !== 'execute-sql' && isCertain(valueRead(target), variable.id);
  if (!certain && canFail(value, catalog)) return null;
  const moved = withOwnRanges(value, highestRange(steps) + 1);
  const joined = replaced(target, variable.id, moved) as Step;
  return steps.flatMap((one, index) => (index === at ? [] : index === reader ? [joined] : [one]));
}

/** What the step assigns, as one expression that reads tables. */
function valueOf(step: Step, catalog: Catalog): Expression | null {
  if (step.kind === 'assign') {
    return step.target.kind === 'variable' && readsTables(step.value) ? step.value : null;
  }
  if (step.kind !== 'execute-sql' || step.statement.kind !== 'select' || step.into === null) return null;
  const { statement, into } = step;
  const [target, ...others] = statement.targets;
  const [variable, ...more] = into.targets;
  if (target === undefined || others.length > 0 || variable?.kind !== 'variable' || more.length > 0)
    return null;
  const plain = !into.strict && statement.with.length === 0 && statement.locking.length === 0;
  if (!plain || !readsTables(statement) || !atMostOne(statement, catalog)) return null;
  return { kind: 'scalar-subquery', select: statement, type: target.expression.type };
}

function valueRead(step: Step): Expression | null {
  return step.kind === 'assign' || step.kind === 'return' ? step.value : null;
}

/** RETURN of the variable itself: the read that gives it is the last statement already. */
function isBare(step: Step): boolean {
  return step.kind === 'return' && step.value?.kind === 'variable';
}

/** Is the variable evaluated whatever the rest of the expression gives? */
function isCertain(node: Expression | null, id: number): boolean {
  switch (node?.kind) {
    case 'variable':
      return node.variable === id;
    case 'operator':
      return isCertain(node.left, id) || isCertain(node.right, id);
    case 'cast':
    case 'null-test':
      return isCertain(node.operand, id);
    case 'call':
      return (
        node.routine === null && !node.aggregate && node.arguments.some(({ value }) => isCertain(value, id))
      );
    case 'coalesce':
      return isCertain(node.operands[0] ?? null, id);
    default:
      return false;
  }
}

function canFail(value: Expression, catalog: Catalog): boolean {
  return value.kind !== 'scalar-subquery' || mayFail(value.select, catalog);
}

function replaced(tree: unknown, id: number, value: Expression): unknown {
  if (Array.isArray(tree)) return tree.map((item) => replaced(item, id, value));
  if (typeof tree !== 'object' || tree === null) return tree;
  if ('kind' in tree && tree.kind === 'variable' && 'inferred' in tree && 'variable' in tree) {
    if (tree.variable === id) return value;
  }
  return Object.fromEntries(Object.entries(tree).map(([key, inner]) => [key, replaced(inner, id, value)]));
}

function highestRange(tree: unknown): number {
  let highest = 0;
  walk(tree, null, ({ node }) => {
    if (typeof node['range'] === 'number') highest = Math.max(highest, node['range']);
  });
  return highest;
}

/** Ranges of two statements have the same numbers. */
function withOwnRanges(value: Expression, first: number): Expression {
  const renumber = (tree: unknown): unknown => {
    if (Array.isArray(tree)) return tree.map(renumber);
    if (typeof tree !== 'object' || tree === null) return tree;
    const entries = Object.entries(tree).map(([key, inner]: [string, unknown]) => [
      key,
      key === 'range' && typeof inner === 'number' ? inner + first : renumber(inner),
    ]);
    return Object.fromEntries(entries) as unknown;
  };
  return renumber(value) as Expression;
}
