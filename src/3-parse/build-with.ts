/** WITH: common tables, data-modifying ones included. */
import type { CommonTableExpr, WithClause } from '../sql/parse-body.js';
import { namesOf } from './build-from.js';
import { buildNestedStatement } from './build-statement.js';
import { columnsOfTargets } from './build-targets.js';
import type { CommonTableColumns, Scope } from './scope.js';
import type { CommonTable, Statement } from './statement.js';
import type { StatementContext } from './statement-context.js';
import { newRange, unsupported } from './statement-context.js';

/** Gives the scope in which the statement itself is built; without WITH, a copy of `outer`. */
export function buildWith(
  context: StatementContext,
  outer: Scope,
  clause: WithClause | undefined,
): { tables: readonly CommonTable[]; scope: Scope } {
  let scope: Scope = { parent: outer, ranges: [], visible: [], commonTables: [] };
  const tables: CommonTable[] = [];
  for (const node of clause?.ctes ?? []) {
    if (!('CommonTableExpr' in node) || !node.CommonTableExpr.ctequery) continue;
    const table = node.CommonTableExpr;
    const names = namesOf(table.aliascolnames);
    const itself = clause?.recursive
      ? withTable(scope, recursiveColumns(context, scope, table, names))
      : scope;
    const statement = buildNestedStatement(context, itself, node.CommonTableExpr.ctequery);
    if (table.search_clause || table.cycle_clause) unsupported(context, 'SEARCH or CYCLE', null);
    const columns = columnsOfTargets(targetsOf(statement), names);
    const materialized =
      { CTEMaterializeAlways: true, CTEMaterializeNever: false }[table.ctematerialized as string] ?? null;
    tables.push({
      name: table.ctename ?? '',
      range: newRange(context),
      columnNames: names,
      statement,
      materialized,
    });
    scope = withTable(scope, { name: table.ctename ?? '', columns });
  }
  return { tables, scope };
}

/** Output columns of any statement. */
export function targetsOf(statement: Statement): Parameters<typeof columnsOfTargets>[0] {
  if (statement.kind === 'select') return statement.targets;
  return statement.kind === 'unsupported-statement' ? [] : statement.returning;
}

/**
 * A recursive term sees the columns of the non-recursive one, so that is built twice: here for its
 * columns alone, in a context of its own whose findings are dropped.
 */
function recursiveColumns(
  context: StatementContext,
  scope: Scope,
  table: CommonTableExpr,
  names: readonly string[],
): CommonTableColumns {
  const query = table.ctequery;
  const left = query && 'SelectStmt' in query ? query.SelectStmt.larg : undefined;
  if (!left) return { name: table.ctename ?? '', columns: null };
  const scratch: StatementContext = { ...context, occurrences: [], insertions: [], errors: [] };
  const statement = buildNestedStatement(scratch, scope, { SelectStmt: left });
  return { name: table.ctename ?? '', columns: columnsOfTargets(targetsOf(statement), names) };
}

function withTable(scope: Scope, table: CommonTableColumns): Scope {
  return { ...scope, commonTables: [...scope.commonTables, table] };
}
