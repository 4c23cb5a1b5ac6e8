/** Names: columns, parameters, variables, whole rows; and what is selected from a value. */
import type { A_Indirection, ColumnRef, Node, ParamRef } from '../sql/parse-body.js';
import type { Expression } from './expression.js';
import type { Scope } from './scope.js';
import { findColumn, findRange, visibleColumns } from './scope.js';
import type { StatementContext } from './statement-context.js';
import { endOfName, occur, unsupported } from './statement-context.js';

/**
 * A column wins over a parameter of the same name in SQL routines. In PL/pgSQL both being there is
 * an error of the routine, unless #variable_conflict says which wins (PostgreSQL manual, 41.11.1).
 */
export function buildColumnReference(
  context: StatementContext,
  scope: Scope,
  reference: ColumnRef,
): Expression {
  const fields = fieldNames(reference.fields ?? []);
  if (fields === null) return unsupported(context, 'row expansion', { ColumnRef: reference });
  const start = reference.location ?? 0;
  const variable = context.names.resolve(fields);
  const useVariable = (): Expression | null =>
    variable && occur(context, start, endOfName(context, start, fields.length), variable);

  if (variable && context.names.conflict === 'variable') return useVariable() ?? variable;
  const column = findColumn(scope, fields) ?? wholeRow(scope, fields);
  if (column && variable && context.names.conflict === 'error' && !isGuess(column)) {
    context.errors.push(
      `column reference "${fields.join('.')}" is ambiguous: it could refer to either a PL/pgSQL variable or a table column`,
    );
  }
  // A column of an item whose columns are not known is only a guess; a known variable is none.
  const chosen = column && !(variable && isGuess(column)) ? column : (useVariable() ?? column);
  if (chosen) return chosen;
  // Nothing was left out: when PostgreSQL refuses the statement too, the name means nothing there.
  const { incomplete } = context;
  const unknown = unsupported(context, `name ${fields.join('.')}`, { ColumnRef: reference });
  context.incomplete = incomplete;
  return unknown;
}

/** `$n`. */
export function buildPositional(context: StatementContext, reference: ParamRef): Expression {
  const number = reference.number ?? 0;
  const start = reference.location ?? 0;
  const node = context.names.positional(number);
  if (node) return occur(context, start, start + 1 + String(number).length, node);
  return unsupported(context, `parameter $${number}`, { ParamRef: reference });
}

/** `(x).field`, `x[1]`, `x[1:2]`, any number of them. */
export function buildIndirection(
  context: StatementContext,
  scope: Scope,
  node: A_Indirection,
  build: (node: Node | undefined) => Expression,
): Expression {
  let value = build(node.arg);
  // Of several subscripts in a row, one for each dimension, the array is what stands before the first.
  let array: number | null = null;
  let sliced = false;
  for (const step of node.indirection ?? []) {
    const further = array !== null;
    if (!('A_Indices' in step) || !further) sliced = false;
    array = 'A_Indices' in step ? (array ?? value.type) : null;
    if ('String' in step) value = selectField(context, scope, value, step.String.sval ?? '');
    else if ('A_Indices' in step) {
      const { lidx, uidx, is_slice: slice = false } = step.A_Indices;
      const element = array === null ? undefined : context.lookup.catalog.types.get(array);
      // One slice among them makes all of them slices (PostgreSQL manual, 8.15.3).
      sliced ||= slice;
      const type = sliced ? array : element && element.category === 'A' ? element.element : null;
      value = {
        kind: 'subscript',
        operand: value,
        lower: lidx ? build(lidx) : null,
        upper: uidx ? build(uidx) : null,
        slice,
        ...(further ? { further } : {}),
        type,
      };
    } else value = unsupported(context, 'row expansion', { A_Indirection: node });
  }
  return value;
}

/** The dotted parts of a name; null when it ends in a star. */
export function fieldNames(fields: readonly Node[]): readonly string[] | null {
  const names = fields.map((field) => ('String' in field ? (field.String.sval ?? '') : null));
  return names.some((name) => name === null) ? null : (names as readonly string[]);
}

function selectField(
  context: StatementContext,
  scope: Scope,
  operand: Expression,
  field: string,
): Expression {
  if (operand.kind === 'whole-row') {
    const range = findRangeById(scope, operand.range);
    const column =
      range &&
      findColumn({ parent: null, ranges: [range], visible: [], commonTables: [] }, [range.alias, field]);
    if (column) return column;
  }
  return { kind: 'field', operand, field, type: fieldType(context, operand.type, field) };
}

/** Type of a composite's field by the catalog. */
export function fieldType(
  context: Pick<StatementContext, 'lookup'>,
  composite: number | null,
  field: string,
): number | null {
  const type = composite === null ? undefined : context.lookup.catalog.types.get(composite);
  const base = type?.kind === 'domain' ? context.lookup.catalog.types.get(type.baseType) : type;
  const relation = base && base.relation !== 0 ? context.lookup.relationByOid(base.relation) : null;
  return relation?.columns.find((column) => column.name === field)?.type ?? null;
}

function wholeRow(scope: Scope, fields: readonly string[]): Expression | null {
  const range = fields.length === 1 ? findRange(scope, fields[0] ?? '') : null;
  if (range === null) return null;
  // PostgreSQL makes it a reference to the function's only column (makeWholeRowVar in makefuncs.c).
  if (range.scalar === true) return visibleColumns(range)[0]?.expression ?? null;
  return { kind: 'whole-row', range: range.id, type: range.rowType };
}

function findRangeById(scope: Scope, id: number): Scope['ranges'][number] | null {
  for (let level: Scope | null = scope; level; level = level.parent) {
    const found = level.ranges.find((range) => range.id === id);
    if (found) return found;
  }
  return null;
}

function isGuess(expression: Expression): boolean {
  return expression.kind === 'column' && expression.type === null;
}
