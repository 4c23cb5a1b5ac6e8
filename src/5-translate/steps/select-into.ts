/** A statement whose rows go into variables: `const [job] = await tx.select({ … }) …`. */
import type { Step, Target, Variable } from '../../3-parse/body.js';
import { relationColumns } from '../../3-parse/scope.js';
import { nameLookup } from '../../3-parse/name-lookup.js';
import type { Expression } from '../../3-parse/expression.js';
import type { Select, SelectTarget, Statement } from '../../3-parse/statement.js';
import { atMostOne } from '../../4-classify/at-most-one.js';
import { walk } from '../../4-classify/walk-body.js';
import { cardinality } from '../cardinality.js';
import type { Code, Line } from '../code.js';
import { camelCase } from '../names.js';
import { nullable } from '../nullability.js';
import { outerJoined, outputTargets } from '../selection.js';
import { unsupported } from '../untranslatable.js';
import { required } from './assign.js';
import { assignmentTo, type Assignment } from './assignment.js';
import { carrier } from './carrier.js';
import { calledRow, intoCall } from './call-statement.js';
import { bareName, isGiven, singular, useOf, variableOf, type StepsContext } from './context.js';
import { fieldOf as fieldName } from './expand-records.js';
import type { Binding, Flow, Row } from './flow.js';
import { setFound } from './found.js';
import { raised } from './raise.js';
import { rowsQuery, type Field } from './rows-query.js';
import { isVolatile, isWrite, noteSent } from './send.js';
import { joinedToLock, noteLockedRow } from './locked-row.js';
import { noteStatement } from './note-statement.js';
import { withKnown } from './read-variable.js';

type IntoStep = Extract<Step, { kind: 'execute-sql' }>;

export function selectInto(step: IntoStep, context: StepsContext, flow: Flow, out: Line[]): void {
  const { into, statement } = step;
  if (into === null) throw new Error('The step has no INTO');
  if (intoCall(step, context, flow, out)) return;
  if (joinedToLock(step, context, flow, out)) return;
  const { catalog } = context.input;
  const one = atMostOne(statement, catalog);
  // A write may return one row at most even without STRICT.
  const several = !one && (into.strict || isWrite(statement));
  const count = cardinality(statement, catalog);
  const wanted = assignedFields(into.targets, statement, context, flow);
  const called = into.strict ? null : calledRow(statement, wanted.map(typeAndCast), context, flow, out);
  const assigned = called === null ? wanted : wanted.map((each, index) => keyed(each, called.keys[index]));
  const read = assigned.filter((each) => each.read);
  const fields = read.map((each) => each.field);
  const limited = one ? statement : limitedTo(statement, into.strict ? 2 : 1);
  const query =
    called === null
      ? rowsQuery(limited, fields, context, flow)
      : ({ code: called.call.code, form: 'rows' } as const);
  const name = context.names.unique(rowName(statement, into.targets, context));
  const row: Row = { name, certain: called === null ? count === 'exactly-one' : called.certain };
  if ('sent' in query) noteSent(query.sent, statement, query.scope, context, flow, out);
  noteStatement(statement, context, flow);
  const second = several ? context.names.unique('another') : null;
  const names = second === null ? name : `${name}, ${second}`;
  const pattern = query.form === 'rows' ? `[${names}]` : `{ rows: [${names}] }`;
  const used = fields.length > 0 || into.strict;
  const at = out.length;
  out.push({ kind: 'const', pattern, value: { kind: 'await', value: query.code } });
  if ('origin' in query && query.origin) context.origins.set(row.name, query.origin);
  noteLockedRow(statement, row, context, flow);
  flow.rowCount = { rows: row.certain ? 'one' : row };
  if (!used && row.certain) out[at] = { kind: 'expression', value: { kind: 'await', value: query.code } };
  setFound(row.certain ? { kind: 'constant', value: true } : { kind: 'row', row }, context, flow, out);
  if (into.strict) noRowTest(row, flow, out);
  if (second !== null) secondRowTest(second, context, flow, out);
  bind(assigned, row, context, flow, out);
}

function typeAndCast({ type, field, how }: Assigned): { readonly type: number; readonly cast: string } {
  return { type, cast: how.check === null ? field.cast : 'checked' };
}

/** The row of a generated function has the routine's own names. */
function keyed(each: Assigned, key: string | undefined): Assigned {
  return key === undefined ? each : { ...each, field: { ...each.field, key, nullable: true } };
}

interface Assigned {
  readonly target: Target;
  /** Field of a record variable, or null for a scalar. */
  readonly name: string | null;
  readonly field: Field;
  readonly read: boolean;
  readonly type: number;
  readonly how: Assignment;
  /** The statement has no column for it. */
  readonly absent: boolean;
}

