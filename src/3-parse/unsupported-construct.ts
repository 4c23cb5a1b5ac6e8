/** Names of constructs, as in the SQL manual, for nodes that the tree does not hold. */
import type { Node } from '../sql/parse-body.js';

const EXPRESSIONS: Readonly<Record<string, string>> = {
  XmlExpr: 'XML expression',
  XmlSerialize: 'XMLSERIALIZE',
  CurrentOfExpr: 'WHERE CURRENT OF',
  JsonIsPredicate: 'IS JSON',
  JsonObjectConstructor: 'JSON_OBJECT',
  JsonArrayConstructor: 'JSON_ARRAY',
  JsonArrayQueryConstructor: 'JSON_ARRAY',
  JsonObjectAgg: 'JSON_OBJECTAGG',
  JsonArrayAgg: 'JSON_ARRAYAGG',
  JsonParseExpr: 'JSON',
  JsonScalarExpr: 'JSON_SCALAR',
  JsonSerializeExpr: 'JSON_SERIALIZE',
  JsonFuncExpr: 'SQL/JSON query function',
  MergeSupportFunc: 'merge_action()',
  MultiAssignRef: 'SET (a, b) = …',
  NamedArgExpr: 'named argument',
};

const STATEMENTS: Readonly<Record<string, string>> = {
  MergeStmt: 'MERGE',
  TruncateStmt: 'TRUNCATE',
  LockStmt: 'LOCK TABLE',
  CallStmt: 'CALL',
  DoStmt: 'DO',
  NotifyStmt: 'NOTIFY',
  ListenStmt: 'LISTEN',
  UnlistenStmt: 'UNLISTEN',
  CopyStmt: 'COPY',
  ExplainStmt: 'EXPLAIN',
  VariableShowStmt: 'SHOW',
  PrepareStmt: 'PREPARE',
  ExecuteStmt: 'EXECUTE of a prepared statement',
  DeallocateStmt: 'DEALLOCATE',
  DeclareCursorStmt: 'DECLARE CURSOR',
  FetchStmt: 'FETCH',
  ClosePortalStmt: 'CLOSE',
  DiscardStmt: 'DISCARD',
  RefreshMatViewStmt: 'REFRESH MATERIALIZED VIEW',
  CreateTableAsStmt: 'CREATE TABLE AS',
  CreateStmt: 'CREATE TABLE',
  ConstraintsSetStmt: 'SET CONSTRAINTS',
  GrantStmt: 'GRANT',
  GrantRoleStmt: 'GRANT role',
  IndexStmt: 'CREATE INDEX',
  ViewStmt: 'CREATE VIEW',
  CommentStmt: 'COMMENT',
  AlterTableStmt: 'ALTER TABLE',
  RenameStmt: 'ALTER … RENAME',
  DropStmt: 'DROP',
  VacuumStmt: 'VACUUM',
  ReindexStmt: 'REINDEX',
  ClusterStmt: 'CLUSTER',
  CheckPointStmt: 'CHECKPOINT',
  LoadStmt: 'LOAD',
};

/** The construct's name for an expression node. */
export function unsupportedConstruct(node: Node): string {
  const tag = Object.keys(node)[0] ?? 'expression';
  return EXPRESSIONS[tag] ?? spaced(tag);
}

/** The construct's name for a statement node; temporary tables and SET are told apart. */
export function statementConstruct(node: Node): string {
  if ('CreateStmt' in node && node.CreateStmt.relation?.relpersistence === 't')
    return 'CREATE TEMPORARY TABLE';
  if ('CreateTableAsStmt' in node && node.CreateTableAsStmt.into?.rel?.relpersistence === 't') {
    return 'CREATE TEMPORARY TABLE AS';
  }
  if ('VariableSetStmt' in node) {
    const verb = /RESET/.test(node.VariableSetStmt.kind ?? '')
      ? 'RESET'
      : node.VariableSetStmt.is_local
        ? 'SET LOCAL'
        : 'SET';
    return node.VariableSetStmt.name ? `${verb} ${node.VariableSetStmt.name}` : verb;
  }
  if ('TransactionStmt' in node) {
    return (node.TransactionStmt.kind ?? '').replace('TRANS_STMT_', '').replaceAll('_', ' ');
  }
  const tag = Object.keys(node)[0] ?? 'statement';
  return STATEMENTS[tag] ?? spaced(tag.replace(/Stmt$/, ''));
}

function spaced(tag: string): string {
  return tag.replace(/([a-z])([A-Z])/g, '$1 $2').toUpperCase();
}
