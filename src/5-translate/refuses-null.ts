/** Domains that may refuse NULL: by NOT NULL, or by a CHECK that is not NULL or true where VALUE is NULL. */
import type { Catalog } from '../1-read/catalog.js';
import { parseSqlText, type Node } from '../sql/parse-body.js';

/** False only where it is certain that NULL is a value of the type (PostgreSQL manual, CREATE DOMAIN, Notes). */
export function mayRefuseNull(catalog: Catalog, oid: number): boolean {
  const type = catalog.types.get(oid);
  if (type?.kind !== 'domain') return false;
  return type.notNull || !type.checks.every(passesNull) || mayRefuseNull(catalog, type.baseType);
}

function passesNull(check: string): boolean {
  const parsed = parseSqlText(`SELECT ${check}`);
  const [statement] = parsed.ok ? parsed.statements : [];
  if (statement === undefined || !('SelectStmt' in statement.node)) return false;
  const [target] = statement.node.SelectStmt.targetList ?? [];
  return target !== undefined && 'ResTarget' in target && isNullOrTrue(target.ResTarget.val);
}

/** NULL or true where VALUE is NULL. */
function isNullOrTrue(node: Node | undefined): boolean {
  if (node === undefined) return false;
  if ('BoolExpr' in node) {
    const operands = node.BoolExpr.args ?? [];
    if (node.BoolExpr.boolop === 'AND_EXPR') return operands.every(isNullOrTrue);
    if (node.BoolExpr.boolop === 'OR_EXPR') return operands.some(isNullOrTrue);
    return operands.every(isNull);
  }
  if ('NullTest' in node) return node.NullTest.nulltesttype === 'IS_NULL' && isNull(node.NullTest.arg);
  return isNull(node);
}

/** NULL where VALUE is NULL: operators and functions of PostgreSQL that are STRICT. */
function isNull(node: Node | undefined): boolean {
  if (node === undefined) return false;
  if ('ColumnRef' in node) {
    const [field, ...more] = node.ColumnRef.fields ?? [];
    return more.length === 0 && field !== undefined && 'String' in field && field.String.sval === 'value';
  }
  if ('TypeCast' in node) return isNull(node.TypeCast.arg);
  if ('CollateClause' in node) return isNull(node.CollateClause.arg);
  if ('FuncCall' in node) {
    const { funcname = [], args = [] } = node.FuncCall;
    const last = funcname.at(-1);
    const name = last !== undefined && 'String' in last ? (last.String.sval ?? '') : '';
    return strictFunctions.has(name) && args.some(isNull);
  }
  if ('A_Expr' in node) {
    const { kind, name = [], lexpr, rexpr } = node.A_Expr;
    const [operator, ...more] = name;
    const plain = more.length === 0 && operator !== undefined && 'String' in operator;
    if (kind === 'AEXPR_OP' && plain && strictOperators.test(operator.String.sval ?? ''))
      return isNull(lexpr) || isNull(rexpr);
    return kind === 'AEXPR_OP_ANY' && isNull(lexpr) && hasItems(rexpr);
  }
  return false;
}

const strictOperators = /^(?:[-+*/%<>=~^]|<>|!=|<=|>=|\|\||!~|~\*|!~\*|!?~~\*?)$/;

/** `= ANY` of no items is false and not NULL. */
function hasItems(node: Node | undefined): boolean {
  if (node === undefined) return false;
  if ('TypeCast' in node) return hasItems(node.TypeCast.arg);
  return 'A_ArrayExpr' in node && (node.A_ArrayExpr.elements ?? []).length > 0;
}

const strictFunctions = new Set([
  'abs', 'btrim', 'ceil', 'char_length', 'character_length', 'cardinality', 'date_part', 'extract', 'floor',
  'jsonb_typeof', 'json_typeof', 'length', 'lower', 'ltrim', 'octet_length', 'round', 'rtrim', 'scale', 'strpos',
  'substring', 'trunc', 'upper',
]); // prettier-ignore