function assignedFields(
  targets: readonly Target[],
  statement: Statement,
  context: StepsContext,
  flow: Flow,
): readonly Assigned[] {
  const given = outputTargets(statement);
  const [first] = targets;
  const record =
    targets.length === 1 && first?.kind === 'variable' ? recordType(first.variable, context) : null;
  const outer = outerJoined(statement);
  const neverNull = given.some(({ expression }) => !nullable(withKnown(expression, context, flow), outer));
  const wanted = record === null ? targets.length : (record.columns?.length ?? given.length);
  // What has no target is computed and dropped; a target without a value gets NULL.
  const nothing: SelectTarget = { name: 'nothing', expression: { kind: 'null', type: null } };
  const missing = Array.from({ length: Math.max(0, wanted - given.length) }, () => nothing);
  if (given.length > wanted && given.slice(wanted).some(({ expression }) => isEffect(expression)))
    unsupported('INTO of fewer variables than computed columns');
  return [...given.slice(0, wanted), ...missing].map((target, index): Assigned => {
    const into = record === null ? targets[index] : first;
    if (into?.kind !== 'variable') return unsupported('INTO of a part of a variable');
    const variable = variableOf(context, into.variable);
    const use = useOf(context, variable.id);
    const column = record?.columns?.[index];
    const name = record === null ? null : (column?.name ?? target.name);
    const from = target.expression.type ?? statement.columns?.[index]?.type ?? null;
    const fromTypmod = statement.columns?.[index]?.typmod ?? -1;
    const type = column?.type ?? (record === null ? variable.type : from);
    if (type === null) return unsupported(`a column of unknown type, ${target.name}`);
    const typmod = column?.typmod ?? (record === null ? variable.typmod : -1);
    const how = assignmentTo(context.input.catalog, from, { type, typmod }, fromTypmod);
    if (how.check !== null && record !== null) return unsupported('a length of a field');
    const key = record === null ? (fieldName(variable) ?? bareName(variable.name)) : target.name;
    const mayBeNull = nullable(withKnown(target.expression, context, flow), outer);
    const whole = use.whole && !(use.wholeTested && neverNull);
    const driven = !carrier(context.input.catalog, type, context.driver).raw;
    const handedOn =
      name === null
        ? isGiven(variable, context)
        : driven && use.wholeReturned && use.whole && !use.fields.has(name);
    const checks = how.mayFail || variable.notNull;
    const read = name === null ? isRead(variable, context) || checks : use.fields.has(name) || whole;
    return {
      target: into,
      name,
      type,
      how,
      absent: target === nothing,
      read: (read && target !== nothing) || isEffect(target.expression),
      field: {
        key: uniqueKey(camelCase(key === '?column?' ? 'value' : key), given, index),
        target,
        type,
        cast: how.cast,
        nullable: mayBeNull,
        ...(handedOn ? { returned: true } : {}),
      },
    };
  });
}

/** The same key twice would lose a field. */
function uniqueKey(key: string, targets: readonly SelectTarget[], index: number): string {
  const clash = targets.slice(0, index).some((other) => camelCase(other.name) === key);
  return clash ? `${key}${index + 1}` : key;
}

function isRead(variable: Variable, context: StepsContext): boolean {
  return variable.origin === 'out' || useOf(context, variable.id).whole;
}

function recordType(
  id: number,
  context: StepsContext,
): { readonly columns: readonly { name: string; type: number | null; typmod: number }[] | null } | null {
  const variable = variableOf(context, id);
  if (variable.type === null) return { columns: null };
  const type = context.input.catalog.types.get(variable.type);
  if (type?.kind !== 'composite') return null;
  const { catalog } = context.input;
  const relation = nameLookup(catalog, catalog.searchPath).relationByOid(type.relation);
  if (relation === undefined || relation === null) return unsupported(`the row type ${type.sqlName}`);
  return { columns: relationColumns(relation) };
}

/** PL/pgSQL fetches one row, of STRICT two, and stops there; a lock reaches no further. */
function limitedTo(statement: Statement, rows: number): Statement {
  if (statement.kind !== 'select') return statement;
  if (statement.limit !== null) {
    return isVolatile(statement) ? unsupported('INTO of the first of several locked rows') : statement;
  }
  const limit: Expression = { kind: 'literal', literal: 'integer', text: String(rows), type: 23 };
  return { ...statement, limit } satisfies Select;
}

function noRowTest(row: Row, flow: Flow, out: Line[]): void {
  if (row.certain) return;
  const none = raised('P0002', 'query returned no rows', {});
  const local: Code = { kind: 'local', name: row.name };
  out.push({ kind: 'if', test: { kind: 'not', value: local }, then: [none], otherwise: null });
  flow.present.add(row.name);
  if (flow.found.kind === 'row') flow.found = { kind: 'constant', value: true };
}

