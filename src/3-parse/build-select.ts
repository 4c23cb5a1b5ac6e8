/** SELECT, VALUES and set operations. */
import type { Node, SelectStmt } from '../sql/parse-body.js';
import { buildExpression } from './build-expression.js';
import { buildGroupingSet } from './build-grouping.js';
import { buildFromList } from './build-from.js';
import { buildLocking } from './build-locking.js';
import { buildSortKeys, buildWindow } from './build-sort.js';
import { buildTargets } from './build-targets.js';
import { buildWith } from './build-with.js';
import type { Expression } from './expression.js';
import { keyMeaning } from './key-meaning.js';
import type { Scope } from './scope.js';
import type { Select, SelectTarget } from './statement.js';
import type { StatementContext } from './statement-context.js';
import { statementText } from './statement-text.js';

/** `outer` is what surrounds the query: its columns are correlated ones. */
export function buildSelect(context: StatementContext, outer: Scope, node: SelectStmt): Select {
  const { tables, scope: own } = buildWith(context, outer, node.withClause);
  const base = {
    kind: 'select',
    ...statementText(context, { SelectStmt: node }),
    with: tables,
    recursive: node.withClause?.recursive ?? false,
  } as const;
  if (node.larg && node.rarg) {
    const left = buildSelect(context, own, node.larg);
    const right = buildSelect(context, own, node.rarg);
    const operators = { SETOP_UNION: 'union', SETOP_INTERSECT: 'intersect', SETOP_EXCEPT: 'except' } as const;
    const operator = operators[node.op as keyof typeof operators] ?? 'union';
    // The output columns of a set operation belong to no from item: its keys name them by number.
    return {
      ...base,
      ...EMPTY,
      targets: left.targets.map((target, index) => mergedTarget(target, right.targets[index])),
      setOperation: { operator, all: node.all ?? false, left, right },
      ...tail(context, own, node, (key) => keyMeaning(key, left.targets, 'number')),
    };
  }
  if (node.valuesLists)
    return {
      ...base,
      ...EMPTY,
      ...values(context, own, node.valuesLists),
      ...tail(context, own, node, () => null),
    };

  const level: Scope = { parent: own, ranges: [], visible: [], commonTables: [] };
  const { items, scope } = buildFromList(context, level, node.fromClause ?? []);
  const targets = buildTargets(context, scope, node.targetList ?? []);
  const build = (inner: Node): Expression => buildExpression(context, scope, inner);
  const grouped = (node.groupClause ?? []).length > 0 || node.distinctClause !== undefined;
  const groupKey = (key: Node): Expression => keyMeaning(key, targets, 'group', scope) ?? build(key);
  const sets = (node.groupClause ?? []).find((key) => 'GroupingSet' in key);
  return {
    ...base,
    distinct: node.distinctClause
      ? node.distinctClause.flatMap((key) =>
          isEmpty(key) ? [] : [keyMeaning(key, targets, grouped ? 'grouped' : 'plain') ?? build(key)],
        )
      : null,
    targets,
    from: items,
    where: node.whereClause ? build(node.whereClause) : null,
    groupBy: (node.groupClause ?? []).map((key) =>
      'GroupingSet' in key ? buildGroupingSet(context, key, groupKey) : groupKey(key),
    ),
    groupingSets: node.groupDistinct ? 'distinct' : sets ? 'all' : null,
    having: node.havingClause ? build(node.havingClause) : null,
    windows: (node.windowClause ?? []).flatMap((each) =>
      'WindowDef' in each
        ? [
            {
              name: each.WindowDef.name ?? '',
              window: {
                ...buildWindow(context, scope, each.WindowDef),
                name: each.WindowDef.refname ?? null,
              },
            },
          ]
        : [],
    ),
    setOperation: null,
    values: null,
    ...tail(context, scope, node, (key) => keyMeaning(key, targets, grouped ? 'grouped' : 'plain')),
  };
}

const EMPTY = {
  distinct: null,
  targets: [],
  from: [],
  where: null,
  groupBy: [],
  groupingSets: null,
  having: null,
  windows: [],
  setOperation: null,
  values: null,
} as const;

type Tail = Pick<Select, 'orderBy' | 'limit' | 'withTies' | 'offset' | 'locking'>;

function tail(
  context: StatementContext,
  scope: Scope,
  node: SelectStmt,
  meaning: (key: Node) => Expression | null,
): Tail {
  const amount = (inner: Node | undefined): Expression | null => {
    // LIMIT ALL and LIMIT NULL are no limit.
    if (!inner || ('A_Const' in inner && inner.A_Const.isnull)) return null;
    return buildExpression(context, scope, inner);
  };
  return {
    orderBy: buildSortKeys(context, scope, node.sortClause ?? [], meaning),
    limit: amount(node.limitCount),
    withTies: node.limitOption === 'LIMIT_OPTION_WITH_TIES',
    offset: amount(node.limitOffset),
    locking: buildLocking(scope, node.lockingClause ?? []),
  };
}

function values(
  context: StatementContext,
  scope: Scope,
  lists: readonly Node[],
): Pick<Select, 'values' | 'targets'> {
  const rows = lists.map((list) =>
    'List' in list ? (list.List.items ?? []).map((item) => buildExpression(context, scope, item)) : [],
  );
  const first = rows[0] ?? [];
  return {
    values: rows,
    targets: first.map((expression, index): SelectTarget => ({ name: `column${index + 1}`, expression })),
  };
}

/** The left side names the column; its type is certain only where both sides agree. */
function mergedTarget(left: SelectTarget, right: SelectTarget | undefined): SelectTarget {
  if (left.expression.type === right?.expression.type) return left;
  return { name: left.name, expression: { ...left.expression, type: null } as Expression };
}

function isEmpty(node: Node): boolean {
  return Object.keys(node).length === 0;
}
