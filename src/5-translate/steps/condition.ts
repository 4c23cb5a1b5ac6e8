/** A condition of a step as the test of an `if`, and what holds where it was true or false. */
import type { Expression, VariableReference } from '../../3-parse/expression.js';
import type { Code, Line } from '../code.js';
import { isTrue } from '../javascript/condition.js';
import { calledValue, generated } from './call-routine.js';
import { columnTests } from './column-tests.js';
import type { StepsContext } from './context.js';
import { existence } from './existence.js';
import type { Flow, Row } from './flow.js';
import { recordNullTest } from './record-null-test.js';
import { evaluated } from './send.js';
import { factKey, jsScope } from './read-variable.js';

export interface Condition {
  readonly test: Code;
  /** Applied to the branch that runs when it is true, and to what follows when it is not. */
  readonly whenTrue: readonly Fact[];
  readonly whenFalse: readonly Fact[];
}

export type Fact =
  { readonly kind: 'not-null'; readonly key: string } | { readonly kind: 'present'; readonly row: string };

/** What the test needs before it is put into `out`. */
export function conditionOf(node: Expression, context: StepsContext, flow: Flow, out: Line[]): Condition {
  const seen = columnTests(withRowTests(node, context, flow), context, flow);
  const checked = [...context.checked];
  const computed = isTrue(seen, jsScope(context, flow));
  if (computed !== null) {
    return {
      test: asTest(computed),
      whenTrue: facts(seen, 'is-true', context, flow),
      whenFalse: facts(seen, 'is-not-true', context, flow),
    };
  }
  restore(context.checked, checked);
  const called = calledTest(node, context, flow, out);
  if (called !== null) return { test: called, whenTrue: [], whenFalse: [] };
  return existence(node, context, flow, out) ?? asked(node, context, flow, out);
}

export function apply(found: readonly Fact[], flow: Flow): void {
  for (const fact of found) {
    if (fact.kind === 'not-null') flow.known.add(fact.key);
    else flow.present.add(fact.row);
  }
}

/** `await isOpen(tx, …)`, or that it is false: NOT of NULL is not true. */
function calledTest(node: Expression, context: StepsContext, flow: Flow, out: Line[]): Code | null {
  const operand = node.kind === 'not' ? node.operands[0] : node;
  const call = operand === undefined ? null : calledValue(operand, 16, context, flow, out);
  if (call === null) return null;
  const value: Code = { kind: 'await', value: call };
  if (node.kind !== 'not') return value;
  if (operand?.kind === 'call' && generated(operand, context)?.nullable === false)
    return { kind: 'not', value };
  return { kind: 'binary', operator: '===', left: value, right: { kind: 'keyword', value: 'false' } };
}

/** PostgreSQL tells; NULL is no truth value. */
function asked(node: Expression, context: StepsContext, flow: Flow, out: Line[]): Condition {
  const { code } = evaluated(node, '', 16, context, flow, out);
  return { test: code, whenTrue: [], whenFalse: [] };
}

/**
 * `v IS NULL` of a column that is never NULL, in a row that may be missing, asks for the row; so that the reader
 * and the compiler know that it is there afterwards.
 */
function withRowTests(node: Expression, context: StepsContext, flow: Flow): Expression {
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null) return value;
    const one = value as Expression;
    if (one.kind === 'null-test' && one.operand.kind === 'variable') {
      const record = one.operand.path.length === 0 ? flow.bindings.get(one.operand.variable) : undefined;
      if (record?.kind === 'record')
        return recordNullTest(one, one.operand, record, () => rowIsThere(record.row, context, flow));
      const row = rowBehind(one.operand, flow);
      if (row !== null) {
        const test = rowTest(row, context);
        return one.negated ? test : { kind: 'not', operands: [test], type: 16 };
      }
    }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, visit(inner)]));
  };
  return visit(node) as Expression;
}

function rowIsThere(row: Row, context: StepsContext, flow: Flow): Expression {
  if (!row.certain && !flow.present.has(row.name)) return rowTest(row, context);
  return { kind: 'literal', literal: 'boolean', text: 'true', type: 16 };
}

function rowBehind(node: VariableReference, flow: Flow): Row | null {
  const binding = flow.bindings.get(node.variable);
  const [field] = node.path;
  const own =
    field === undefined ? binding : binding?.kind === 'record' ? binding.fields.get(field) : undefined;
  if (own?.kind !== 'field' || own.nullable || own.row.certain || flow.present.has(own.row.name)) return null;
  return own.row;
}

function rowTest(row: Row, context: StepsContext): VariableReference {
  const id = -1 - context.rowTests.size;
  context.rowTests.set(id, row);
  return { kind: 'variable', variable: id, name: row.name, path: [], type: 16, inferred: 16 };
}

/** A condition that is not true may be NULL: only a test that is true or false tells of its operands. */
type Truth = 'is-true' | 'is-false' | 'is-not-true' | 'is-not-false';

const opposite: Readonly<Record<Truth, Truth>> = {
  'is-true': 'is-false',
  'is-false': 'is-true',
  'is-not-true': 'is-not-false',
  'is-not-false': 'is-not-true',
};

