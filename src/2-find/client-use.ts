/**
 * Which client a call is made on, told by its type and not by its name, and which Drizzle client or
 * transaction the translated query runs on.
 */
import { relative } from 'node:path';
import { ts } from 'ts-morph';
import type { DrizzleClient, Driver, UserProject } from '../1-read/user-project.js';
import { findImportedName } from './find-imported-name.js';
import type { CallSite } from './call-site.js';
import type { ClientUse } from './result-use.js';

/** `siteDriver` says how the call's own result looks; `use.driver` is that of the executor. */
export interface FoundClient {
  readonly use: ClientUse;
  readonly siteDriver: Driver | null;
}

const drizzleFile = /[\\/]drizzle-orm[\\/]/;
const pgFile = /[\\/](@types[\\/]pg|pg|pg-pool|@neondatabase[\\/]serverless|@vercel[\\/]postgres)[\\/]/;
const postgresJsFile = /[\\/]postgres[\\/]/;

export function findClientUse(
  checker: ts.TypeChecker,
  call: ts.Expression,
  site: CallSite,
  project: UserProject,
): FoundClient {
  const receiver = receiverOf(call);
  const text = receiver?.getText() ?? site.sender.receiverText;
  if (receiver === null) return refused('other', `${text || 'The call'} has no receiver that is known.`);
  const type = checker.getNonNullableType(checker.getTypeAtLocation(receiver));
  if (declaredIn(checker, type, 'execute', drizzleFile)) {
    const driver = driverOfResult(checker, call) ?? onlyDriver(project);
    const inTransaction = declaredIn(checker, type, 'rollback', drizzleFile);
    const isClient = checker.getPropertyOfType(apparent(checker, type), '$client') !== undefined;
    return { use: { ...accepted('drizzle', driver, text), inTransaction, isClient }, siteDriver: driver };
  }
  if (declaredIn(checker, type, 'query', pgFile)) {
    if (isNamed(checker, type, 'Pool')) {
      return { use: onProjectClient(checker, 'pg-pool', call, project), siteDriver: 'node-postgres' };
    }
    return refused('pg-client', `${text} is a connection of its own, which no Drizzle client shares.`);
  }
  if (declaredIn(checker, type, 'unsafe', postgresJsFile)) {
    if (isNamed(checker, type, 'TransactionSql') || isNamed(checker, type, 'ReservedSql')) {
      return refused('postgres-js', `${text} is a connection of its own, which no Drizzle client shares.`);
    }
    return { use: onProjectClient(checker, 'postgres-js', call, project), siteDriver: 'postgres-js' };
  }
  if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return byName(checker, receiver, site, project);
  const name = checker.typeToString(type);
  return refused('other', `${text} is a ${name}, which is not a Drizzle client.`);
}

function receiverOf(call: ts.Expression): ts.Expression | null {
  if (ts.isTaggedTemplateExpression(call)) return call.tag;
  if (!ts.isCallExpression(call)) return null;
  const callee = call.expression;
  return ts.isPropertyAccessExpression(callee) || ts.isElementAccessExpression(callee)
    ? callee.expression
    : null;
}

/** Is this property there, and declared in such a file by every member of a union? */
function declaredIn(checker: ts.TypeChecker, type: ts.Type, property: string, file: RegExp): boolean {
  const declarations = checker.getPropertyOfType(apparent(checker, type), property)?.declarations ?? [];
  return declarations.length > 0 && declarations.every((each) => file.test(each.getSourceFile().fileName));
}

/** A type parameter stands for its constraint. */
function apparent(checker: ts.TypeChecker, type: ts.Type): ts.Type {
  return checker.getApparentType(type);
}

/** Is this the type's name or that of a class it extends? */
function isNamed(checker: ts.TypeChecker, type: ts.Type, name: string): boolean {
  if (type.getSymbol()?.name === name) return true;
  if (type.isUnionOrIntersection()) return type.types.some((part) => isNamed(checker, part, name));
  if (!type.isClassOrInterface() && !((type as ts.TypeReference).target as ts.Type | undefined)) return false;
  const target =
    ((type as ts.TypeReference).target as ts.InterfaceType | undefined) ?? (type as ts.InterfaceType);
  return (
    target.isClassOrInterface() && checker.getBaseTypes(target).some((base) => isNamed(checker, base, name))
  );
}

/** How the awaited call looks: an array is postgres.js; an object with rows is pg or PGlite, by where it is declared. */
function driverOfResult(checker: ts.TypeChecker, call: ts.Expression): Driver | null {
  const awaited = checker.getAwaitedType(checker.getTypeAtLocation(call));
  if (!awaited || awaited.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return null;
  const rows = checker.getPropertyOfType(awaited, 'rows')?.declarations ?? [];
  if (rows.some((each) => /[\\/]pglite[\\/]/.test(each.getSourceFile().fileName))) return 'pglite';
  if (rows.length > 0) return 'node-postgres';
  return checker.getPropertyOfType(awaited, 'length') ? 'postgres-js' : null;
}

function onlyDriver(project: UserProject): Driver | null {
  const drivers = [...new Set(project.clients.map(({ driver }) => driver))];
  return drivers.length === 1 ? (drivers[0] ?? null) : null;
}

/** A receiver without a type is the project's only client when it goes by that client's name. */
function byName(
  checker: ts.TypeChecker,
  receiver: ts.Expression,
  site: CallSite,
  project: UserProject,
): FoundClient {
  const text = receiver.getText();
  const [client, second] = project.clients;
  const file = receiver.getSourceFile();
  if (client && !second && site.sender.form === 'execute') {
    const local = findImportedName(checker, file, client) ?? client.exportName;
    if (text === local) {
      return { use: accepted('drizzle', client.driver, text), siteDriver: client.driver };
    }
  }
  return refused('other', `The type of ${text} is not known.`);
}

/** The project's only Drizzle client, for a call on something that is none. */
export function onProjectClient(
  checker: ts.TypeChecker,
  kind: 'pg-pool' | 'postgres-js' | 'supabase',
  call: ts.Expression,
  project: UserProject,
): ClientUse {
  const [client, second] = project.clients;
  if (!client) {
    const none = 'No file of the project exports one, as in `export const db = drizzle(pool)`.';
    const detail = project.unusedClients ?? none;
    return refused(kind, detail).use;
  }
  if (second) {
    const names = project.clients
      .map(({ exportName, file }) => `${exportName}@${relative(project.root, file)}`)
      .join(', ');
    return refused(kind, `The project has several Drizzle clients: ${names}.`).use;
  }
  const local = findImportedName(checker, call.getSourceFile(), client);
  return {
    ...accepted(kind, client.driver, local ?? nameFor(client)),
    isClient: true,
    executorImport: local === null ? { file: client.file, name: client.exportName } : null,
  };
}

function nameFor({ exportName }: DrizzleClient): string {
  return exportName === 'default' ? 'db' : exportName;
}

function accepted(kind: ClientUse['kind'], driver: Driver | null, executor: string): ClientUse {
  return { kind, driver, executor, executorImport: null, inTransaction: false, refusal: null };
}

function refused(kind: ClientUse['kind'], refusal: string): FoundClient {
  const use = { kind, driver: null, executor: null, executorImport: null, inTransaction: false, refusal };
  return { use, siteDriver: null };
}
