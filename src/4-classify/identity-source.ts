/**
 * What of an expression reads the identity of the caller: the functions that Supabase and PostgREST give for the
 * request's token (PostgREST documentation, "Transactions", `request.jwt.claims`), settings, and the role.
 */
import type { Catalog, IdentitySource } from '../1-read/catalog.js';
import type { Expression, FunctionCall } from '../3-parse/expression.js';

const oid = { jsonb: 3802, text: 25, uuid: 2950 } as const;

/** The longest expression from `node` inwards that is one source; null: `node` itself is none. */
export function identitySource(node: Expression, catalog: Catalog): IdentitySource | null {
  switch (node.kind) {
    case 'call':
      return ofFunction(node, catalog) ?? ofSetting(node);
    case 'value-function':
      return ofRole(node.name);
    case 'operator':
      return ofClaim(node, catalog);
    case 'cast':
      return ofSubject(node, catalog) ?? (isClaims(node, catalog, 'guarded') ? claims : null);
    default:
      return null;
  }
}

/** `auth.jwt() -> 'app_metadata' ->> 'role'`. */
export function claimKey(path: readonly string[], form: 'text' | 'document'): string {
  const last = form === 'text' ? '->>' : '->';
  return path.reduce((key, name, index) => {
    const operator = index === path.length - 1 ? last : '->';
    return `${key} ${operator} '${name.replaceAll("'", "''")}'`;
  }, claims.key);
}

const claims: IdentitySource = {
  kind: 'claims',
  key: 'auth.jwt()',
  path: [],
  type: oid.jsonb,
  required: false,
};

/** The claim that each function of the schema auth reads, and its type. */
const claimFunctions: Readonly<Record<string, readonly [string, number]>> = {
  uid: ['sub', oid.uuid],
  role: ['role', oid.text],
  email: ['email', oid.text],
};

function ofFunction(call: FunctionCall, catalog: Catalog): IdentitySource | null {
  if (!/^(?:uid|role|email|jwt)$/.test(call.name)) return null;
  if (call.arguments.length > 0 || call.star || schemaOf(call, catalog) !== 'auth') return null;
  const declared = catalog.routines.find((each) => each.oid === call.routine)?.returnType;
  if (call.name === 'jwt') return declared === undefined || declared === oid.jsonb ? claims : null;
  const [claim, type] = claimFunctions[call.name] ?? [];
  if (claim === undefined || type === undefined || (declared ?? type) !== type) return null;
  return { kind: 'claim', key: `auth.${call.name}()`, path: [claim], type, required: false };
}

function schemaOf({ schema, routine }: FunctionCall, catalog: Catalog): string | null {
  if (schema !== null || routine === null) return schema;
  return catalog.routines.find((each) => each.oid === routine)?.schema ?? null;
}

/** `current_setting('app.tenant')`, an error where it was never set, or NULL with `true`. */
function ofSetting(call: FunctionCall): IdentitySource | null {
  if (call.name !== 'current_setting' || (call.schema ?? 'pg_catalog') !== 'pg_catalog') return null;
  const [name, missing] = call.arguments.map(({ value }) => withoutTextCast(value));
  const constant = missing === undefined || (missing.kind === 'literal' && missing.literal === 'boolean');
  if (name?.kind !== 'literal' || name.literal !== 'string' || !constant) return null;
  // It is what SET ROLE has set, whoever owns the function (PostgreSQL manual, 53.24).
  if (name.text === 'role')
    return { kind: 'role', key: `current_setting('role')`, path: ['role'], type: oid.text, required: true };
  // Another setting of PostgreSQL itself says nothing of the caller.
  if (!name.text.includes('.')) return null;
  return {
    kind: 'setting',
    key: `current_setting('${name.text}')`,
    path: [name.text],
    type: oid.text,
    required: !(missing?.kind === 'literal' && missing.text === 'true'),
  };
}

/** `'request.headers'::text`, as a dump writes it. */
function withoutTextCast(node: Expression): Expression {
  return node.kind === 'cast' && node.typeName === 'text' && node.operand.kind === 'literal'
    ? node.operand
    : node;
}

function ofRole(name: string): IdentitySource | null {
  const plain = /^(?:current_user|user|current_role)$/.test(name) ? 'current_user' : name;
  if (plain !== 'current_user' && plain !== 'session_user') return null;
  return { kind: 'role', key: plain, path: [plain], type: oid.text, required: true };
}

/** A path of literal keys into the token. */
function ofClaim(node: Expression & { readonly kind: 'operator' }, catalog: Catalog): IdentitySource | null {
  const { operator, left, right } = node;
  if ((operator !== '->>' && operator !== '->') || left === null) return null;
  if (right.kind !== 'literal' || right.literal !== 'string') return null;
  const before = pathOf(left, catalog);
  if (before === null) return null;
  const path = [...before, right.text];
  const form = operator === '->>' ? 'text' : 'document';
  const type = form === 'text' ? oid.text : oid.jsonb;
  return { kind: 'claim', key: claimKey(path, form), path, type, required: false };
}

/** `(… ->> 'sub')::uuid` is what `auth.uid()` is. */
function ofSubject(
  { operand, typeName }: Expression & { readonly kind: 'cast' },
  catalog: Catalog,
): IdentitySource | null {
  const claim = operand.kind === 'operator' && typeName === 'uuid' ? ofClaim(operand, catalog) : null;
  const subject = claim?.type === oid.text && claim.path.join() === 'sub';
  return subject
    ? { kind: 'claim', key: 'auth.uid()', path: ['sub'], type: oid.uuid, required: false }
    : null;
}

function pathOf(node: Expression, catalog: Catalog): readonly string[] | null {
  if (isClaims(node, catalog, 'any')) return [];
  if (node.kind !== 'operator' || node.operator !== '->' || node.left === null) return null;
  const before = pathOf(node.left, catalog);
  const { right } = node;
  return before !== null && right.kind === 'literal' && right.literal === 'string'
    ? [...before, right.text]
    : null;
}

/**
 * `auth.jwt()`, and the setting behind it. A transaction that has set it leaves an empty text behind, which is no
 * document: a cast of it that is not guarded fails then, so that only its keys are sources.
 */
function isClaims(node: Expression, catalog: Catalog, form: 'guarded' | 'any'): boolean {
  if (node.kind === 'call') return ofFunction(node, catalog)?.kind === 'claims';
  if (node.kind !== 'cast' || !/^jsonb?$/.test(node.typeName)) return false;
  const { operand } = node;
  if (operand.kind === 'call') return form === 'any' && isClaimsSetting(operand);
  if (operand.kind !== 'nullif') return false;
  const empty = operand.right.kind === 'literal' && operand.right.text === '';
  return empty && isClaimsSetting(operand.left);
}

function isClaimsSetting(node: Expression): boolean {
  const setting = node.kind === 'call' ? ofSetting(node) : null;
  return setting?.required === false && setting.path[0] === 'request.jwt.claims';
}