function facts(node: Expression, truth: Truth, context: StepsContext, flow: Flow): readonly Fact[] {
  const holds = truth === 'is-true' || truth === 'is-not-false';
  switch (node.kind) {
    case 'not':
      return node.operands.flatMap((operand) => facts(operand, opposite[truth], context, flow));
    case 'and':
    case 'or':
      return (node.kind === 'and') === holds || node.operands.length === 1
        ? node.operands.flatMap((operand) => facts(operand, truth, context, flow))
        : [];
    case 'null-test':
      return node.negated === holds ? known(node.operand, flow) : [];
    case 'operator':
      if (truth === 'is-not-true' || truth === 'is-not-false' || node.left === null) return [];
      return /^(=|<>|!=|<|<=|>|>=)$/.test(node.operator)
        ? [...known(node.left, flow), ...known(node.right, flow)]
        : [];
    case 'variable': {
      if (!holds) return [];
      const tested = context.rowTests.get(node.variable);
      if (tested !== undefined) return [{ kind: 'present', row: tested.name }];
      const isFound = context.variables[node.variable]?.origin === 'found';
      return isFound && flow.found.kind === 'row' ? [{ kind: 'present', row: flow.found.row.name }] : [];
    }
    default:
      return [];
  }
}

/** TypeScript follows a test of a name, or of a property of a row, which is there then. */
function known(node: Expression, flow: Flow): readonly Fact[] {
  if (node.kind === 'parameter')
    return node.path.length === 0 ? [{ kind: 'not-null', key: `p${node.position}` }] : [];
  if (node.kind !== 'variable') return [];
  const binding = flow.bindings.get(node.variable);
  const [field] = node.path;
  const own =
    field === undefined ? binding : binding?.kind === 'record' ? binding.fields.get(field) : undefined;
  if (own?.kind !== 'local' && own?.kind !== 'field') return [];
  const present = own.kind === 'field' && !own.row.certain && !flow.present.has(own.row.name);
  return [
    { kind: 'not-null', key: factKey(node) },
    ...(present ? [{ kind: 'present', row: own.row.name } as const] : []),
  ];
}

/** In a test, a row that is there is truth enough. */
function asTest(code: Code): Code {
  if (code.kind !== 'binary') {
    return code.kind === 'not' ? { kind: 'not', value: asTest(code.value) } : code;
  }
  if (isTrueTest(code)) return asTest(code.left);
  if (isLength(code.left) && code.operator === '<=') return { ...code, operator: '===' };
  const count = countedRows(code);
  if (count !== null) return code.operator === '>' ? count : { kind: 'not', value: count };
  const undefinedRight = code.right.kind === 'keyword' && code.right.value === 'undefined';
  if (undefinedRight && code.operator === '!==') return code.left;
  if (undefinedRight && code.operator === '===') return { kind: 'not', value: code.left };
  if (code.operator !== '&&' && code.operator !== '||') return code;
  const left = asTest(code.left);
  return { ...code, left, right: withRows(asTest(code.right), rowsThere(left, code.operator)) };
}

/** Names that are there where the right side of `a && …` or `!a || …` is looked at. */
function rowsThere(left: Code, operator: string): ReadonlySet<string> {
  if (left.kind === 'binary' && left.operator === operator)
    return new Set([...rowsThere(left.left, operator), ...rowsThere(left.right, operator)]);
  const row = operator === '&&' ? left : left.kind === 'not' ? left.value : null;
  return new Set(row?.kind === 'local' ? [row.name] : []);
}

/** `row?.note` as `row.note` where the row is there. */
function withRows(value: Code, rows: ReadonlySet<string>): Code {
  const visit = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(visit);
    if (typeof inner !== 'object' || inner === null) return inner;
    const code = inner as Code;
    if (code.kind === 'member' && code.object.kind === 'local' && rows.has(code.object.name))
      return { kind: 'member', object: code.object, property: code.property } satisfies Code;
    return Object.fromEntries(Object.entries(inner).map(([key, each]) => [key, visit(each)]));
  };
  return rows.size === 0 ? value : (visit(value) as Code);
}

function isLength(code: Code): boolean {
  return code.kind === 'member' && code.property === 'length';
}

/** `x === true`, `x ?? false` and, for its opposite, `x !== true`: null and undefined are no truth. */
function isTrueTest({ operator, right }: Extract<Code, { kind: 'binary' }>): boolean {
  if (right.kind !== 'keyword') return false;
  return (operator === '===' && right.value === 'true') || (operator === '??' && right.value === 'false');
}

/** The count in `(result.rowCount ?? 0) > 0`: no rows and no count are no truth. */
function countedRows({ operator, left, right }: Extract<Code, { kind: 'binary' }>): Code | null {
  if ((operator !== '>' && operator !== '<=') || right.kind !== 'number' || right.text !== '0') return null;
  const count = left.kind === 'binary' && left.operator === '??' ? left.left : left;
  return count.kind === 'member' && /^(rowCount|count|affectedRows)$/.test(count.property) ? count : null;
}

function restore(set: Set<number>, items: readonly number[]): void {
  set.clear();
  for (const item of items) set.add(item);
}
