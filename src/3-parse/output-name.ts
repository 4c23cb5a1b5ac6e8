/** The name that PostgreSQL gives an output column without AS (FigureColname in parse_target.c). */
import type { Node } from '../sql/parse-body.js';

export function outputName(node: Node | undefined): string {
  return (node && figure(node).name) ?? '?column?';
}

/** A weak name (of a type or of CASE) gives way to a stronger one further in. */
interface Figured {
  readonly name: string | null;
  readonly strength: 0 | 1 | 2;
}

const NONE: Figured = { name: null, strength: 0 };
const strong = (name: string | null | undefined): Figured => (name ? { name, strength: 2 } : NONE);

function figure(node: Node): Figured {
  if ('ColumnRef' in node) return strong(lastName(node.ColumnRef.fields));
  if ('A_Indirection' in node) {
    const field = lastName(node.A_Indirection.indirection);
    return field ? strong(field) : node.A_Indirection.arg ? figure(node.A_Indirection.arg) : NONE;
  }
  if ('FuncCall' in node) return strong(lastName(node.FuncCall.funcname));
  if ('A_Expr' in node) return node.A_Expr.kind === 'AEXPR_NULLIF' ? strong('nullif') : NONE;
  if ('TypeCast' in node) {
    const inner = node.TypeCast.arg ? figure(node.TypeCast.arg) : NONE;
    const type = lastName(node.TypeCast.typeName?.names);
    return inner.strength > 0 || !type ? inner : { name: type, strength: 1 };
  }
  if ('CollateClause' in node) return node.CollateClause.arg ? figure(node.CollateClause.arg) : NONE;
  if ('CaseExpr' in node) {
    const inner = node.CaseExpr.defresult ? figure(node.CaseExpr.defresult) : NONE;
    return inner.strength > 1 ? inner : { name: 'case', strength: 1 };
  }
  if ('SubLink' in node) return subquery(node);
  if ('A_ArrayExpr' in node) return strong('array');
  if ('RowExpr' in node) return strong('row');
  if ('CoalesceExpr' in node) return strong('coalesce');
  if ('MinMaxExpr' in node) return strong(node.MinMaxExpr.op === 'IS_LEAST' ? 'least' : 'greatest');
  if ('SQLValueFunction' in node)
    return strong(
      (node.SQLValueFunction.op ?? '')
        .replace(/^SVFOP_/, '')
        .replace(/_N$/, '')
        .toLowerCase(),
    );
  if ('GroupingFunc' in node) return strong('grouping');
  return NONE;
}

function subquery(node: Extract<Node, { SubLink: unknown }>): Figured {
  const { subLinkType: kind, subselect } = node.SubLink;
  if (kind === 'EXISTS_SUBLINK') return strong('exists');
  if (kind === 'ARRAY_SUBLINK') return strong('array');
  if (kind !== 'EXPR_SUBLINK' || !subselect || !('SelectStmt' in subselect)) return NONE;
  let select = subselect.SelectStmt;
  while (select.larg) select = select.larg;
  const target = select.targetList?.[0];
  if (!target || !('ResTarget' in target)) return NONE;
  if (target.ResTarget.name) return strong(target.ResTarget.name);
  return target.ResTarget.val ? figure(target.ResTarget.val) : NONE;
}

function lastName(nodes: readonly Node[] | undefined): string | null {
  const last = (nodes ?? []).findLast((node) => 'String' in node);
  return last && 'String' in last ? (last.String.sval ?? null) : null;
}
