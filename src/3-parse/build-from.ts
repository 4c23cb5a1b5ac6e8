/** FROM items: the tree and what they bring into scope. */
import type { Relation } from '../1-read/catalog.js';
import type { Node, RangeSubselect, RangeVar } from '../sql/parse-body.js';
import { buildJoin } from './build-join.js';
import { buildRangeFunction } from './build-range-function.js';
import { buildSelect } from './build-select.js';
import { columnsOfTargets } from './build-targets.js';
import type { Range, Scope, VisibleColumn } from './scope.js';
import { findCommonTable, relationColumns, visibleColumns } from './scope.js';
import type { FromItem, RangeTable } from './statement.js';
import type { StatementContext } from './statement-context.js';
import { newRange } from './statement-context.js';

export interface BuiltFrom {
  readonly item: FromItem;
  readonly ranges: readonly Range[];
  readonly visible: readonly VisibleColumn[];
}

/** A whole FROM list. Later items see earlier ones, as LATERAL and functions may. */
export function buildFromList(
  context: StatementContext,
  outer: Scope,
  nodes: readonly Node[],
): { items: readonly FromItem[]; scope: Scope } {
  let scope: Scope = outer;
  const items = nodes.map((node) => {
    const built = buildFromItem(context, scope, node);
    scope = extendScope(scope, built);
    return built.item;
  });
  return { items, scope };
}

export function extendScope(scope: Scope, built: Pick<BuiltFrom, 'ranges' | 'visible'>): Scope {
  return {
    ...scope,
    ranges: [...scope.ranges, ...built.ranges],
    visible: [...scope.visible, ...built.visible],
  };
}

/** One item of a FROM list, or one side of a join. */
export function buildFromItem(context: StatementContext, scope: Scope, node: Node): BuiltFrom {
  if ('RangeVar' in node) return buildRelation(context, scope, node.RangeVar);
  if ('JoinExpr' in node) return buildJoin(context, scope, node.JoinExpr);
  if ('RangeSubselect' in node) return buildSubselect(context, scope, node.RangeSubselect);
  if ('RangeFunction' in node) return buildRangeFunction(context, scope, node.RangeFunction);
  const construct =
    'RangeTableSample' in node ? 'TABLESAMPLE' : 'JsonTable' in node ? 'JSON_TABLE' : 'XMLTABLE';
  const alias =
    'JsonTable' in node
      ? node.JsonTable.alias
      : 'RangeTableFunc' in node
        ? node.RangeTableFunc.alias
        : undefined;
  const sampled = 'RangeTableSample' in node ? node.RangeTableSample.relation : undefined;
  const inner = sampled && 'RangeVar' in sampled ? buildRelation(context, scope, sampled.RangeVar) : null;
  return {
    ...(inner ?? unknownItem(context, alias?.aliasname ?? '')),
    item: unsupportedRange(context, construct),
  };
}

/** The table, view or common table of a FROM item. */
export function buildRelation(context: StatementContext, scope: Scope, node: RangeVar): BuiltFrom {
  const name = node.relname ?? '';
  const alias = node.alias?.aliasname ?? name;
  const renamed = namesOf(node.alias?.colnames);
  const common = node.schemaname === undefined ? findCommonTable(scope, name) : null;
  if (common) {
    const columns =
      common.columns?.map((column, index) => ({ ...column, name: renamed[index] ?? column.name })) ?? null;
    const range: Range = {
      id: newRange(context),
      alias,
      schema: null,
      columns,
      relation: null,
      rowType: null,
      excluded: false,
    };
    if (renamed.length > 0)
      return { ...shown(range), item: unsupportedRange(context, 'column aliases of a common table') };
    return { ...shown(range), item: { kind: 'common-table', range: range.id, name, alias } };
  }
  const relation = context.lookup.relation(node.schemaname ?? null, name);
  if (!relation || relation.kind === 'sequence' || relation.kind === 'composite') {
    return {
      ...unknownItem(context, alias),
      item: unsupportedRange(context, `relation ${[node.schemaname, name].filter(Boolean).join('.')}`),
    };
  }
  noteSchema(context, node, relation);
  const { item, range } = rangeOfRelation(context, relation, node);
  if (renamed.length > 0) {
    const columns = relationColumns(relation).map((column, index) => ({
      ...column,
      name: renamed[index] ?? column.name,
    }));
    return { ...shown({ ...range, columns }), item: unsupportedRange(context, 'column aliases of a table') };
  }
  return { ...shown(range), item: node.inh ? item : unsupportedRange(context, 'ONLY') };
}

/** The target of INSERT, UPDATE, DELETE, or a table in FROM. */
export function rangeOfRelation(
  context: StatementContext,
  relation: Relation,
  node: RangeVar,
): { item: RangeTable; range: Range } {
  const alias = node.alias?.aliasname ?? relation.name;
  const id = newRange(context);
  const view = relation.kind === 'view' || relation.kind === 'materialized-view';
  return {
    item: {
      kind: 'table',
      range: id,
      schema: relation.schema,
      table: relation.name,
      oid: relation.oid,
      relationKind: view ? 'view' : 'table',
      alias,
      aliased: node.alias !== undefined,
    },
    range: {
      id,
      alias,
      schema: node.alias ? null : relation.schema,
      columns: relationColumns(relation),
      relation,
      rowType: relation.rowType,
      excluded: false,
    },
  };
}

/** Under the login's search path an unqualified name may mean nothing, or another table. */
export function noteSchema(context: StatementContext, node: RangeVar, relation: Relation): void {
  if (!context.loginLookup || node.schemaname !== undefined) return;
  if (context.loginLookup.relation(null, relation.name)?.oid === relation.oid) return;
  context.insertions.push({ at: node.location ?? 0, text: `"${relation.schema.replaceAll('"', '""')}".` });
}

export function shown(range: Range): Pick<BuiltFrom, 'ranges' | 'visible'> {
  return { ranges: [range], visible: visibleColumns(range) };
}

export function unknownItem(context: StatementContext, alias: string): Pick<BuiltFrom, 'ranges' | 'visible'> {
  context.incomplete = true;
  return {
    ranges: [
      {
        id: newRange(context),
        alias,
        schema: null,
        columns: null,
        relation: null,
        rowType: null,
        excluded: false,
      },
    ],
    visible: [],
  };
}

export function unsupportedRange(context: StatementContext, construct: string): FromItem {
  context.incomplete = true;
  return { kind: 'unsupported-range', construct, sql: context.text };
}

export function namesOf(nodes: readonly Node[] | undefined): readonly string[] {
  return (nodes ?? []).map((node) => ('String' in node ? (node.String.sval ?? '') : ''));
}

function buildSubselect(context: StatementContext, scope: Scope, node: RangeSubselect): BuiltFrom {
  const lateral = node.lateral ?? false;
  const inner: Scope = lateral ? scope : { ...scope, ranges: [], visible: [] };
  const alias = node.alias?.aliasname ?? '';
  const columnNames = namesOf(node.alias?.colnames);
  if (!node.subquery || !('SelectStmt' in node.subquery)) {
    return { ...unknownItem(context, alias), item: unsupportedRange(context, 'subquery') };
  }
  const select = buildSelect(context, inner, node.subquery.SelectStmt);
  const columns = columnsOfTargets(select.targets, columnNames);
  const range: Range = {
    id: newRange(context),
    alias,
    schema: null,
    columns,
    relation: null,
    rowType: null,
    excluded: false,
  };
  return {
    ...shown(range),
    item: { kind: 'subquery', range: range.id, alias, lateral, select, columnNames },
  };
}
