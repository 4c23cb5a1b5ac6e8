/** The variables after a statement that filled them: fields of its row, or values of their own. */
import type { Variable } from '../../3-parse/body.js';
import type { Code, Line } from '../code.js';
import { typeName } from '../arguments.js';
import { mayRefuseNull } from '../refuses-null.js';
import { unsupported } from '../untranslatable.js';
import { required } from './assign.js';
import type { Assigned } from './assigned-fields.js';
import { notAssignable, useOf, variableOf, type StepsContext } from './context.js';
import { fieldOf as fieldOfRecord } from './field-variable.js';
import { branchOf, type Binding, type Flow, type Row } from './flow.js';
import { evaluated } from './send.js';

export function bindRow(
  assigned: readonly Assigned[],
  row: Row,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): void {
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
    const { type } = variableOf(context, first.target.variable);
    if (!useOf(context, first.target.variable).single)
      unsupported(
        type === null
          ? 'a record that is assigned rows of other columns'
          : 'a row variable that is assigned twice',
      );
    if (assigned.some((each) => takesNull(each, true, row, context, flow)))
      unsupported('a row variable with a domain that may refuse NULL');
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
    if (takesNull(each, fieldOfRecord(variable) !== null, row, context, flow))
      refuseNull(each, row, context, flow, out);
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
      notAssignable(variable);
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

/**
 * NULL, which its domain may refuse, is assigned where there is no row. The field of a row variable is only cast
 * when its type is another than the column's.
 */
function takesNull(
  { type, absent, how }: Assigned,
  ofRow: boolean,
  row: Row,
  context: StepsContext,
  flow: Flow,
): boolean {
  const missing = absent || !(row.certain || flow.present.has(row.name));
  const cast = !ofRow || absent || how.cast !== '';
  return missing && cast && mayRefuseNull(context.input.catalog, type);
}

/** PostgreSQL raises the domain's own error. */
function refuseNull(
  { type, absent }: Assigned,
  row: Row,
  context: StepsContext,
  flow: Flow,
  out: Line[],
): void {
  const branch = branchOf(flow);
  const name = typeName(context.input.catalog, type);
  const lines: Line[] = [{ kind: 'comment', text: `NULL, which ${name} may refuse` }];
  const cast = `::${name}`;
  const { code } = evaluated({ kind: 'null', type: null }, cast, type, context, branch, lines);
  lines.push({ kind: 'expression', value: code });
  flow.peak = Math.max(flow.peak, branch.statements);
  if (absent) out.push(...lines);
  else
    out.push({
      kind: 'if',
      test: { kind: 'not', value: { kind: 'local', name: row.name } },
      then: lines,
      otherwise: null,
    });
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
