/** A statement that gives rows to JavaScript: a builder, else the whole statement sent by `execute`. */
import type { SelectTarget, Statement } from '../../3-parse/statement.js';
import type { Code, ObjectEntry } from '../code.js';
import { expression } from '../expressions/expression.js';
import { bind, fragment, template, within } from '../fragment.js';
import { propertyKey } from '../print/print-code.js';
import { decodesAsRaw, rawType } from '../representation.js';
import { drizzleColumn, rangeCode, rangeOf, type Scope } from '../scope.js';
import { selectBuilder } from '../statements/select.js';
import { selectText } from '../statements/whole-select.js';
import { deleteBuilder, insertBuilder, updateBuilder } from '../statements/write.js';
import { writeText } from '../statements/whole-write.js';
import { Untranslatable, unsupported } from '../untranslatable.js';
import { carrier } from './carrier.js';
import type { StepsContext } from './context.js';
import { branchOf, type Flow } from './flow.js';
import { sqlScope } from './read-variable.js';
import type { RowOrigin } from './row-origin.js';

/** One column of a row as JavaScript gets it. */
export interface Field {
  readonly key: string;
  readonly target: SelectTarget;
  readonly type: number;
  /** `::numeric(12, 2)`, or nothing. */
  readonly cast: string;
  readonly nullable: boolean;
  /** The value goes to the caller, as the driver gives it, and not back into a statement. */
  readonly returned?: boolean;
  /** Nobody reads it, so that its name says nothing. */
  readonly unread?: true;
}

export interface RowsQuery {
  readonly code: Code;
  /** What is described: a builder or the text of the statement. */
  readonly sent: Code;
  readonly scope: Scope;
  /** rows: an array · result: the driver's result, with `rows` in it. */
  readonly form: 'rows' | 'result';
  /** Missing where the whole statement is text. */
  readonly origin?: RowOrigin;
}

export function rowsQuery(
  statement: Statement,
  fields: readonly Field[],
  context: StepsContext,
  flow: Flow,
): RowsQuery {
  try {
    const scope = sqlScope(statement, context, flow);
    const code = built(statement, fields, scope, context);
    if (scope.placeholders.size > 0) unsupported('a placeholder in a body of several steps');
    const described = context.describable.length;
    const known = branchOf(flow);
    const origin: RowOrigin = { statement, flow: known, code, described, fields, joined: new Set() };
    return { code, sent: code, scope, form: 'rows', origin };
  } catch (error) {
    if (!(error instanceof Untranslatable) || error.reason !== 'unsupported') throw error;
    return asText(statement, fields, context, flow);
  }
}

/** A statement whose rows nobody reads. */
export function plainQuery(statement: Statement, context: StepsContext, flow: Flow): RowsQuery {
  try {
    const scope = sqlScope(statement, context, flow);
    const code = writeBuilder(statement, scope);
    if (scope.placeholders.size > 0) unsupported('a placeholder in a body of several steps');
    return { code, sent: code, scope, form: 'result' };
  } catch (error) {
    if (!(error instanceof Untranslatable) || error.reason !== 'unsupported') throw error;
    const scope = sqlScope(statement, context, flow, 'statement');
    const text = template(writeText(statement, scope, null));
    return { code: execute(text, null), sent: text, scope, form: 'result' };
  }
}

function writeBuilder(statement: Statement, scope: Scope): Code {
  switch (statement.kind) {
    case 'insert':
      return insertBuilder(statement, scope, null).code;
    case 'update':
      return updateBuilder(statement, scope, null).code;
    case 'delete':
      return deleteBuilder(statement, scope, null).code;
    default:
      return unsupported('a statement without a builder');
  }
}

function built(statement: Statement, fields: readonly Field[], scope: Scope, context: StepsContext): Code {
  const entries = (inner: Scope): readonly ObjectEntry[] =>
    fields.length > 0 ? fields.map((field) => entry(field, inner, context)) : [nothingRead];
  switch (statement.kind) {
    case 'select':
      if (statement.setOperation !== null || statement.distinct !== null || statement.values !== null)
        return unsupported('a selection of some columns of compared rows');
      return selectBuilder(statement, scope, entries).code;
    case 'insert':
      return insertBuilder(statement, scope, entries).code;
    case 'update':
      return updateBuilder(statement, scope, entries).code;
    case 'delete':
      return deleteBuilder(statement, scope, entries).code;
    case 'unsupported-statement':
      return unsupported(statement.construct);
  }
}