function secondRowTest(second: string, context: StepsContext, flow: Flow, out: Line[]): void {
  const hint =
    context.input.catalog.serverVersionNumber >= 120000
      ? { hint: 'Make sure the query returns a single row, or use LIMIT 1.' }
      : {};
  const many = raised('P0003', 'query returned more than one row', hint);
  out.push({ kind: 'if', test: { kind: 'local', name: second }, then: [many], otherwise: null });
  context.raises.push(new Set(flow.sent));
}

function bind(assigned: readonly Assigned[], row: Row, context: StepsContext, flow: Flow, out: Line[]): void {
  const fieldOf = (each: Assigned): Binding => ({
    kind: 'field',
    row,
    key: each.field.key,
    type: each.type,
    nullable: each.field.nullable,
    given: each.field.returned === true,
  });
  const [first] = assigned;
  if (first !== undefined && first.name !== null && first.target.kind === 'variable') {
    if (!useOf(context, first.target.variable).single) unsupported('a row variable that is assigned twice');
    const fields = new Map(
      assigned.flatMap((each) => (each.name === null ? [] : [[each.name, fieldOf(each)]])),
    );
    flow.bindings.set(first.target.variable, { kind: 'record', row, fields });
    return;
  }
  for (const each of assigned) {
    if (each.target.kind !== 'variable') continue;
    const variable = variableOf(context, each.target.variable);
    const { id } = variable;
    forget(id, flow);
    const current = flow.bindings.get(id);
    const checked = each.how.check !== null || variable.notNull;
    if (useOf(context, id).single && !checked && !each.absent) {
      flow.bindings.set(id, fieldOf(each));
      continue;
    }
    const { code, nullable } = checkedValue(each, row, variable, flow);
    const given = each.field.returned === true;
    if (useOf(context, id).single) {
      const name = context.names.ofVariable(variable.name);
      out.push({ kind: 'const', pattern: name, value: code });
      const local: Code = { kind: 'local', name };
      flow.bindings.set(id, { kind: 'local', code: local, type: each.type, nullable, given });
    } else if (current?.kind === 'local' && current.code.kind === 'local') {
      out.push({ kind: 'set', target: current.code.name, value: code });
      if (!nullable) flow.known.add(`v${id}`);
    } else if (useOf(context, id).whole || variable.origin === 'out') {
      unsupported(`the variable ${variable.name}`);
    } else if (checked) out.push({ kind: 'expression', value: code });
  }
}

/** The value of the field as the variable takes it; NULL where there is no row. */
function checkedValue(
  each: Assigned,
  row: Row,
  variable: Variable,
  flow: Flow,
): { readonly code: Code; readonly nullable: boolean } {
  const object: Code = { kind: 'local', name: row.name };
  const { key } = each.field;
  const present = flow.present.has(row.name);
  const certain = row.certain || present;
  const value: Code = certain
    ? { kind: 'member', object: present ? object : { kind: 'non-null', value: object }, property: key }
    : {
        kind: 'binary',
        operator: '??',
        left: { kind: 'member', object, property: key, optional: true },
        right: { kind: 'keyword', value: 'null' },
      };
  if (each.absent) return absentValue(variable);
  const nullable = !certain || each.field.nullable;
  const code = each.how.check === null ? value : each.how.check(value);
  return variable.notNull && nullable
    ? { code: required(code, variable.name), nullable: false }
    : { code, nullable };
}

function absentValue(variable: Variable): { readonly code: Code; readonly nullable: boolean } {
  const nothing: Code = { kind: 'keyword', value: 'null' };
  return variable.notNull
    ? { code: required(nothing, variable.name), nullable: false }
    : { code: nothing, nullable: true };
}

/** What was known of the old value. */
export function forget(id: number, flow: Flow): void {
  for (const key of [...flow.known])
    if (key === `v${id}` || key.startsWith(`v${id}.`)) flow.known.delete(key);
}

/** Evaluating it may fail or act, so that it stays although nobody reads it. */
function isEffect(node: Expression): boolean {
  let found = false;
  walk(node, null, ({ node: inner }) => {
    if (!['column', 'literal', 'null', 'parameter'].includes(inner.kind)) found = true;
  });
  return found;
}

function rowName(statement: Statement, targets: readonly Target[], context: StepsContext): string {
  const [first] = targets;
  const record =
    targets.length === 1 && first?.kind === 'variable' && recordType(first.variable, context) !== null
      ? bareName(variableOf(context, first.variable).name)
      : 'row';
  if (record !== 'row') return record;
  let table: string | null = null;
  walk(statement, null, ({ node }) => {
    if (node.kind === 'table' && typeof node['table'] === 'string') table ??= node['table'];
  });
  if (table !== null) return singular(table);
  const [item] = statement.kind === 'select' ? statement.from : [];
  return item?.kind === 'function' ? `${item.alias}_row` : 'row';
}
