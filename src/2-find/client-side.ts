/** Does a file run in the browser, where no database client is? By what it says of itself. */
import { ts } from 'ts-morph';
import type { SiteRefusal } from './call-site.js';
import { unwrap } from './find-constant.js';
import type { RpcRequest } from './rpc-request.js';

/** Null for code of a server, and for code that does not say. */
export function clientSide(file: ts.SourceFile): SiteRefusal | null {
  const directive = file.statements
    .filter((one) => ts.isExpressionStatement(one))
    .map((one) => one.expression)
    .find((one) => ts.isStringLiteral(one) && one.text === 'use client');
  if (directive !== undefined) return clientSideRefusal("the file begins with 'use client'");
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    const from = ts.isStringLiteral(statement.moduleSpecifier) ? statement.moduleSpecifier.text : '';
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
    const names = bindings.elements
      .filter((one) => !one.isTypeOnly)
      .map((one) => (one.propertyName ?? one.name).text);
    const hooks = hookModules.test(from);
    const browser = names.find((name) => browserOnly.has(name) || (hooks && isHook(name)));
    if (browser !== undefined) return clientSideRefusal(`the file imports ${browser}`);
  }
  return null;
}

/** Modules whose hooks only a component of the browser may call. */
const hookModules = /^(?:npm:)?(?:react|react-dom|swr|@tanstack\/react-query)(?:\/|@|$)/;

/** `use` and `useId` work on a server too. */
function isHook(name: string): boolean {
  return /^use[A-Z]/.test(name) && name !== 'useId';
}

/** Clients and hooks that only a browser has: those of @supabase/ssr and its helpers, and of React. */
const browserOnly: ReadonlySet<string> = new Set([
  'createBrowserClient',
  'createClientComponentClient',
  'createPagesBrowserClient',
  'useSupabaseClient',
]);

/** The same of the client that a call is made on: made by one of those, here or in another file. */
export function onBrowserClient(checker: ts.TypeChecker, receiver: ts.Expression): SiteRefusal | null {
  const made = makerOf(checker, receiver, 0);
  return made === null ? null : clientSideRefusal(`its client is made by ${made}`);
}

function makerOf(checker: ts.TypeChecker, expression: ts.Expression, depth: number): string | null {
  const node = ts.isAwaitExpression(expression) ? unwrap(expression.expression) : unwrap(expression);
  if (depth > 3) return null;
  if (ts.isCallExpression(node) && !ts.isIdentifier(node.expression)) return null;
  const name = ts.isCallExpression(node) ? node.expression : node;
  if (ts.isIdentifier(name) && browserOnly.has(name.text)) return name.text;
  const symbol = checker.getSymbolAtLocation(name);
  const aliased =
    symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0
      ? checker.getAliasedSymbol(symbol)
      : symbol;
  const declaration = aliased?.valueDeclaration;
  if (declaration === undefined || declaration.getSourceFile().isDeclarationFile) return null;
  if (ts.isFunctionDeclaration(declaration) && ts.isCallExpression(node)) {
    const [only] = declaration.body?.statements ?? [];
    const returned = only !== undefined && ts.isReturnStatement(only) ? only.expression : undefined;
    return returned === undefined ? null : makerOf(checker, returned, depth + 1);
  }
  if (!ts.isVariableDeclaration(declaration) || declaration.initializer === undefined) return null;
  const { initializer } = declaration;
  const body = ts.isArrowFunction(initializer) ? initializer.body : initializer;
  return ts.isBlock(body) ? null : makerOf(checker, body, depth + 1);
}

/** `detail` says what shows it; the refusal names no function yet (`withServerFunction`). */
export function clientSideRefusal(detail: string): SiteRefusal {
  return { reason: 'client-side', detail };
}

/** A call in the browser with what to make of it: the function of the server that takes its place. */
export function withServerFunction(
  refusal: SiteRefusal,
  name: string,
  { arguments: named, object }: Pick<RpcRequest, 'arguments' | 'object'>,
): SiteRefusal {
  if (refusal.reason !== 'client-side') return refusal;
  const made = name.replace(/_+([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());
  const list = named.map((one) => one.name).join(', ');
  const taken = object !== undefined ? 'args' : list === '' ? '' : `{ ${list} }`;
  const example = `export async function ${made}(${taken})`;
  return {
    ...refusal,
    detail: `${refusal.detail}: make a server action or route handler, such as \`${example}\`, that makes the call, and call that here; it is rewritten there`,
  };
}
