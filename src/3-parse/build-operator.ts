/** The A_Expr family: operators, comparisons with lists, arrays and patterns. */
import type { A_Expr, Node } from '../sql/parse-body.js';
import type { Expression } from './expression.js';
import { operatorType } from './operator-type.js';
import type { StatementContext } from './statement-context.js';
import { unsupported } from './statement-context.js';

type Build = (node: Node | undefined) => Expression;

/** Every A_Expr but `op ANY/ALL (array)`. */
export function buildOperatorExpression(context: StatementContext, node: A_Expr, build: Build): Expression {
  const operator = operatorName(node.name);
  switch (node.kind) {
    case 'AEXPR_OP': {
      const left = node.lexpr ? build(node.lexpr) : null;
      const right = build(node.rexpr);
      return {
        kind: 'operator',
        operator,
        left,
        right,
        type: operatorType(operator, left?.type ?? null, right.type, left === null),
      };
    }
    case 'AEXPR_DISTINCT':
    case 'AEXPR_NOT_DISTINCT':
      return {
        kind: 'distinct',
        left: build(node.lexpr),
        right: build(node.rexpr),
        negated: node.kind === 'AEXPR_NOT_DISTINCT',
        type: 16,
      };
    case 'AEXPR_NULLIF': {
      const left = build(node.lexpr);
      return { kind: 'nullif', left, right: build(node.rexpr), type: left.type };
    }
    case 'AEXPR_IN':
      return {
        kind: 'in-list',
        operand: build(node.lexpr),
        items: listOf(node.rexpr).map(build),
        negated: operator === '<>',
        type: 16,
      };
    case 'AEXPR_LIKE':
    case 'AEXPR_ILIKE':
    case 'AEXPR_SIMILAR':
      return buildPattern(node, operator, build);
    case 'AEXPR_BETWEEN':
    case 'AEXPR_NOT_BETWEEN':
    case 'AEXPR_BETWEEN_SYM':
    case 'AEXPR_NOT_BETWEEN_SYM': {
      const [low, high] = listOf(node.rexpr);
      return {
        kind: 'between',
        operand: build(node.lexpr),
        low: build(low),
        high: build(high),
        negated: node.kind.includes('NOT'),
        symmetric: node.kind.endsWith('SYM'),
        type: 16,
      };
    }
    default:
      return unsupported(context, node.kind ?? 'operator', { A_Expr: node });
  }
}

/** `x = ANY (array)`, `x <> ALL (array)`. */
export function buildArrayComparison(node: A_Expr, build: Build): Expression {
  return {
    kind: 'array-comparison',
    quantifier: node.kind === 'AEXPR_OP_ALL' ? 'all' : 'any',
    operator: operatorName(node.name),
    left: build(node.lexpr),
    right: build(node.rexpr),
    type: 16,
  };
}

/** `+`, or `OPERATOR(schema.+)`'s `schema.+`; pg_catalog goes without saying. */
export function operatorName(parts: readonly Node[] | undefined): string {
  const names = (parts ?? []).map((part) => ('String' in part ? (part.String.sval ?? '') : ''));
  return names.length > 1 && names[0] === 'pg_catalog' ? names.slice(1).join('.') : names.join('.');
}

function buildPattern(node: A_Expr, operator: string, build: Build): Expression {
  const forms = { AEXPR_LIKE: 'like', AEXPR_ILIKE: 'ilike', AEXPR_SIMILAR: 'similar' } as const;
  const form = forms[node.kind as keyof typeof forms];
  const call = node.rexpr && 'FuncCall' in node.rexpr ? node.rexpr.FuncCall : null;
  const callee = call?.funcname?.at(-1);
  // The grammar wraps the pattern in a call that no user can write in this place: location equals the operator's.
  const wrapped =
    call &&
    callee &&
    'String' in callee &&
    /^(like_escape|similar_to_escape)$/.test(callee.String.sval ?? '') &&
    call.location === node.location;
  const [pattern, escape] = wrapped ? (call.args ?? []) : [node.rexpr, undefined];
  return {
    kind: 'pattern',
    form,
    operand: build(node.lexpr),
    pattern: build(pattern),
    escape: escape ? build(escape) : null,
    negated: operator.startsWith('!'),
    type: 16,
  };
}

function listOf(node: Node | undefined): readonly Node[] {
  return node && 'List' in node ? (node.List.items ?? []) : node ? [node] : [];
}
