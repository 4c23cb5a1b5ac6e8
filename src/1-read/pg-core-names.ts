/** What local names of a module mean in drizzle-orm/pg-core, by syntax. */
import { ts } from 'ts-morph';
import { importedModule, type SourceModule } from './source-module.js';

/** The name in drizzle-orm/pg-core that a local name was imported as, else null. */
export function fromPgCore(module: SourceModule, local: string): string | null {
  const imported = module.imports.get(local);
  return imported?.specifier === 'drizzle-orm/pg-core' ? imported.name : null;
}

export interface DeclaredCall {
  readonly module: SourceModule;
  readonly call: ts.CallExpression;
}

/** The call that a local name is initialized with, through one relative import. */
export function initializerOf(module: SourceModule, local: string): DeclaredCall | null {
  const own = module.declarations.get(local);
  if (own) return ts.isCallExpression(own) ? { module, call: own } : null;
  const imported = module.imports.get(local);
  const target = imported && importedModule(module, imported.specifier);
  if (!target) return null;
  const there = target.declarations.get(target.exports.get(imported.name) ?? '');
  return there && ts.isCallExpression(there) ? { module: target, call: there } : null;
}

/** `pgEnum` for `pgEnum('status', […])`. */
export function calledFromPgCore({ module, call }: DeclaredCall): string | null {
  return ts.isIdentifier(call.expression) ? fromPgCore(module, call.expression.text) : null;
}
