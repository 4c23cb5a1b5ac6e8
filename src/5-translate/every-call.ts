/**
 * Calls that PL/pgSQL makes whatever the operands beside them are. It evaluates an expression by a plan that does
 * not know what its variables hold (`exec_simple_check_plan` of pl_exec.c asks for the generic one), and so each
 * operand of it. What a query sends as parameters the planner knows: it takes NULL for `$1 || f()` where $1 is NULL
 * and false for `f() AND $1` where $1 is false, and never calls f. The value of a subquery it does not know.
 */
import type { Catalog } from '../1-read/catalog.js';
import type { Expression } from '../3-parse/expression.js';
import { selectOf } from '../4-classify/select-of.js';
import { walk } from '../4-classify/walk-body.js';
import { routineByOid } from './callees.js';
import { isPresent } from './steps/hoisted-variable.js';

interface Known {
  readonly catalog: Catalog;
  /** Positions of arguments that may be NULL. */
  readonly nullable: ReadonlySet<number>;
}

/**
 * Steps or an expression of a PL/pgSQL body, with subqueries for the parameters and variables beside calls.
 * Statements, and expressions with subqueries of their own, have plans that know the variables: they stay.
 */
export function withEveryCall<T>(tree: T, known: Known): T {
  return visit(tree, known) as T;
}

function visit(value: unknown, known: Known): unknown {
  if (Array.isArray(value)) return value.map((item) => visit(item, known));
  if (typeof value !== 'object' || value === null) return value;
  if ('kind' in value && !('line' in value)) {
    const node = value as Expression;
    const simple =
      holds(node, ({ kind }) => kind === 'call') && !holds(node, ({ kind }) => kind === 'select');
    return simple ? within(node, known) : node;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === 'statement' ? item : visit(item, known)]),
  );
}

function within(node: Expression, known: Known): Expression {
  switch (node.kind) {
    case 'operator': {
      const { left, right } = node;
      if (left === null) return { ...node, right: within(right, known) };
      return { ...node, left: beside(left, [right], known), right: beside(right, [left], known) };
    }
    case 'call': {
      const values = node.arguments.map((one) => one.value);
      if (node.aggregate || node.over !== null || !isStrict(node.routine, known.catalog))
        return inside(node, known);
      return {
        ...node,
        arguments: node.arguments.map((one) => ({ ...one, value: beside(one.value, values, known) })),
      };
    }
    case 'and':
    case 'or': {
      // What stands before a call decides about it in both.
      const operands = node.operands.map((one, index) => {
        const before = node.operands.slice(0, index).some(calls);
        return before && isOpaque(one) ? unknown(one) : within(one, known);
      });
      return { ...node, operands };
    }
    default:
      return inside(node, known);
  }
}

/** An operand of what is NULL where one of its operands is. */
function beside(node: Expression, all: readonly Expression[], known: Known): Expression {
  const asked = all.some((other) => other !== node && calls(other));
  return asked && isOpaque(node) && !isPresent(node, known.nullable) ? unknown(node) : within(node, known);
}

/** The same for all parts of a node of any other kind. */
function inside(node: Expression, known: Known): Expression {
  const visitPart = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visitPart);
    if (typeof value !== 'object' || value === null) return value;
    if ('kind' in value) return within(value as Expression, known);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, visitPart(item)]));
  };
  return Object.fromEntries(
    Object.entries(node).map(([key, item]) => [key, visitPart(item)]),
  ) as unknown as Expression;
}

/** Known to the planner in the query, but not in the routine. */
function isOpaque(node: Expression): boolean {
  return !calls(node) && holds(node, ({ kind }) => kind === 'parameter' || kind === 'variable');
}

/** Alone in its SELECT, a parameter has no type but the one that it is given. */
function unknown(node: Expression): Expression {
  const typed = node.kind === 'parameter' || node.kind === 'variable' ? { ...node, inferred: null } : node;
  return { kind: 'scalar-subquery', select: selectOf(typed, 'value', { sql: '', line: 0 }), type: node.type };
}

/** Only what may act or fail shows that it was called. */
function calls(node: Expression): boolean {
  return holds(
    node,
    (one) => one.kind === 'call' && (typeof one['routine'] === 'number' || one['volatile'] === true),
  );
}

/** Nearly all built-in functions are. */
function isStrict(routine: number | null, catalog: Catalog): boolean {
  return routine === null || (routineByOid(catalog, routine)?.strict ?? false);
}

function holds(tree: unknown, test: (node: Readonly<Record<string, unknown>>) => boolean): boolean {
  let found = false;
  walk(tree, null, ({ node }) => (found ||= test(node)));
  return found;
}
