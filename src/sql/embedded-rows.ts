/** Of whose rows a call inside a larger statement runs once each, and which tables its arguments may mean. */
import type { Node, SelectStmt } from 'libpg-query';
import type { EmbeddedCall, EmbeddedTable } from './embedded-call.js';
import { visit } from './tree-mentions.js';

/** One step down in the tree: the member's name, and the object or list that it holds. */
export interface Step {
  readonly key: string;
  readonly value: object;
}

/** Is this the step to a statement? The sides of a set operation are, those of a join are not. */
export function isStatement(path: readonly Step[], index: number): boolean {
  const key = path[index]?.key ?? '';
  if (key === 'larg' || key === 'rarg') return path[index - 1]?.key !== 'JoinExpr';
  return /^(?:SelectStmt|InsertStmt|UpdateStmt|DeleteStmt|MergeStmt)$/.test(key);
}

/** The FROM items of the nearest query, or of one round it; null: it runs once. `at` is that query's step. */
export function rowsOf(path: readonly Step[], at: number, clause: string): string | null {
  for (let index = at; index >= 0; index -= 1) {
    const step = path[index];
    if (step === undefined || !isStatement(path, index)) continue;
    if (index === at && clause === 'FROM') {
      const earlier = path.slice(index + 1).some((inner) => inner.key === 'JoinExpr');
      const list =
        'fromClause' in step.value && Array.isArray(step.value.fromClause) ? step.value.fromClause : [];
      if (!earlier && list.length < 2) continue;
    }
    if (step.key === 'UpdateStmt' || step.key === 'DeleteStmt' || step.key === 'MergeStmt') {
      return tablesIn(step.value);
    }
    if (step.key === 'InsertStmt') {
      const several = rowsOfInsert(step.value);
      if (several || clause === 'RETURNING' || clause === 'ON CONFLICT') return tablesIn(step.value);
      continue;
    }
    const { fromClause, valuesLists } = step.value as SelectStmt;
    if ((fromClause?.length ?? 0) > 0 && clause !== 'LIMIT' && clause !== 'OFFSET')
      return tablesIn({ fromClause });
    if ((valuesLists?.length ?? 0) > 1) return 'VALUES';
  }
  return null;
}

function rowsOfInsert(statement: object): boolean {
  const select = 'selectStmt' in statement ? (statement.selectStmt as Node | undefined) : undefined;
  if (select === undefined || !('SelectStmt' in select)) return false;
  return (select.SelectStmt.valuesLists?.length ?? 1) > 1;
}

/** The names of the tables of a FROM list or of the statement itself. */
function tablesIn(value: object): string {
  const names: string[] = [];
  const add = (name: unknown): void => {
    if (typeof name === 'string' && !names.includes(name)) names.push(name);
  };
  const collect = (node: unknown): void => {
    visit(node, (kind, inner) => {
      if ((kind === 'RangeVar' || kind === 'relation') && 'relname' in inner) add(inner.relname);
      if (kind === 'RangeFunction' || kind === 'RangeSubselect') {
        const alias = 'alias' in inner ? (inner.alias as { aliasname?: string } | undefined) : undefined;
        add(alias?.aliasname);
      }
    });
  };
  if ('relation' in value) collect({ relation: value.relation });
  if ('fromClause' in value) collect(value.fromClause);
  if ('usingClause' in value) collect(value.usingClause);
  return names.join(', ') || 'the rows round it';
}

/** The tables of the query at a step; `tables` is null when a common table may hide one. */
export function tablesAt(path: readonly Step[], at: number): Pick<EmbeddedCall, 'tables' | 'otherSources'> {
  const tables: EmbeddedTable[] = [];
  let others = false;
  let common = false;
  const root = path[0]?.value;
  visit([root], (kind) => {
    if (kind === 'withClause') common = true;
  });
  const value = path[at]?.value;
  if (value === undefined) return { tables: null, otherSources: true };
  const members = value as Partial<Record<'relation' | 'fromClause' | 'usingClause', unknown>>;
  const collect = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(collect);
    else if (typeof node === 'object' && node !== null) collectItem(node as Node);
  };
  const collectItem = (node: Node): void => {
    if ('RangeVar' in node) add(node.RangeVar);
    else if ('JoinExpr' in node) collect([node.JoinExpr.larg, node.JoinExpr.rarg]);
    else others = true;
  };
  const add = (range: { schemaname?: string; relname?: string; alias?: { aliasname?: string } }): void => {
    const table = range.relname ?? '';
    tables.push({ schema: range.schemaname ?? null, table, name: range.alias?.aliasname ?? table });
  };
  if (typeof members.relation === 'object' && members.relation !== null) add(members.relation);
  collect(members.fromClause);
  collect(members.usingClause);
  return { tables: common ? null : tables, otherSources: others };
}
