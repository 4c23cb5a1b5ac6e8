/** Exported Drizzle clients of a module, by syntax: `export const db = drizzle(…)` from one of its drivers. */
import { ts } from 'ts-morph';
import type { Casing } from './drizzle-columns.js';
import type { SourceModule } from './source-module.js';
import type { DrizzleClient, Driver } from './user-project.js';

export interface FoundClients {
  readonly clients: readonly DrizzleClient[];
  /** The `casing` option given to `drizzle()`. */
  readonly casing: Casing;
  readonly notes: readonly string[];
}

/** By what the awaited result of `execute` looks like; drivers without interactive transactions are left out. */
const drivers: Readonly<Record<string, Driver>> = {
  'drizzle-orm/node-postgres': 'node-postgres',
  'drizzle-orm/neon-serverless': 'node-postgres',
  'drizzle-orm/vercel-postgres': 'node-postgres',
  'drizzle-orm/postgres-js': 'postgres-js',
  'drizzle-orm/supabase': 'postgres-js',
  'drizzle-orm/pglite': 'pglite',
};

const postgresModule =
  /^drizzle-orm\/(neon|neon-http|netlify-db|xata-http|pg-proxy|aws-data-api\/pg|bun-sql)$/;

export function findClients(module: SourceModule): FoundClients {
  const makers = new Map<string, string>();
  for (const [local, { specifier, name }] of module.imports) {
    if (name === 'drizzle') makers.set(local, specifier);
  }
  if (makers.size === 0) return { clients: [], casing: null, notes: [] };
  const clients: DrizzleClient[] = [];
  const notes: string[] = [];
  let casing: Casing = null;
  for (const [local, declaration] of module.declarations) {
    if (isFunction(declaration)) continue;
    const call = makerCall(declaration, makers, module, new Set());
    if (!call || !ts.isIdentifier(call.expression)) continue;
    const specifier = makers.get(call.expression.text) ?? '';
    const driver = drivers[specifier];
    if (driver === undefined) {
      if (postgresModule.test(specifier)) notes.push(`${module.path}: clients of ${specifier} are not used.`);
      continue;
    }
    casing = casingOf(call) ?? casing;
    const exportName = exportedName(module, local);
    if (exportName !== null) clients.push({ file: module.path, exportName, driver });
  }
  return { clients: clients, casing, notes };
}

/** A client that has several names, such as `db` and `default`, goes by the first that is a name. */
function exportedName(module: SourceModule, local: string): string | null {
  const names = [...module.exports].filter(([, meant]) => meant === local).map(([name]) => name);
  return names.find((name) => name !== 'default') ?? names[0] ?? null;
}

/** The call of `drizzle` in an initializer, also inside `??`, a wrapping call, or a function of this module that it calls. */
function makerCall(
  node: ts.Node,
  makers: ReadonlyMap<string, string>,
  module: SourceModule,
  seen: Set<string>,
): ts.CallExpression | null {
  let found: ts.CallExpression | null = null;
  const visit = (inner: ts.Node): void => {
    if (found) return;
    if (ts.isCallExpression(inner) && ts.isIdentifier(inner.expression)) {
      const callee = inner.expression.text;
      if (makers.has(callee)) {
        found = inner;
        return;
      }
      const called = module.declarations.get(callee);
      if (called && isFunction(called) && !seen.has(callee)) {
        seen.add(callee);
        found = makerCall(called, makers, module, seen);
      }
    }
    ts.forEachChild(inner, visit);
  };
  visit(node);
  return found;
}

function isFunction(node: ts.Node): boolean {
  return ts.isFunctionDeclaration(node) || ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}

function casingOf(call: ts.CallExpression): Casing {
  let casing: Casing = null;
  const visit = (node: ts.Node): void => {
    if (
      ts.isPropertyAssignment(node) &&
      node.name.getText() === 'casing' &&
      ts.isStringLiteralLike(node.initializer) &&
      (node.initializer.text === 'snake_case' || node.initializer.text === 'camelCase')
    )
      casing = node.initializer.text;
    ts.forEachChild(node, visit);
  };
  call.arguments.forEach(visit);
  return casing;
}
