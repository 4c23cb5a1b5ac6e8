/** One expression of the SQL grammar becomes one of ours; dispatch only, one builder a group of nodes. */
import type { Node } from '../sql/parse-body.js';
import { buildArrayComparison, buildOperatorExpression } from './build-operator.js';
import { buildCall } from './build-call.js';
import { buildGroupingCall } from './build-grouping.js';
import { buildColumnReference, buildIndirection, buildPositional } from './build-name.js';
import { buildConstant, buildValueFunction } from './build-constant.js';
import { buildSubquery } from './build-subquery.js';
import type { Expression } from './expression.js';
import type { Scope } from './scope.js';
import type { StatementContext } from './statement-context.js';
import { unsupported } from './statement-context.js';
import { resolveTypeName } from './type-name.js';
import { unsupportedConstruct } from './unsupported-construct.js';
import { walkNames } from './walk-names.js';

/** Never throws for a construct: what has no node of ours becomes `unsupported` with its name. */
export function buildExpression(context: StatementContext, scope: Scope, node: Node): Expression {
  const build = (inner: Node | undefined): Expression =>
    inner ? buildExpression(context, scope, inner) : unsupported(context, 'empty expression', null);
  const all = (nodes: readonly Node[] | undefined): Expression[] => (nodes ?? []).map(build);

  if ('ColumnRef' in node) return buildColumnReference(context, scope, node.ColumnRef);
  if ('ParamRef' in node) return buildPositional(context, node.ParamRef);
  if ('A_Const' in node) return buildConstant(node.A_Const);
  if ('A_Expr' in node) {
    const { kind } = node.A_Expr;
    if (kind === 'AEXPR_OP_ANY' || kind === 'AEXPR_OP_ALL') return buildArrayComparison(node.A_Expr, build);
    return buildOperatorExpression(context, node.A_Expr, build);
  }
  if ('BoolExpr' in node) {
    const kinds = { AND_EXPR: 'and', OR_EXPR: 'or', NOT_EXPR: 'not' } as const;
    return { kind: kinds[node.BoolExpr.boolop ?? 'AND_EXPR'], operands: all(node.BoolExpr.args), type: 16 };
  }
  if ('NullTest' in node) {
    return {
      kind: 'null-test',
      operand: build(node.NullTest.arg),
      negated: node.NullTest.nulltesttype === 'IS_NOT_NULL',
      type: 16,
    };
  }
  if ('BooleanTest' in node) {
    const written = /^IS_(NOT_)?(TRUE|FALSE|UNKNOWN)$/.exec(node.BooleanTest.booltesttype ?? '');
    const test = (written?.[2] ?? 'UNKNOWN').toLowerCase() as 'true' | 'false' | 'unknown';
    return {
      kind: 'boolean-test',
      operand: build(node.BooleanTest.arg),
      test,
      negated: written?.[1] !== undefined,
      type: 16,
    };
  }
  if ('TypeCast' in node && node.TypeCast.typeName) {
    const type = resolveTypeName(node.TypeCast.typeName, context.lookup);
    noteTypeSchema(
      context,
      node.TypeCast.typeName.names?.length ?? 0,
      node.TypeCast.typeName.location,
      type.oid,
    );
    return { kind: 'cast', operand: build(node.TypeCast.arg), typeName: type.name, type: type.oid };
  }
  if ('CaseExpr' in node) {
    const branches = (node.CaseExpr.args ?? []).flatMap((each) =>
      'CaseWhen' in each ? [{ when: build(each.CaseWhen.expr), then: build(each.CaseWhen.result) }] : [],
    );
    const otherwise = node.CaseExpr.defresult ? build(node.CaseExpr.defresult) : null;
    const results = [...branches.map((branch) => branch.then), ...(otherwise ? [otherwise] : [])];
    return {
      kind: 'case',
      subject: node.CaseExpr.arg ? build(node.CaseExpr.arg) : null,
      branches,
      otherwise,
      type: commonType(results),
    };
  }
  if ('CoalesceExpr' in node) {
    const operands = all(node.CoalesceExpr.args);
    return { kind: 'coalesce', operands, type: commonType(operands) };
  }
  if ('MinMaxExpr' in node) {
    const operands = all(node.MinMaxExpr.args);
    return {
      kind: node.MinMaxExpr.op === 'IS_LEAST' ? 'least' : 'greatest',
      operands,
      type: commonType(operands),
    };
  }
  if ('FuncCall' in node) return buildCall(context, scope, node.FuncCall, build);
  if ('SQLValueFunction' in node) return buildValueFunction(node.SQLValueFunction);
  if ('A_ArrayExpr' in node) return buildArray(context, all(node.A_ArrayExpr.elements));
  if ('RowExpr' in node) return { kind: 'row', items: all(node.RowExpr.args), type: 2249 };
  if ('A_Indirection' in node) return buildIndirection(context, scope, node.A_Indirection, build);
  if ('CollateClause' in node) {
    const operand = build(node.CollateClause.arg);
    const collation = (node.CollateClause.collname ?? []).map((part) =>
      'String' in part ? quoted(part.String.sval ?? '') : '',
    );
    return { kind: 'collate', operand, collation: collation.join('.'), type: operand.type };
  }
  if ('SubLink' in node) return buildSubquery(context, scope, node.SubLink, build);
  if ('GroupingFunc' in node) return buildGroupingCall(context, scope, node);
  if ('SetToDefault' in node) return { kind: 'default', type: null };
  walkNames(context, scope, node);
  return unsupported(context, unsupportedConstruct(node), node);
}

/** Type of a CASE, COALESCE, GREATEST …: certain only where all operands that have one agree. */
function commonType(operands: readonly Expression[]): number | null {
  const types = new Set(
    operands.filter((each) => each.kind !== 'null' && !isUntypedString(each)).map((each) => each.type),
  );
  const [only] = types;
  return types.size === 1 && only !== undefined ? only : null;
}

function isUntypedString(expression: Expression): boolean {
  return expression.kind === 'literal' && expression.literal === 'string';
}

function buildArray(context: StatementContext, items: readonly Expression[]): Expression {
  const element = commonType(items);
  const array = element === null ? 0 : (context.lookup.catalog.types.get(element)?.array ?? 0);
  return { kind: 'array', items, type: array || null };
}

/** An unqualified type of the routine's own search path needs its schema under the login's path. */
function noteTypeSchema(
  context: StatementContext,
  parts: number,
  location: number | undefined,
  oid: number | null,
): void {
  if (!context.loginLookup || parts !== 1 || location === undefined || location < 0 || oid === null) return;
  const type = context.lookup.catalog.types.get(oid);
  const base =
    type && type.element !== 0 && type.category === 'A'
      ? context.lookup.catalog.types.get(type.element)
      : type;
  if (!base || context.loginLookup.type(null, base.name)?.oid === base.oid) return;
  context.insertions.push({ at: location, text: `${quoted(base.schema)}.` });
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
