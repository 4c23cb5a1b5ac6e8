/** Does a file run in the browser, where no database client is? By what it says of itself. */
import { ts } from 'ts-morph';
import type { SiteRefusal } from './call-site.js';

/** Null for code of a server, and for code that does not say. */
export function clientSide(file: ts.SourceFile): SiteRefusal | null {
  const directive = file.statements
    .filter((one) => ts.isExpressionStatement(one))
    .map((one) => one.expression)
    .find((one) => ts.isStringLiteral(one) && one.text === 'use client');
  if (directive !== undefined) return refusal("the file begins with 'use client'");
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
    const names = bindings.elements
      .filter((one) => !one.isTypeOnly)
      .map((one) => (one.propertyName ?? one.name).text);
    const browser = names.find((name) => browserOnly.has(name));
    if (browser !== undefined) return refusal(`the file imports ${browser}`);
  }
  return null;
}

/** Clients and hooks that only a browser has: those of @supabase/ssr and its helpers, and of React. */
const browserOnly: ReadonlySet<string> = new Set([
  'createBrowserClient',
  'createClientComponentClient',
  'createPagesBrowserClient',
  'useSupabaseClient',
  'useState',
  'useEffect',
]);

function refusal(detail: string): SiteRefusal {
  return {
    reason: 'client-side',
    detail: `${detail}: make a server action or route handler that holds the query, and call that`,
  };
}
