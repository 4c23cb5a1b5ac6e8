/**
 * A record or row variable that is filled more than once, or field by field, as one variable a field. One that a
 * single statement fills stays what it is: the row that the statement gave.
 */
import type { Catalog } from '../../1-read/catalog.js';
import type { Step, Target, Variable } from '../../3-parse/body.js';
import type { Expression, VariableReference } from '../../3-parse/expression.js';
import { typeName } from '../arguments.js';
import { fieldVariable } from './field-variable.js';
import type { StepList } from './normalize.js';
import { standalone } from './standalone.js';
import type { RowColumn } from './row-columns.js';
import { assignments, columnsOf, fieldOfElement, isTakenApart, rowTypeOf } from './taken-apart.js';
import { innerLists, readsIn, variableUses } from './variable-uses.js';
import { isAlwaysRow, rowOf, wholeReadsFit } from './whole-row-reads.js';

interface Field {
  readonly column: RowColumn;
  readonly variable: Variable;
  /** What the row is cast to where it is read as a whole; null: it has no type of its own. */
  readonly row: { readonly name: string; readonly type: number } | null;
  readonly read: boolean;
}

interface Records {
  /** The fields of each variable that is taken apart, by its id. */
  readonly fields: ReadonlyMap<number, readonly Field[]>;
  /** All variables of the body, to which more may come. */
  readonly variables: Variable[];
}

export function expandRecords(given: StepList, catalog: Catalog): StepList {
  const list = { ...given, steps: withPlainFields(given.steps) as readonly Step[] };
  const uses = variableUses(list.steps, list.variables.length);
  const variables = [...list.variables];
  const found = new Map<number, readonly Field[]>();
  for (const variable of list.variables) {
    const steps = assignments(variable.id, list.steps);
    const columns = columnsOf(variable, steps, catalog);
    const [first] = steps;
    const filled = uses[variable.id]?.single === true && first !== undefined && 'statement' in first;
    if (columns === null || steps.length === 0) continue;
    const fits = wholeReadsFit(variable.id, list.steps);
    const type = variable.type ?? rowTypeOf(steps, catalog);
    if (fits ? filled : type === null || !isAlwaysRow(variable.id, list.steps)) continue;
    if (!steps.every((step) => isTakenApart(step, variable.id, columns, catalog))) continue;
    const row = type === null ? null : { name: typeName(catalog, type), type };
    const reads = readsIn(list.steps, variable.id).map(({ path }) => path[0]);
    const fields = columns.map((column): Field => {
      const field = fieldVariable(variable, column, variables.length);
      variables.push(field);
      return { column, variable: field, row, read: reads.includes(undefined) || reads.includes(column.name) };
    });
    found.set(variable.id, fields);
  }
  if (found.size === 0) return list;
  const records: Records = { fields: found, variables };
  const steps = list.steps.flatMap((step) => expanded(step, records));
  // What stands for a field may be a row itself.
  return expandRecords({ steps, variables }, catalog);
}

/** `(r).f` is `r.f`. */
function withPlainFields(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(withPlainFields);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const node = value as Expression;
  // A target that is a field has no operand.
  const read = node.kind === 'field' && 'operand' in node ? node.operand : null;
  if (node.kind === 'field' && read?.kind === 'variable' && read.path.length === 0)
    return { ...read, path: [node.field], type: node.type, inferred: null };
  const entries = Object.entries(value).map(([key, inner]) => [key, withPlainFields(inner)] as const);
  const same = entries.every(([key, inner]) => inner === (value as Readonly<Record<string, unknown>>)[key]);
  return same ? value : Object.fromEntries(entries);
}

function expanded(step: Step, records: Records): readonly Step[] {
  if (step.kind === 'assign') {
    const fields =
      step.target.kind === 'unsupported-target' ? undefined : records.fields.get(step.target.variable);
    if (fields !== undefined && step.target.kind === 'element')
      return [assignedElement(step, step.target, fields, records)];
    if (fields !== undefined) return assignedFields(step, fields, records);
  }
  const inner = rewritten(step, records);
  if (inner.kind === 'for-query')
    return [{ ...inner, target: inner.target.flatMap((target) => fieldTargets(target, records)) }];
  if (inner.kind !== 'execute-sql' || inner.into === null) return [inner];
  const targets = inner.into.targets.flatMap((target) => fieldTargets(target, records));
  return [{ ...inner, into: { ...inner.into, targets } }];
}

/** `r.a[i] := …` of the variable that stands for the field. */
function assignedElement(
  step: Extract<Step, { kind: 'assign' }>,
  given: Extract<Target, { kind: 'element' }>,
  fields: readonly Field[],
  records: Records,
): Step {
  const { element } = given;
  const [name] = fieldOfElement(element);
  const variable = fields.find(({ column }) => column.name === name)?.variable.id ?? -1;
  const own = withFields(element, records) as Expression;
  const target: Target = { ...given, variable, element: own };
  return { ...step, target, value: withFields(step.value, records) as Expression };
}

