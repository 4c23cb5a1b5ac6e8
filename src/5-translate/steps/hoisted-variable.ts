/** The variable that a called function's value gets before the step that reads it. */
import type { Step, Variable } from '../../3-parse/body.js';
import type { Expression, FunctionCall } from '../../3-parse/expression.js';
import { walk } from '../../4-classify/walk-body.js';

export function variableFor(call: FunctionCall, type: number | null, id: number, line: number): Variable {
  return {
    id,
    name: nameOf(call.name),
    origin: 'declared',
    type,
    typmod: -1,
    constant: false,
    notNull: false,
    default: null,
    line,
  };
}

/** A constant, or an argument that no caller gives as NULL. */
export function isPresent(node: Expression, nullable: ReadonlySet<number>): boolean {
  if (node.kind === 'literal') return true;
  if (node.kind === 'cast') return isPresent(node.operand, nullable);
  return node.kind === 'parameter' && node.path.length === 0 && !nullable.has(node.position);
}

/** How many of them may be NULL? */
export function absent(operands: readonly Expression[], nullable: ReadonlySet<number>): number {
  return operands.filter((each) => !isPresent(each, nullable)).length;
}

/** An expression of PL/pgSQL without a subquery has a plan that knows no value but constants; a statement's may. */
export function evaluatesAll(node: Expression, step: Step): boolean {
  if (!/^(?:assign|return|raise|if)$/.test(step.kind)) return false;
  let known = false;
  walk(node, null, ({ node: one }) => (known ||= one.kind === 'select' || one.kind === 'null'));
  return !known;
}

/** Does it call a routine of which this is true? */
export function callsWhere(tree: unknown, test: (routine: number) => boolean): boolean {
  let found = false;
  walk(tree, null, ({ node }) => {
    const routine = node.kind === 'call' ? node['routine'] : null;
    if (typeof routine === 'number' && test(routine)) found = true;
  });
  return found;
}

/** Does any of it read tables, or call another routine? */
export function reads(nodes: unknown): boolean {
  let found = false;
  walk(nodes, null, ({ node }) => {
    if (node.kind === 'table' || node.kind.startsWith('unsupported')) found = true;
    if (node.kind === 'call' && (typeof node['routine'] === 'number' || node['volatile'] === true))
      found = true;
  });
  return found;
}

/** `calculate_discount` to `discount`, for what the function gives; it must not hide the function itself. */
function nameOf(routine: string): string {
  const verb = /^(?:fn|func|get|calc|calculate|compute|determine|find|fetch|check|is|has|can)_+(?=[a-z])/i;
  const bare = routine.replace(verb, '');
  return bare === routine ? `${routine}_result` : bare;
}
