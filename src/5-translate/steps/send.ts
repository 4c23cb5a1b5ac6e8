/** Statements and expressions that PostgreSQL is asked for: their code, and what is noted of each. */
import type { Expression } from '../../3-parse/expression.js';
import type { Statement } from '../../3-parse/statement.js';
import { walk } from '../../4-classify/walk-body.js';
import type { Code, Line } from '../code.js';
import { expression } from '../expressions/expression.js';
import { bind, fragment, template, within, type Fragment } from '../fragment.js';
import { nullable } from '../nullability.js';
import type { Scope } from '../scope.js';
import { Untranslatable, unsupported } from '../untranslatable.js';
import { carrier } from './carrier.js';
import type { StepsContext } from './context.js';
import type { Flow } from './flow.js';
import { forgetBefore, setsSomething } from './note-setting.js';
import { sqlScope, withKnown } from './read-variable.js';

/** Puts down what a statement needs before it, and counts it. `tree` is what it translates. */
export function noteSent(
  query: Code,
  tree: unknown,
  scope: Scope | null,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): void {
  if (scope !== null && scope.placeholders.size > 0) unsupported('a placeholder in a body of several steps');
  const sets = setsSomething(tree);
  out.push(...(scope?.prelude ?? []));
  const steady = flow.steady.at === flow.statements && !mayWrite(tree);
  flow.statements += 1;
  flow.steady = { rows: steady ? flow.steady.rows : new Set(), at: flow.statements };
  if (readsTables(tree) || callsRoutine(tree)) flow.reads += 1;
  context.reads = Math.max(context.reads, flow.reads);
  if (scope !== null && scope.prelude.length > 0) context.partial = true;
  else context.describable.push(describableForm(query, flow) as Code);
  for (const position of argumentsIn(tree, flow)) flow.sent.add(position);
  if (sets) forgetBefore(flow);
}

/**
 * `await evaluate(tx, sql<T>…)`: the value of an expression that PostgreSQL computes, NULL as null. With `raw` it is
 * the driver's own value of that type, not the form in which a variable is carried.
 */
export function evaluated(
  node: Expression,
  cast: string,
  type: number,
  context: StepsContext,
  flow: Flow,
  out: Line[],
  raw: string | null = null,
): { readonly code: Code; readonly nullable: boolean } {
  const { scope, inner } = inSql(node, context, flow);
  const carried =
    raw === null ? carrier(context.input.catalog, type, context.driver) : { type: raw, raw: true };
  const casts = `${cast}${carried.raw ? '' : '::text'}`;
  const whole = casts === '' ? inner : fragment(bind.cast, within(bind.cast, inner), casts);
  const mayBeNull = nullable(withKnown(node, context, flow), new Set());
  const sql = template(
    whole,
    mayBeNull && carried.type !== 'unknown' ? `${carried.type} | null` : carried.type,
  );
  const query = evaluateCall(sql);
  noteSent(executedForm(sql), node, scope, context, flow, out);
  return { code: { kind: 'await', value: query }, nullable: mayBeNull };
}

/** Subqueries are builders, or text where one has no builder form. */
function inSql(
  node: Expression,
  context: StepsContext,
  flow: Flow,
): { readonly scope: Scope; readonly inner: Fragment } {
  try {
    const scope = sqlScope(node, context, flow);
    return { scope, inner: expression(node, scope) };
  } catch (error) {
    if (!(error instanceof Untranslatable) || error.reason !== 'unsupported') throw error;
    const scope = sqlScope(node, context, flow, 'statement');
    return { scope, inner: expression(node, scope) };
  }
}

/** Positions of the arguments that a tree sends, those of fragments included. */
export function argumentsIn(tree: unknown, flow: Flow): readonly number[] {
  const found = new Set<number>();
  walk(tree, null, ({ node }) => {
    if (node.kind === 'parameter') found.add(Number(node['position']));
    const binding = node.kind === 'variable' ? flow.bindings.get(Number(node['variable'])) : undefined;
    if (binding?.kind === 'fragment') for (const position of binding.sends) found.add(position);
  });
  return [...found];
}

export function evaluateCall(sql: Code): Code {
  const callee: Code = { kind: 'routine', module: 'support', name: 'evaluate' };
  return { kind: 'call', callee, arguments: [{ kind: 'executor' }, sql] };
}

/** The statement that `evaluate` sends. */
export function executedForm(sql: Code): Code {
  return { kind: 'sql', type: null, parts: ['select ', sql, ' as value'] };
}

export function readsTables(tree: unknown): boolean {
  let found = false;
  walk(tree, null, ({ node }) => {
    if (node.kind === 'table' || node.kind === 'unsupported-range') found = true;
  });
  return found;
}

/** What a routine of the user reads is not known here. */
function callsRoutine(tree: unknown): boolean {
  let found = false;
  walk(tree, null, ({ node }) => {
    if (node.kind === 'call' && typeof node['routine'] === 'number') found = true;
  });
  return found;
}

export function isWrite(statement: Statement): boolean {
  let found = false;
  walk(statement, null, ({ node }) => {
    if (/^(insert|update|delete|unsupported-statement)$/.test(node.kind)) found = true;
  });
  return found;
}

/** Does the tree write, or call what may? */
function mayWrite(tree: unknown): boolean {
  let found = false;
  walk(tree, null, ({ node }) => {
    if (/^(insert|update|delete|unsupported.*)$/.test(node.kind)) found = true;
    if (node.kind === 'call' && node['volatile'] === true) found = true;
  });
  return found;
}

/** Does the tree lock rows, or call what acts or varies by the moment? */
export function isVolatile(tree: unknown): boolean {
  let found = false;
  walk(tree, null, ({ node }) => {
    if (node.kind === 'call' && node['volatile'] === true) found = true;
    if (node.kind === 'select' && Array.isArray(node['locking']) && node['locking'].length > 0) found = true;
    if (node.kind.startsWith('unsupported')) found = true;
  });
  return found;
}

/** The code by itself: names of the body stand for NULL, fragments for their text. */
export function describableForm(value: unknown, flow: Flow): unknown {
  if (Array.isArray(value)) return value.map((item) => describableForm(item, flow));
  if (typeof value !== 'object' || value === null) return value;
  const code = value as Code;
  const none: Code = { kind: 'keyword', value: 'null' };
  if (code.kind === 'member' && rootOf(code) !== null) return none;
  if (code.kind === 'binary' || code.kind === 'conditional') return none;
  if (code.kind === 'local') {
    const own = [...flow.bindings.values()].find(
      (one) => one.kind === 'fragment' && one.code.kind === 'local' && one.code.name === code.name,
    );
    return own?.kind === 'fragment' ? describableForm(own.definition, flow) : none;
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, describableForm(inner, flow)]));
}

function rootOf(code: Code): string | null {
  if (code.kind === 'local') return code.name;
  if (code.kind === 'non-null') return rootOf(code.value);
  return code.kind === 'member' ? rootOf(code.object) : null;
}
