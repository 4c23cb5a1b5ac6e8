/** What kind of database client an expression is, by its type. No name decides. */
import { ts } from 'ts-morph';
import { nameOfSymbol, packageOfSymbol } from './packages.js';
import type { ProgramFacts } from './program-facts.js';

/**
 * drizzle: a database · drizzle-transaction: what `transaction` hands over · pg-pool, pg-client (also one checked
 * out of a pool: pg-pool-client) · postgres: a postgres.js client, its transaction, its reserved connection ·
 * supabase: a client of supabase-js or postgrest-js.
 */
export type ClientKind =
  | 'drizzle'
  | 'drizzle-transaction'
  | 'pg-pool'
  | 'pg-client'
  | 'pg-pool-client'
  | 'postgres'
  | 'postgres-transaction'
  | 'postgres-reserved'
  | 'supabase';

/** The kind of what the expression gives, or null when it is no client. Of several kinds the pooled one counts. */
export function clientOf(facts: ProgramFacts, node: ts.Expression): ClientKind | null {
  return clientOfType(facts, facts.checker.getTypeAtLocation(node));
}

export function clientOfType(facts: ProgramFacts, type: ts.Type): ClientKind | null {
  if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.Never)) return null;
  if (type.isUnionOrIntersection()) {
    const kinds = type.types.map((one) => clientOfType(facts, one)).filter((one) => one !== null);
    return kinds.find((kind) => !kind.includes('transaction')) ?? kinds[0] ?? null;
  }
  if (type.flags & ts.TypeFlags.TypeParameter) {
    const bound = facts.checker.getBaseConstraintOfType(type);
    return bound === undefined || bound === type ? null : clientOfType(facts, bound);
  }
  if ((type.flags & ts.TypeFlags.Object) === 0) return null;
  return clientOfObject(facts, type, 0);
}

/** The driver under the Drizzle client whose call, or chain of calls, the node stands in; null when the types do not tell. */
export function driverAround(facts: ProgramFacts, node: ts.Node): 'postgres.js' | 'node-postgres' | null {
  for (let at = node; !ts.isSourceFile(at) && !ts.isFunctionLike(at); at = at.parent) {
    for (
      let inner: ts.Node = at;
      ts.isCallExpression(inner) || ts.isPropertyAccessExpression(inner);
      inner = inner.expression
    ) {
      const client = ts.isPropertyAccessExpression(inner) ? inner.expression : inner;
      if (clientOf(facts, client)?.startsWith('drizzle') !== true) continue;
      const name = facts.checker.typeToString(facts.checker.getTypeAtLocation(client));
      return /\bPostgresJs/.test(name) ? 'postgres.js' : /\bNodePg/.test(name) ? 'node-postgres' : null;
    }
  }
  return null;
}

/** Whether the kind sends each statement on whichever connection is free. */
export function isPooled(kind: ClientKind): boolean {
  return kind === 'drizzle' || kind === 'pg-pool' || kind === 'postgres';
}

export function isTransaction(kind: ClientKind): boolean {
  return kind === 'drizzle-transaction' || kind === 'postgres-transaction';
}

function clientOfObject(facts: ProgramFacts, type: ts.Type, depth: number): ClientKind | null {
  const symbol = type.getSymbol();
  if (symbol === undefined || depth > 4) return null;
  const own = kindOfSymbol(symbol);
  if (own !== null) return own;
  if (!type.isClassOrInterface() && (type as ts.TypeReference).target === undefined) return null;
  const base = ((type as ts.TypeReference).target as ts.InterfaceType | undefined) ?? type;
  if (!base.isClassOrInterface()) return null;
  for (const parent of facts.checker.getBaseTypes(base)) {
    const found = clientOfObject(facts, parent, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

function kindOfSymbol(symbol: ts.Symbol): ClientKind | null {
  const name = nameOfSymbol(symbol);
  if (!/^(?:\w*(?:Database|Transaction|Client|ClientBase|Pool)|\w*Sql)$/.test(name)) return null;
  const from = packageOfSymbol(symbol);
  if (from === 'drizzle-orm') {
    if (/Transaction$/.test(name)) return 'drizzle-transaction';
    return /Database$/.test(name) ? 'drizzle' : null;
  }
  if (from === 'pg' || from === 'pg-pool') {
    if (name === 'Pool') return 'pg-pool';
    if (name === 'PoolClient') return 'pg-pool-client';
    return name === 'Client' || name === 'ClientBase' ? 'pg-client' : null;
  }
  if (from === 'postgres') {
    if (name === 'TransactionSql') return 'postgres-transaction';
    if (name === 'ReservedSql') return 'postgres-reserved';
    return name === 'Sql' || name === 'ISql' ? 'postgres' : null;
  }
  if (from?.startsWith('@supabase/') === true) {
    return name === 'SupabaseClient' || name === 'PostgrestClient' ? 'supabase' : null;
  }
  return null;
}