function fieldTargets(target: Target, records: Records): readonly Target[] {
  const fields = target.kind === 'unsupported-target' ? undefined : records.fields.get(target.variable);
  if (fields === undefined) return [target];
  const chosen =
    target.kind === 'field' ? fields.filter(({ column }) => column.name === target.path[0]) : fields;
  return chosen.map(({ variable }) => ({ kind: 'variable', variable: variable.id }));
}

function assignedFields(
  step: Extract<Step, { kind: 'assign' }>,
  fields: readonly Field[],
  records: Records,
): readonly Step[] {
  const { target, value } = step;
  // What is only handed on is dropped where nothing reads it: it cannot fail.
  const handedOn = target.kind !== 'field' && (value.kind === 'variable' || value.kind === 'null');
  const chosen = fields.filter(({ column, read }) =>
    target.kind === 'field' ? column.name === target.path[0] : read || !handedOn,
  );
  const row = rowOf(value);
  const deeper = target.kind === 'field' ? target.path.slice(1) : [];
  const assigned = ({ id }: Variable, part: Expression): Step => ({
    ...step,
    target:
      deeper.length === 0
        ? { kind: 'variable', variable: id }
        : { kind: 'field', variable: id, path: deeper },
    value: withFields(part, records) as Expression,
  });
  const before: Step[] = [];
  const parts = chosen.map(({ column, variable }, index): Expression => {
    if (target.kind === 'field' || value.kind === 'null') return value;
    if (value.kind === 'variable') return { ...value, path: [column.name], type: column.type };
    const part = standalone(row?.items[index] ?? value);
    if (index === 0 || readsIn(part, ownId(target)).length === 0) return part;
    // What it reads of its own row would be assigned by then.
    const kept: Variable = { ...variable, id: records.variables.length, name: `new_${column.name}` };
    records.variables.push(kept);
    before.push(assigned(kept, part));
    return { ...reference(kept), type: kept.type };
  });
  return [...before, ...chosen.map(({ variable }, index) => assigned(variable, parts[index] ?? value))];
}

function ownId(target: Target): number {
  return target.kind === 'unsupported-target' ? -1 : target.variable;
}

function reference({ id, name, type }: Variable): VariableReference {
  return { kind: 'variable', variable: id, name, path: [], type, inferred: null };
}

/** Steps inside a step are taken apart as steps, everything else as expressions. */
function rewritten(step: Step, records: Records): Step {
  const lists = new Map<unknown, readonly Step[]>();
  for (const list of innerLists(step))
    lists.set(
      list,
      list.flatMap((inner) => expanded(inner, records)),
    );
  return withFields(step, records, lists) as Step;
}

function withFields(value: unknown, records: Records, lists?: ReadonlyMap<unknown, unknown>): unknown {
  const known = lists?.get(value);
  if (known !== undefined) return known;
  if (Array.isArray(value)) return value.map((item) => withFields(item, records, lists));
  if (typeof value !== 'object' || value === null) return value;
  const node = value as Expression;
  if (node.kind === 'variable' && 'path' in node) {
    const fields = records.fields.get(node.variable);
    if (fields !== undefined) return fieldsRead(node, fields);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      bareRow(node.kind, key, inner, records) ?? withFields(inner, records, lists),
    ]),
  );
}

/** Where only the fields matter: a test for NULL, and what is returned or assigned by itself. */
function bareRow(kind: string, key: string, value: unknown, records: Records): Expression | null {
  const place =
    kind === 'null-test' ? 'operand' : /^(return|return-next|assign)$/.test(kind) ? 'value' : null;
  const node = value as Expression | null;
  if (key !== place || node?.kind !== 'variable' || node.path.length > 0) return null;
  const fields = records.fields.get(node.variable);
  return fields === undefined ? null : rowOfFields(node, fields);
}

function rowOfFields(node: VariableReference, fields: readonly Field[]): Expression {
  return { kind: 'row', items: fields.map((field) => readField(node, field)), type: node.type };
}

function readField(node: VariableReference, { column, variable }: Field): VariableReference {
  const name = `${node.name}.${column.name}`;
  return { ...node, variable: variable.id, name, path: [], type: column.type };
}

function fieldsRead(node: VariableReference, fields: readonly Field[]): Expression {
  const [name, ...deeper] = node.path;
  if (name === undefined) {
    const operand = rowOfFields(node, fields);
    const row = fields[0]?.row ?? null;
    return row === null ? operand : { kind: 'cast', operand, typeName: row.name, type: row.type };
  }
  const field = fields.find(({ column }) => column.name === name);
  if (field === undefined)
    return { kind: 'unsupported', construct: `the field ${node.path.join('.')}`, sql: node.name, type: null };
  const own = readField(node, field);
  return deeper.length === 0 ? own : { ...own, path: deeper, type: node.type };
}
