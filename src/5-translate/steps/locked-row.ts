/**
 * A read of a row that an earlier locking select of the same body gave: nothing was written between, and nobody else
 * can change the row, so that its columns join that select (PostgreSQL manual, 13.3.2 Row-Level Locks).
 */
import type { Step, Target } from '../../3-parse/body.js';
import type { Expression, VariableReference } from '../../3-parse/expression.js';
import type { Select, SelectTarget, Statement } from '../../3-parse/statement.js';
import { atMostOne } from '../../4-classify/at-most-one.js';
import { conjuncts } from '../cardinality.js';
import type { Line } from '../code.js';
import { nullable } from '../nullability.js';
import { bareName, useOf, variableOf, type StepsContext } from './context.js';
import type { Binding, Flow, Row } from './flow.js';
import { carrier } from './carrier.js';
import { setFound } from './found.js';
import { withKnown } from './read-variable.js';
import { joinColumn, type RowOrigin } from './row-origin.js';

type IntoStep = Extract<Step, { kind: 'execute-sql' }>;
type Field = Extract<Binding, { kind: 'field' }>;

/** Does the select give one locked row of a table, found by its key? To be asked after it is sent. */
export function noteLockedRow(statement: Statement, row: Row, context: StepsContext, flow: Flow): void {
  if (statement.kind !== 'select' || !context.origins.has(row.name)) return;
  const [lock, ...others] = statement.locking;
  if (lock === undefined || others.length > 0 || lock.strength === 'key share') return;
  if (isPlainRead({ ...statement, locking: [] }, context)) flow.steady.rows.add(row.name);
}

/** False where the statement has to be sent. */
export function joinedToLock(step: IntoStep, context: StepsContext, flow: Flow, out: Line[]): boolean {
  const { statement, into } = step;
  if (into === null || statement.kind !== 'select' || !isPlainRead(statement, context)) return false;
  if (flow.steady.at !== flow.statements) return false;
  for (const name of flow.steady.rows) {
    const origin = context.origins.get(name);
    const certain = flow.present.has(name);
    if (origin === undefined || !certain || !isSameRow(statement, name, origin, context, flow)) continue;
    const bindings = boundTo(into.targets, statement, { name, certain: false }, origin, context);
    if (bindings === null) continue;
    for (const [id, binding] of bindings) flow.bindings.set(id, binding);
    setFound({ kind: 'constant', value: true }, context, flow, out);
    flow.rowCount = { rows: 'one' };
    return true;
  }
  return false;
}

/** One row of one table by its key, and columns of it. */
function isPlainRead(statement: Select, context: StepsContext): boolean {
  const [table, ...others] = statement.from;
  if (table?.kind !== 'table' || others.length > 0) return false;
  const relation = context.input.catalog.relations.find(({ oid }) => oid === table.oid);
  // A policy may let a row be read that it does not let be locked.
  if (relation?.kind !== 'table' || relation.rowSecurity) return false;
  const simple =
    statement.with.length === 0 &&
    statement.distinct === null &&
    statement.groupBy.length === 0 &&
    statement.groupingSets === null &&
    statement.having === null &&
    statement.limit === null &&
    statement.offset === null &&
    statement.setOperation === null &&
    statement.values === null &&
    statement.locking.length === 0;
  const columns = statement.targets.every(
    ({ expression: { kind } }) => kind === 'column' || kind === 'literal',
  );
  return simple && columns && atMostOne(statement, context.input.catalog);
}

/** Its conditions are among those by which the row was locked, or name the row's own key. */
function isSameRow(
  statement: Select,
  row: string,
  origin: RowOrigin,
  context: StepsContext,
  flow: Flow,
): boolean {
  const first = origin.statement;
  const [from, to] = [statement.from[0], first.kind === 'select' ? first.from[0] : undefined];
  if (first.kind !== 'select' || from?.kind !== 'table' || to?.kind !== 'table' || from.oid !== to.oid)
    return false;
  if (statement.where === null || first.where === null || !isSteady(statement.where, origin, context, flow))
    return false;
  const known = new Set(conjuncts(first.where).map((test) => textOf(test, to.range)));
  return conjuncts(statement.where).every(
    (test) => known.has(textOf(test, from.range)) || isOwnColumn(test, row, origin, flow),
  );
}

