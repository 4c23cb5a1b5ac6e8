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
import { assignmentCast } from './carrier.js';
import { bareName, singular, useOf, variableOf, type StepsContext } from './context.js';
import type { Binding, Flow, Row } from './flow.js';
import { raised } from './raise.js';
import { rowsQuery, type Field } from './rows-query.js';
import { isVolatile, isWrite, noteSent } from './send.js';
import { noteStatement } from './note-statement.js';
import { withKnown } from './read-variable.js';

type IntoStep = Extract<Step, { kind: 'execute-sql' }>;

export function selectInto(step: IntoStep, context: StepsContext, flow: Flow, out: Line[]): void {
  const { into, statement } = step;
  if (into === null) throw new Error('The step has no INTO');
  const { catalog } = context.input;
  const write = isWrite(statement);
  const one = atMostOne(statement, catalog);
  if (write && !one) unsupported('INTO of a write that may return several rows');
  const count = cardinality(statement, catalog);
  const assigned = assignedFields(into.targets, statement, context, flow);
  const read = assigned.filter((each) => each.read);
  const fields = read.map((each) => each.field);
  const limited = one ? statement : limitedTo(statement, into.strict ? 2 : 1);
  const query = rowsQuery(limited, fields, context, flow);
  const name = context.names.unique(rowName(statement, into.targets, context));
  const row: Row = { name, certain: count === 'exactly-one' };
  noteSent(query.sent, statement, query.scope, context, flow, out);
  noteStatement(statement, context, flow);
  const second = into.strict && !one ? context.names.unique('another') : null;
  const names = second === null ? name : `${name}, ${second}`;
  const pattern = query.form === 'rows' ? `[${names}]` : `{ rows: [${names}] }`;
  const used = fields.length > 0 || into.strict;
  const at = out.length;
  out.push({ kind: 'const', pattern, value: { kind: 'await', value: query.code } });
  flow.found = row.certain ? { kind: 'constant', value: true } : { kind: 'row', row };
  flow.rowCount = { rows: row.certain ? 'one' : row };
  if (!used && row.certain) out[at] = { kind: 'expression', value: { kind: 'await', value: query.code } };
  if (into.strict) strictTests(row, second, context, flow, out);
  bind(assigned, row, context, flow, out);
}

interface Assigned {
  readonly target: Target;
  /** Field of a record variable, or null for a scalar. */
  readonly name: string | null;
  readonly field: Field;
  readonly read: boolean;
  readonly type: number;
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
  if (record === null && targets.length !== given.length) unsupported('INTO of another number of columns');
  if (record?.columns && record.columns.length !== given.length)
    unsupported('INTO of a row with another number of columns');
  return given.map((target, index): Assigned => {
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
    if (variable.notNull) return unsupported('INTO of a NOT NULL variable');
    const cast = assignmentCast(context.input.catalog, from, { type, typmod }, fromTypmod);
    const outer = outerJoined(statement);
    const key = record === null ? bareName(variable.name) : target.name;
    const read = name === null ? isRead(variable, context) : use.fields.has(name) || use.whole;
    return {
      target: into,
      name,
      type,
      read: read || isEffect(target.expression),
      field: {
        key: uniqueKey(camelCase(key === '?column?' ? 'value' : key), given, index),
        target,
        type,
        cast,
        nullable: nullable(withKnown(target.expression, context, flow), outer),
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

function strictTests(row: Row, second: string | null, context: StepsContext, flow: Flow, out: Line[]): void {
  const local: Code = { kind: 'local', name: row.name };
  if (!row.certain) {
    const none = raised('P0002', 'query returned no rows', {});
    out.push({ kind: 'if', test: { kind: 'not', value: local }, then: [none], otherwise: null });
    flow.present.add(row.name);
    flow.found = { kind: 'constant', value: true };
  }
  if (second === null) return;
  const hint =
    context.input.catalog.serverVersionNumber >= 120000
      ? { hint: 'Make sure the query returns a single row, or use LIMIT 1.' }
      : {};
  const many = raised('P0003', 'query returned more than one row', hint);
  out.push({ kind: 'if', test: { kind: 'local', name: second }, then: [many], otherwise: null });
}

function bind(assigned: readonly Assigned[], row: Row, context: StepsContext, flow: Flow, out: Line[]): void {
  const fieldOf = (each: Assigned): Binding => ({
    kind: 'field',
    row,
    key: each.field.key,
    type: each.type,
    nullable: each.field.nullable,
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
    const id = each.target.variable;
    forget(id, flow);
    const current = flow.bindings.get(id);
    if (useOf(context, id).single) flow.bindings.set(id, fieldOf(each));
    else if (current?.kind === 'local' && current.code.kind === 'local') {
      const object: Code = { kind: 'local', name: row.name };
      const certain = row.certain || flow.present.has(row.name);
      const value: Code = certain
        ? {
            kind: 'member',
            object: flow.present.has(row.name) ? object : { kind: 'non-null', value: object },
            property: each.field.key,
          }
        : {
            kind: 'binary',
            operator: '??',
            left: { kind: 'member', object, property: each.field.key, optional: true },
            right: { kind: 'keyword', value: 'null' },
          };
      out.push({ kind: 'set', target: current.code.name, value });
    } else unsupported(`the variable ${variableOf(context, id).name}`);
  }
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
  if (targets.length === 1 && first?.kind === 'variable' && recordType(first.variable, context) !== null)
    return bareName(variableOf(context, first.variable).name);
  let table: string | null = null;
  walk(statement, null, ({ node }) => {
    if (node.kind === 'table' && typeof node['table'] === 'string') table ??= node['table'];
  });
  return table === null ? 'row' : singular(table);
}
