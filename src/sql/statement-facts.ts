/** What the loader of SQL files has to know of a statement before it runs it. */
import type { Node } from 'libpg-query';

export interface StatementFacts {
  /** The grammar's name of the statement: `CreateStmt`, `GrantStmt`. */
  readonly kind: string;
  /** Roles that must exist for it to run. */
  readonly roles: readonly string[];
  /** The role that it makes. */
  readonly createsRole: string | null;
  /** The table, view, type or routine that it makes, without its schema. */
  readonly creates: string | null;
  /** The extension that it makes, changes or comments on. */
  readonly extension: string | null;
  /** The language of the routine or DO block, lower case. */
  readonly language: string | null;
  /** Kind of the object of a GRANT or COMMENT: `OBJECT_DATABASE`. */
  readonly objectType: string | null;
  /** It does nothing but change an owner. */
  readonly ownerOnly: boolean;
  /** A COPY that reads from the client. */
  readonly copiesFromClient: boolean;
  readonly transaction: 'opens' | 'closes' | null;
}

export function readStatementFacts(statement: Node): StatementFacts {
  const [kind = '', content] = Object.entries(statement)[0] ?? [];
  const node = asObject(content);
  const objectType = text(node.objtype) ?? text(node.removeType);
  return {
    kind,
    roles:
      kind === 'DropRoleStmt' || kind === 'CreateRoleStmt'
        ? []
        : [...new Set([...rolesIn(node), ...grantedRoles(kind, node), ...sessionRole(kind, node)])],
    createsRole: kind === 'CreateRoleStmt' ? text(node.role) : null,
    creates: createdBy(kind, node),
    extension: extensionOf(kind, node, objectType),
    language: languageOf(node),
    objectType,
    ownerOnly: kind === 'AlterOwnerStmt' || (kind === 'AlterTableStmt' && onlyOwners(node)),
    copiesFromClient: kind === 'CopyStmt' && node.is_from === true && text(node.filename) === null,
    transaction: kind === 'TransactionStmt' ? transactionOf(text(node.kind)) : null,
  };
}

type Tree = Readonly<Record<string, unknown>>;

function asObject(value: unknown): Tree {
  return typeof value === 'object' && value !== null ? (value as Tree) : {};
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Every role that is written as a name; PUBLIC, CURRENT_USER and the like are no names. */
function rolesIn(tree: unknown): string[] {
  if (Array.isArray(tree)) return tree.flatMap(rolesIn);
  if (typeof tree !== 'object' || tree === null) return [];
  const node = tree as Tree;
  const own = node.roletype === 'ROLESPEC_CSTRING' ? (text(node.rolename) ?? []) : [];
  return [own, ...Object.values(node).map(rolesIn)].flat();
}

/** GRANT role TO role. */
function grantedRoles(kind: string, node: Tree): string[] {
  if (kind !== 'GrantRoleStmt') return [];
  return asList(node.granted_roles).flatMap(
    (role) => text(asObject(asObject(role).AccessPriv).priv_name) ?? [],
  );
}

/** SET ROLE and SET SESSION AUTHORIZATION. */
function sessionRole(kind: string, node: Tree): string[] {
  if (kind !== 'VariableSetStmt' || !['role', 'session_authorization'].includes(text(node.name) ?? ''))
    return [];
  const value = asObject(asObject(asObject(asList(node.args)[0]).A_Const).sval);
  const name = text(value.sval);
  return name === null || name === 'none' ? [] : [name];
}

function createdBy(kind: string, node: Tree): string | null {
  const relation = asObject(kind === 'CreateStmt' ? node.relation : kind === 'ViewStmt' ? node.view : null);
  const names = asList(node.funcname ?? node.typeName ?? node.domainname);
  return text(relation.relname) ?? text(asObject(asObject(names.at(-1)).String).sval);
}

function extensionOf(kind: string, node: Tree, objectType: string | null): string | null {
  if (/^(Create|Alter)Extension/.test(kind)) return text(node.extname);
  if (objectType !== 'OBJECT_EXTENSION') return null;
  return text(asObject(asObject(node.object).String).sval);
}

function languageOf(node: Tree): string | null {
  for (const option of [...asList(node.options), ...asList(node.args)]) {
    const definition = asObject(asObject(option).DefElem);
    if (definition.defname !== 'language') continue;
    return text(asObject(asObject(definition.arg).String).sval)?.toLowerCase() ?? null;
  }
  return null;
}

function onlyOwners(node: Tree): boolean {
  const commands = asList(node.cmds).map((command) => asObject(asObject(command).AlterTableCmd).subtype);
  return commands.length > 0 && commands.every((subtype) => subtype === 'AT_ChangeOwner');
}

function transactionOf(kind: string | null): 'opens' | 'closes' | null {
  if (kind === 'TRANS_STMT_BEGIN' || kind === 'TRANS_STMT_START') return 'opens';
  return kind === 'TRANS_STMT_COMMIT' || kind === 'TRANS_STMT_ROLLBACK' ? 'closes' : null;
}
