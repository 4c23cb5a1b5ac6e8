/** INSERT with ON CONFLICT and RETURNING. */
import type { InsertStmt, Node, OnConflictClause } from '../sql/parse-body.js';
import { buildAssignments } from './build-assignments.js';
import { buildExpression } from './build-expression.js';
import { noteSchema, rangeOfRelation } from './build-from.js';
import { expandRowStar } from './build-row-star.js';
import { buildSelect } from './build-select.js';
import { unsupportedStatement } from './build-statement.js';
import { buildTargets } from './build-targets.js';
import { buildWith } from './build-with.js';
import type { Expression, ParameterReference, VariableReference } from './expression.js';
import type { Range, Scope } from './scope.js';
import { emptyScope, visibleColumns } from './scope.js';
import type { Insert, OnConflict, Statement } from './statement.js';
import type { StatementContext } from './statement-context.js';
import { newRange } from './statement-context.js';
import { statementText } from './statement-text.js';

export function buildInsert(context: StatementContext, outer: Scope, node: InsertStmt): Statement {
  const relation = context.lookup.relation(node.relation?.schemaname ?? null, node.relation?.relname ?? '');
  if (!relation || !node.relation)
    return unsupportedStatement(
      context,
      { InsertStmt: node },
      'INSERT into a relation that the catalog does not show',
    );
  const { tables, scope: own } = buildWith(context, outer, node.withClause);
  noteSchema(context, node.relation, relation);
  const { item, range } = rangeOfRelation(context, relation, node.relation);
  const columns = (node.cols ?? []).flatMap((each) => ('ResTarget' in each ? [each.ResTarget] : []));
  if (columns.some((each) => each.indirection))
    return unsupportedStatement(context, { InsertStmt: node }, 'INSERT into a part of a column');
  const given = buildSource(context, own, node.selectStmt);
  const width =
    given.kind === 'values'
      ? (given.rows[0]?.length ?? 0)
      : given.kind === 'select'
        ? given.select.targets.length
        : 0;
  const written =
    columns.length > 0
      ? columns.map((each) => each.name ?? '')
      : relation.columns.slice(0, width).map((column) => column.name);
  const types = written.map((name) => relation.columns.find((column) => column.name === name)?.type ?? null);
  const source = given.kind === 'values' ? { ...given, rows: resolved(given.rows, types) } : given;
  const target: Scope = { parent: own, ranges: [range], visible: visibleColumns(range), commonTables: [] };
  const overriding = { OVERRIDING_SYSTEM_VALUE: 'system', OVERRIDING_USER_VALUE: 'user' } as const;
  return {
    kind: 'insert',
    ...statementText(context, { InsertStmt: { ...node, withClause: {} } }),
    with: tables,
    into: item,
    insertColumns: written,
    source,
    overriding: overriding[node.override as keyof typeof overriding] ?? null,
    onConflict: node.onConflictClause ? buildOnConflict(context, target, range, node.onConflictClause) : null,
    returning: buildTargets(context, target, node.returningClause?.exprs ?? []),
  };
}

function buildSource(context: StatementContext, scope: Scope, node: Node | undefined): Insert['source'] {
  if (!node || !('SelectStmt' in node)) return { kind: 'default-values' };
  const select = node.SelectStmt;
  const plain =
    select.valuesLists &&
    !select.withClause &&
    !select.sortClause &&
    !select.limitCount &&
    !select.limitOffset;
  if (!plain) return { kind: 'select', select: buildSelect(context, scope, select) };
  const inside: Scope = { ...emptyScope, parent: scope };
  const rows = (select.valuesLists ?? []).map((list) =>
    'List' in list
      ? (list.List.items ?? []).flatMap(
          (item) => expandedRow(context, item) ?? buildExpression(context, inside, item),
        )
      : [],
  );
  return { kind: 'values', rows };
}

function expandedRow(context: StatementContext, item: Node): readonly Expression[] | null {
  return expandRowStar(context, item)?.map(({ expression }) => expression) ?? null;
}

/** An untyped parameter in a single row of VALUES takes its column's type; of a field of `v.*` nobody is asked. */
function resolved(
  rows: readonly (readonly Expression[])[],
  types: readonly (number | null)[],
): readonly (readonly Expression[])[] {
  const [only = [], ...others] = rows;
  if (others.length > 0) return rows;
  const isField = (item: Expression): item is VariableReference | ParameterReference =>
    (item.kind === 'variable' || item.kind === 'parameter') && item.path.length > 0;
  return [only.map((item, place) => (isField(item) ? withType(item, types[place] ?? null) : item))];
}

function withType(item: VariableReference | ParameterReference, type: number | null): Expression {
  return item.inferred === null && item.type === type ? { ...item, inferred: type } : item;
}

function buildOnConflict(
  context: StatementContext,
  target: Scope,
  range: Range,
  node: OnConflictClause,
): OnConflict {
  const excluded: Range = {
    ...range,
    id: newRange(context),
    alias: 'excluded',
    schema: null,
    excluded: true,
  };
  const scope: Scope = { ...target, ranges: [...target.ranges, excluded] };
  return {
    action: node.action === 'ONCONFLICT_UPDATE' ? 'update' : 'nothing',
    target: conflictTarget(context, target, node),
    set: buildAssignments(context, scope, node.targetList ?? []),
    where: node.whereClause ? buildExpression(context, scope, node.whereClause) : null,
  };
}

function conflictTarget(
  context: StatementContext,
  scope: Scope,
  node: OnConflictClause,
): OnConflict['target'] {
  const { infer } = node;
  if (!infer) return null;
  if (infer.conname) return { kind: 'constraint', name: infer.conname };
  const elements = (infer.indexElems ?? []).flatMap((each) => ('IndexElem' in each ? [each.IndexElem] : []));
  const names = elements.map((each) => each.name);
  for (const name of names) {
    // PostgreSQL resolves these names like any column reference, so a variable of the name clashes.
    if (name !== undefined && context.names.conflict === 'error' && context.names.resolve([name])) {
      context.errors.push(
        `column reference "${name}" is ambiguous: it could refer to either a PL/pgSQL variable or a table column`,
      );
    }
  }
  if (
    names.every((name) => name !== undefined) &&
    elements.every((each) => !each.collation && !each.opclass)
  ) {
    const where = infer.whereClause ? buildExpression(context, scope, infer.whereClause) : null;
    return { kind: 'columns', columns: names, where };
  }
  for (const element of elements) if (element.expr) buildExpression(context, scope, element.expr);
  if (infer.whereClause) buildExpression(context, scope, infer.whereClause);
  return { kind: 'expressions', sql: targetText(context, infer.location ?? 0) };
}

/** `(lower(email)) WHERE active`: up to the DO that follows it. */
function targetText(context: StatementContext, start: number): string {
  const last = context.tokens.findLast(
    (token) => token.start < endOfTarget(context, start) && token.start >= start,
  );
  return context.bytes.subarray(start, last?.end ?? start).toString();
}

function endOfTarget(context: StatementContext, start: number): number {
  const word = context.tokens.find((token) => token.start >= start && /^do$/i.test(token.text));
  return word?.start ?? context.bytes.length;
}