/** Every variable in it has the value that it had when the row was locked. */
function isSteady(where: Expression, origin: RowOrigin, context: StepsContext, flow: Flow): boolean {
  return variablesIn(where).every(
    ({ variable }) =>
      context.variables[variable]?.origin !== 'found' &&
      useOf(context, variable).single &&
      (flow.bindings.get(variable) === origin.flow.bindings.get(variable) ||
        origin.flow.bindings.get(variable)?.kind === 'null'),
  );
}

/** `id = v_account.id`, where that field is the column `id` of the locked row. */
function isOwnColumn(test: Expression, row: string, origin: RowOrigin, flow: Flow): boolean {
  if (test.kind !== 'operator' || test.operator !== '=' || test.left === null) return false;
  const [column, value] = test.left.kind === 'column' ? [test.left, test.right] : [test.right, test.left];
  if (column.kind !== 'column' || value.kind !== 'variable') return false;
  const binding = flow.bindings.get(value.variable);
  const [name] = value.path;
  const own =
    name === undefined ? binding : binding?.kind === 'record' ? binding.fields.get(name) : undefined;
  if (own?.kind !== 'field' || own.row.name !== row) return false;
  const field = origin.fields.find(({ key }) => key === own.key);
  return field?.cast === '' && field.target.expression.kind === 'column'
    ? field.target.expression.column === column.column
    : false;
}

function variablesIn(node: unknown): readonly VariableReference[] {
  if (Array.isArray(node)) return node.flatMap(variablesIn);
  if (typeof node !== 'object' || node === null) return [];
  const one = node as Expression;
  return one.kind === 'variable' ? [one] : Object.values(node).flatMap(variablesIn);
}

function textOf(test: Expression, range: number): string {
  return JSON.stringify(test, (key, value: unknown) => (key === 'range' && value === range ? 'row' : value));
}

function boundTo(
  targets: readonly Target[],
  statement: Select,
  row: Row,
  origin: RowOrigin,
  context: StepsContext,
): ReadonlyMap<number, Binding> | null {
  const [first] = targets;
  if (first?.kind !== 'variable') return null;
  const whole = variableOf(context, first.variable);
  const kind = whole.type === null ? 'record' : context.input.catalog.types.get(whole.type)?.kind;
  if (kind === 'record') return boundRecord(first.variable, statement, row, origin, context);
  if (kind === 'composite' || targets.length !== statement.targets.length) return null;
  const bindings = new Map<number, Binding>();
  for (const [index, target] of targets.entries()) {
    const given = statement.targets[index];
    if (target.kind !== 'variable' || given === undefined) return null;
    const variable = variableOf(context, target.variable);
    const use = useOf(context, variable.id);
    if (!use.single || variable.notNull || variable.typmod !== -1 || bindings.has(variable.id)) return null;
    if (given.expression.type !== variable.type || variable.type === null) return null;
    if (!use.whole && variable.origin !== 'out') continue;
    const column = columnFor(
      { ...given, name: bareName(variable.name) },
      variable.type,
      row,
      origin,
      context,
    );
    if (column === null) return null;
    bindings.set(variable.id, column);
  }
  return bindings;
}

function boundRecord(
  id: number,
  statement: Select,
  row: Row,
  origin: RowOrigin,
  context: StepsContext,
): ReadonlyMap<number, Binding> | null {
  const use = useOf(context, id);
  if (!use.single) return null;
  const fields = new Map<string, Field>();
  for (const target of statement.targets) {
    if (!use.whole && !use.fields.has(target.name)) continue;
    const { type } = target.expression;
    const column = type === null ? null : columnFor(target, type, row, origin, context);
    if (column === null) return null;
    fields.set(target.name, column);
  }
  return new Map([[id, { kind: 'record', row, fields }]]);
}

/** The column under the range of the select that it joins. */
function columnFor(
  target: SelectTarget,
  type: number,
  row: Row,
  origin: RowOrigin,
  context: StepsContext,
): Field | null {
  const to = origin.statement.kind === 'select' ? origin.statement.from[0] : undefined;
  if (to?.kind !== 'table' || !carrier(context.input.catalog, type, context.driver).raw) return null;
  const expression: Expression =
    target.expression.kind === 'column' ? { ...target.expression, range: to.range } : target.expression;
  const mayBeNull = nullable(withKnown(expression, context, origin.flow), new Set());
  return joinColumn({ ...target, expression }, type, mayBeNull, row, context);
}