const nothingRead: ObjectEntry = {
  kind: 'property',
  key: 'one',
  value: { kind: 'sql', type: 'number', parts: ['1'] },
};

function entry(field: Field, scope: Scope, context: StepsContext): ObjectEntry {
  const { key, target, type } = field;
  const node = target.expression;
  const carried = carrier(context.input.catalog, type, context.driver);
  const raw = carried.raw || field.returned === true;
  if (node.kind === 'column' && !node.excluded && field.cast === '' && raw) {
    const range = rangeOf(scope, node.range);
    if (range.kind === 'table' && range.alias === null) {
      const column = drizzleColumn(range.table, node.column);
      const stored = rawType(context.input.catalog, type, context.driver);
      if (decodesAsRaw(column, { driver: context.driver, rawType: stored }))
        return {
          kind: 'property',
          key,
          value: { kind: 'member', object: rangeCode(range), property: column.property },
        };
    }
  }
  const casts = `${field.cast}${raw ? '' : '::text'}`;
  const inner = expression(node, scope);
  const whole = casts === '' ? inner : fragment(bind.cast, within(bind.cast, inner), casts);
  return { kind: 'property', key, value: template(whole, fieldType(field, context)) };
}

export function fieldType(field: Field, context: StepsContext): string {
  const { catalog } = context.input;
  const type =
    field.returned === true
      ? rawType(catalog, field.type, context.driver)
      : carrier(catalog, field.type, context.driver).type;
  return field.nullable && type !== 'unknown' ? `${type} | null` : type;
}

function asText(
  statement: Statement,
  fields: readonly Field[],
  context: StepsContext,
  flow: Flow,
): RowsQuery {
  const scope = sqlScope(statement, context, flow, 'statement');
  if (statement.kind === 'unsupported-statement') return unsupported(statement.construct);
  const targets = fields.map((field): SelectTarget => {
    const raw = field.returned === true || carrier(context.input.catalog, field.type, context.driver).raw;
    const name = `${field.cast}${raw ? '' : '::text'}`.replace(/^::/, '');
    const operand = field.target.expression;
    return {
      name: field.key,
      expression: name === '' ? operand : { kind: 'cast', operand, typeName: name, type: field.type },
    };
  });
  const names = targets.map((target) => target.name);
  const plain =
    statement.kind !== 'select' ||
    (statement.setOperation === null && statement.values === null && statement.distinct === null);
  if (!plain && targets.some((target) => target.expression.kind === 'cast'))
    return unsupported('a cast of the rows of a set operation');
  if (!plain && statement.kind === 'select' && fields.length !== statement.targets.length)
    return unsupported('some columns of compared rows');
  const one: SelectTarget = {
    name: 'one',
    expression: { kind: 'literal', literal: 'integer', text: '1', type: 23 },
  };
  const chosen = targets.length > 0 ? targets : [one];
  const unread = fields.every((field) => field.unread === true);
  const text =
    statement.kind === 'select'
      ? selectText(
          plain ? { ...statement, targets: chosen } : statement,
          scope,
          chosen.map(({ name }) => (unread && plain ? unnamed : name)),
        )
      : writeText({ ...statement, returning: chosen }, scope, names);
  const row = `{ ${fields.map((field) => `${propertyKey(field.key)}: ${fieldType(field, context)}`).join('; ')} }`;
  const sql = template(text);
  const form = context.driver === 'postgres-js' ? 'rows' : 'result';
  return { code: execute(sql, unread ? null : row), sent: sql, scope, form };
}

/** What PostgreSQL calls a column that has no name. */
const unnamed = '?column?';

function execute(sql: Code, row: string | null): Code {
  const callee: Code = { kind: 'member', object: { kind: 'executor' }, property: 'execute' };
  return { kind: 'call', callee, arguments: [sql], ...(row === null ? {} : { typeArguments: [row] }) };
}
