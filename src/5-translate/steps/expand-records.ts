/**
 * A record or row variable that is filled more than once, or field by field, as one variable a field. One that a
 * single statement fills stays what it is: the row that the statement gave.
 */
import type { Catalog } from '../../1-read/catalog.js';
import type { Step, Target, Variable } from '../../3-parse/body.js';
import type { Expression, RowConstructor, VariableReference } from '../../3-parse/expression.js';
import { walk } from '../../4-classify/walk-body.js';
import type { StepList } from './normalize.js';
import { standalone } from './standalone.js';
import { givenColumns, rowColumns, type RowColumn } from './row-columns.js';
import { assignedBy, innerLists, readsIn, variableUses } from './variable-uses.js';

interface Field {
  readonly column: RowColumn;
  readonly variable: Variable;
}

/** The fields of each variable that is taken apart, by its id. */
type Records = ReadonlyMap<number, readonly Field[]>;

export function expandRecords(list: StepList, catalog: Catalog): StepList {
  const uses = variableUses(list.steps, list.variables.length);
  const variables = [...list.variables];
  const records = new Map<number, readonly Field[]>();
  for (const variable of list.variables) {
    const steps = assignments(variable.id, list.steps);
    const columns = columnsOf(variable, steps, catalog);
    const [first] = steps;
    const row = uses[variable.id]?.single === true && first !== undefined && 'statement' in first;
    if (columns === null || row || steps.length === 0) continue;
    if (!steps.every((step) => isTakenApart(step, variable.id, columns, catalog))) continue;
    if (!wholeReadsFit(variable.id, list.steps)) continue;
    const fields = columns.map((column): Field => {
      const field = fieldVariable(variable, column, variables.length);
      variables.push(field);
      return { column, variable: field };
    });
    records.set(variable.id, fields);
  }
  if (records.size === 0) return list;
  return { steps: list.steps.flatMap((step) => expanded(step, records)), variables };
}

/** A variable that stands for one field of a row variable. */
export interface FieldVariable extends Variable {
  readonly field: string;
}

export function fieldOf(variable: Variable): string | null {
  return 'field' in variable ? (variable as FieldVariable).field : null;
}

function fieldVariable(variable: Variable, column: RowColumn, id: number): FieldVariable {
  const { type, typmod } = column;
  const name = `${variable.name}_${column.name}`;
  const own = { id, name, field: column.name, type, typmod, notNull: false, default: null };
  return { ...variable, ...own, origin: 'declared' };
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
  if (variable.origin !== 'declared') return null;
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
  if (step.target.kind !== 'variable') return false;
  const { value } = step;
  if (value.kind === 'null') return true;
  if (value.kind === 'variable') return value.path.length === 0 && sameRow(value, columns, catalog);
  const row = rowOf(value);
  // What an assignment reads of its own target would be changed by then.
  return row !== null && row.items.length === columns.length && readsIn(row, id).length === 0;
}

function sameRow(node: VariableReference, columns: readonly RowColumn[], catalog: Catalog): boolean {
  const own = node.type === null ? null : rowColumns(catalog, node.type);
  return JSON.stringify(own) === JSON.stringify(columns);
}

/** `ROW(…)` and `(…)::type`. */
function rowOf(node: Expression): RowConstructor | null {
  if (node.kind === 'cast') return rowOf(node.operand);
  return node.kind === 'row' ? node : null;
}

/** As a whole it is only returned, assigned or tested for NULL. */
function wholeReadsFit(id: number, steps: readonly Step[]): boolean {
  const isWhole = (node: unknown): boolean => {
    const read = node as VariableReference | null;
    return read?.kind === 'variable' && read.variable === id && read.path.length === 0;
  };
  let fitting = 0;
  walk(steps, null, ({ node }) => {
    if (node.kind === 'null-test' && isWhole(node['operand'])) fitting += 1;
    if (['return', 'return-next', 'assign'].includes(node.kind) && isWhole(node['value'])) fitting += 1;
  });
  return readsIn(steps, id).filter(({ path }) => path.length === 0).length === fitting;
}

function expanded(step: Step, records: Records): readonly Step[] {
  if (step.kind === 'assign') {
    const fields = step.target.kind === 'unsupported-target' ? undefined : records.get(step.target.variable);
    if (fields !== undefined) return assignedFields(step, fields, records);
  }
  const inner = rewritten(step, records);
  if (inner.kind === 'for-query')
    return [{ ...inner, target: inner.target.flatMap((target) => fieldTargets(target, records)) }];
  if (inner.kind !== 'execute-sql' || inner.into === null) return [inner];
  const targets = inner.into.targets.flatMap((target) => fieldTargets(target, records));
  return [{ ...inner, into: { ...inner.into, targets } }];
}

function fieldTargets(target: Target, records: Records): readonly Target[] {
  const fields = target.kind === 'unsupported-target' ? undefined : records.get(target.variable);
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
  const chosen =
    target.kind === 'field' ? fields.filter(({ column }) => column.name === target.path[0]) : fields;
  const row = rowOf(value);
  return chosen.map(({ column, variable }, index): Step => {
    const part = (): Expression => {
      if (target.kind === 'field' || value.kind === 'null') return value;
      if (value.kind === 'variable') return { ...value, path: [column.name], type: column.type };
      return standalone(row?.items[index] ?? value);
    };
    return {
      ...step,
      target: { kind: 'variable', variable: variable.id },
      value: withFields(part(), records) as Expression,
    };
  });
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
    const fields = records.get(node.variable);
    if (fields !== undefined) return fieldsRead(node, fields);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withFields(inner, records, lists)]),
  );
}

function fieldsRead(node: VariableReference, fields: readonly Field[]): Expression {
  const read = ({ column, variable }: Field): VariableReference => ({
    ...node,
    variable: variable.id,
    name: `${node.name}.${column.name}`,
    path: [],
    type: column.type,
  });
  const [name, ...deeper] = node.path;
  if (name === undefined) return { kind: 'row', items: fields.map(read), type: node.type };
  const field = fields.find(({ column }) => column.name === name);
  if (field === undefined || deeper.length > 0)
    return { kind: 'unsupported', construct: `the field ${node.path.join('.')}`, sql: node.name, type: null };
  return read(field);
}
