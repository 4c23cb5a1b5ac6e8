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
import { givenColumns, rowColumns, type RowColumn } from './row-columns.js';
import { assignedBy, innerLists, readsIn, variableUses } from './variable-uses.js';
import { isAlwaysRow, rowOf, wholeReadsFit } from './whole-row-reads.js';

interface Field {
  readonly column: RowColumn;
  readonly variable: Variable;
  /** What the row is cast to where it is read as a whole; null: it has no type of its own. */
  readonly row: string | null;
  readonly read: boolean;
}

interface Records {
  /** The fields of each variable that is taken apart, by its id. */
  readonly fields: ReadonlyMap<number, readonly Field[]>;
  /** All variables of the body, to which more may come. */
  readonly variables: Variable[];
}

export function expandRecords(list: StepList, catalog: Catalog): StepList {
  const uses = variableUses(list.steps, list.variables.length);
  const variables = [...list.variables];
  const found = new Map<number, readonly Field[]>();
  for (const variable of list.variables) {
    const steps = assignments(variable.id, list.steps);
    const columns = columnsOf(variable, steps, catalog);
    const [first] = steps;
    const given = uses[variable.id]?.single === true && first !== undefined && 'statement' in first;
    if (columns === null || steps.length === 0) continue;
    const fits = wholeReadsFit(variable.id, list.steps);
    if (fits ? given : !isAlwaysRow(variable, list.steps)) continue;
    if (!steps.every((step) => isTakenApart(step, variable.id, columns, catalog))) continue;
    const row = variable.type === null ? null : typeName(catalog, variable.type);
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
  return { steps: list.steps.flatMap((step) => expanded(step, records)), variables };
}

/** Every step at any depth that assigns the variable or a part of it. */
function assignments(id: number, steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step) => [
    ...(assignedBy(step).includes(id) ? [step] : []),
    ...innerLists(step).flatMap((list) => assignments(id, list)),
  ]);
}

/** Of a RECORD: the columns that all of its statements agree on. */
function columnsOf(
  variable: Variable,
  steps: readonly Step[],
  catalog: Catalog,
): readonly RowColumn[] | null {
  if (variable.origin !== 'declared' || variable.notNull) return null;
  if (variable.type !== null) return rowColumns(catalog, variable.type);
  const shapes = steps.map((step) => ('statement' in step ? givenColumns(step.statement) : null));
  const [first] = shapes;
  const same = shapes.every((shape) => JSON.stringify(shape) === JSON.stringify(first));
  return same && first !== undefined ? first : null;
}

function isTakenApart(step: Step, id: number, columns: readonly RowColumn[], catalog: Catalog): boolean {
  const isField = (path: readonly string[]): boolean =>
    path.length === 1 && columns.some(({ name }) => name === path[0]);
  if (step.kind === 'execute-sql' || step.kind === 'for-query') {
    const targets = step.kind === 'for-query' ? step.target : (step.into?.targets ?? []);
    const own = targets.filter((target) => 'variable' in target && target.variable === id);
    const whole = targets.length === 1 && targets[0]?.kind === 'variable';
    return whole || own.every((target) => target.kind === 'field' && isField(target.path));
  }
  if (step.kind !== 'assign') return false;
  if (step.target.kind === 'field') return isField(step.target.path);
  if (step.target.kind === 'element') return isField(fieldOfElement(step.target.element));
  if (step.target.kind !== 'variable') return false;
  const { value } = step;
  if (value.kind === 'null') return true;
  if (value.kind === 'variable') return value.path.length === 0 && sameRow(value, columns, catalog);
  const row = rowOf(value);
  return row !== null && row.items.length === columns.length;
}

function sameRow(node: VariableReference, columns: readonly RowColumn[], catalog: Catalog): boolean {
  const own = node.type === null ? null : rowColumns(catalog, node.type);
  return JSON.stringify(own) === JSON.stringify(columns);
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
  { element }: Extract<Target, { kind: 'element' }>,
  fields: readonly Field[],
  records: Records,
): Step {
  const [name] = fieldOfElement(element);
  const variable = fields.find(({ column }) => column.name === name)?.variable.id ?? -1;
  const target: Target = { kind: 'element', variable, element: withFields(element, records) as Expression };
  return { ...step, target, value: withFields(step.value, records) as Expression };
}

function fieldOfElement(element: Expression): readonly string[] {
  if (element.kind === 'subscript') return fieldOfElement(element.operand);
  return element.kind === 'variable' ? element.path : [];
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
  const assigned = (variable: Variable, part: Expression): Step => ({
    ...step,
    target: { kind: 'variable', variable: variable.id },
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
    return row === null ? operand : { kind: 'cast', operand, typeName: row, type: node.type };
  }
  const field = fields.find(({ column }) => column.name === name);
  if (field === undefined || deeper.length > 0)
    return { kind: 'unsupported', construct: `the field ${node.path.join('.')}`, sql: node.name, type: null };
  return readField(node, field);
}
