/**
 * The statement behind a row that JavaScript holds. What a later step wants to know of the same row becomes one
 * more column of that statement, in place of a statement of its own.
 */
import type { Expression, VariableReference } from '../../3-parse/expression.js';
import type { SelectTarget, Statement } from '../../3-parse/statement.js';
import { walk } from '../../4-classify/walk-body.js';
import type { Code } from '../code.js';
import { camelCase } from '../names.js';
import { nullable } from '../nullability.js';
import { outerJoined } from '../selection.js';
import { Untranslatable } from '../untranslatable.js';
import { cannotFail } from './cannot-fail.js';
import { carrier } from './carrier.js';
import type { StepsContext } from './context.js';
import type { Binding, Flow, Row } from './flow.js';
import { withKnown } from './read-variable.js';
import { rowsQuery, type Field } from './rows-query.js';
import { argumentsIn, describableForm, isVolatile } from './send.js';

export interface RowOrigin {
  readonly statement: Statement;
  /** What was known where the statement was sent. */
  readonly flow: Flow;
  /** The builder, which is changed in place when a column joins it. */
  readonly code: Code;
  /** Its place among the statements that are described. */
  readonly described: number;
  fields: readonly Field[];
  /** Keys of the columns that joined later. */
  readonly joined: Set<string>;
}

/**
 * The value of an expression over one row, as a column of the statement that gave the row. Null where that is not
 * surely the same: it reads something else, it can fail, or the row may be missing and the value not NULL then.
 */
export function columnOfRow(
  node: Expression,
  wanted: { readonly name: string; readonly type: number },
  context: StepsContext,
  flow: Flow,
): Extract<Binding, { kind: 'field' }> | null {
  const row = rowRead(node, flow);
  const origin = row === null ? undefined : context.origins.get(row.name);
  if (row === null || origin === undefined || node.type !== wanted.type) return null;
  if (!carrier(context.input.catalog, wanted.type, context.driver).raw) return null;
  if (isVolatile(node) || !cannotFail(node, context, flow)) return null;
  const there = row.certain || flow.present.has(row.name);
  if (!there && !isStrict(node)) return null;
  const expression = overColumns(node, origin, flow);
  if (expression === null) return null;
  const mayBeNull = nullable(withKnown(expression, context, origin.flow), outerJoined(origin.statement));
  const column = joinColumn({ name: wanted.name, expression }, wanted.type, mayBeNull, row, context);
  if (column !== null) for (const position of argumentsIn(node, flow)) flow.sent.add(position);
  return column;
}

/** Adds a column to the row's statement, or finds it there; null where the builder cannot say it. */
export function joinColumn(
  target: SelectTarget,
  type: number,
  mayBeNull: boolean,
  row: Row,
  context: StepsContext,
): Extract<Binding, { kind: 'field' }> | null {
  const origin = context.origins.get(row.name);
  if (origin === undefined) return null;
  const same = origin.fields.find(
    (field) =>
      field.type === type &&
      field.cast === '' &&
      field.returned !== true &&
      JSON.stringify(field.target.expression) === JSON.stringify(target.expression),
  );
  if (same !== undefined) return { kind: 'field', row, key: same.key, type, nullable: same.nullable };
  const key = freeKey(camelCase(target.name), origin);
  const field: Field = { key, target: { ...target, name: key }, type, cast: '', nullable: mayBeNull };
  if (!rebuilt(origin, [...origin.fields, field], context)) return null;
  origin.joined.add(key);
  return { kind: 'field', row, key, type, nullable: mayBeNull };
}

/** Columns that nothing reads any more, since what was computed of them is a column itself. */
export function dropUnreadColumns(lines: unknown, context: StepsContext): void {
  const text = JSON.stringify(lines);
  for (const [name, origin] of context.origins) {
    if (origin.joined.size === 0) continue;
    const row = JSON.stringify({ kind: 'local', name } satisfies Code);
    const escapes = ['"kind":"spread","value":', '"kind":"return","value":', '"items":[', '"arguments":['];
    if (escapes.some((before) => text.includes(`${before}${row}`))) continue;
    const read = origin.fields.filter(
      ({ key, target }) =>
        new RegExp(`${escaped(row)}\\}?,"property":${escaped(JSON.stringify(key))}`).test(text) ||
        (!/^(column|literal)$/.test(target.expression.kind) && !origin.joined.has(key)),
    );
    if (read.length > 0 && read.length < origin.fields.length) rebuilt(origin, read, context);
  }
}

function escaped(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&');
}

function rebuilt(origin: RowOrigin, fields: readonly Field[], context: StepsContext): boolean {
  try {
    const query = rowsQuery(origin.statement, fields, context, origin.flow);
    if (query.form !== 'rows' || query.scope.prelude.length > 0) return false;
    if (context.describable[origin.described] !== undefined)
      context.describable[origin.described] = describableForm(query.sent, origin.flow) as Code;
    for (const key of Object.keys(origin.code)) Reflect.deleteProperty(origin.code, key);
    Object.assign(origin.code, query.code);
    origin.fields = fields;
    return true;
  } catch (error) {
    if (error instanceof Untranslatable) return false;
    throw error;
  }
}

/** The only row that the expression reads; null when it reads another variable too, or none. */
function rowRead(node: Expression, flow: Flow): Row | null {
  const rows = new Map<string, Row>();
  let other = false;
  walk(node, null, ({ node: inner }) => {
    if (inner.kind !== 'variable') return;
    const binding = fieldBehind(inner as unknown as VariableReference, flow);
    if (binding === null) other = true;
    else rows.set(binding.row.name, binding.row);
  });
  const [row, ...others] = rows.values();
  return other || row === undefined || others.length > 0 ? null : row;
}

function fieldBehind(node: VariableReference, flow: Flow): Extract<Binding, { kind: 'field' }> | null {
  const binding = flow.bindings.get(node.variable);
  const [field] = node.path;
  const own =
    field === undefined ? binding : binding?.kind === 'record' ? binding.fields.get(field) : undefined;
  return own?.kind === 'field' ? own : null;
}

/** Variables replaced by what the row's statement selects for them. */
function overColumns(node: Expression, origin: RowOrigin, flow: Flow): Expression | null {
  let missing = false;
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null) return value;
    const one = value as Expression;
    if (one.kind === 'variable') {
      const key = fieldBehind(one, flow)?.key;
      const field = origin.fields.find((each) => each.key === key);
      if (field === undefined || field.returned === true) missing = true;
      else if (field.cast === '') return field.target.expression;
      else
        return {
          kind: 'cast',
          operand: field.target.expression,
          typeName: field.cast.replace(/^::/, ''),
          type: field.type,
        } satisfies Expression;
    }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, visit(inner)]));
  };
  const replaced = visit(node) as Expression;
  return missing ? null : replaced;
}

/** NULL when a variable in it is NULL. */
function isStrict(node: Expression): boolean {
  switch (node.kind) {
    case 'variable':
      return true;
    case 'operator':
      return [node.left, node.right].some((side) => side !== null && isStrict(side));
    case 'cast':
      return isStrict(node.operand);
    case 'not':
      return node.operands.every(isStrict);
    default:
      return false;
  }
}

function freeKey(wanted: string, origin: RowOrigin): string {
  let key = wanted;
  for (let index = 2; origin.fields.some((field) => field.key === key); index += 1) key = `${wanted}${index}`;
  return key;
}
