/** Which package a symbol, a type or an expression comes from. */
import { ts } from 'ts-morph';
import { unwrap } from '../../source/nodes.js';
import { remember, type ProgramFacts } from './program-facts.js';

/** `@scope/name` or `name` of the package whose files declare the symbol; `node:…` and `lib` for built-ins; else null. */
export function packageOfSymbol(symbol: ts.Symbol | undefined): string | null {
  for (const declaration of symbol?.declarations ?? []) {
    const found = packageOfDeclaration(declaration);
    if (found !== null) return found;
  }
  return null;
}

export function packageOfDeclaration(declaration: ts.Node): string | null {
  const ambient = ts.findAncestor(
    declaration,
    (node): node is ts.ModuleDeclaration => ts.isModuleDeclaration(node) && ts.isStringLiteral(node.name),
  );
  if (ambient !== undefined && ts.isModuleDeclaration(ambient)) return moduleName(ambient.name.text);
  return packageOfFile(declaration.getSourceFile().fileName);
}

export function packageOfFile(path: string): string | null {
  const at = path.lastIndexOf('/node_modules/');
  if (at < 0) return null;
  const [first = '', second = ''] = path.slice(at + '/node_modules/'.length).split('/');
  if (first === '@types') return second.includes('__') ? `@${second.replace('__', '/')}` : second;
  if (first === 'typescript') return 'lib';
  return first.startsWith('@') ? `${first}/${second}` : first.replace(/^(drizzle-orm)-\w+$/, '$1');
}

/** `bullmq` for `bullmq/dist/x`, `@scope/name` for its subpaths. */
export function moduleName(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The name that a symbol was declared with, also when it is a default export. */
export function nameOfSymbol(symbol: ts.Symbol): string {
  if (symbol.name !== 'default' && symbol.name !== 'export=') return symbol.name;
  const declaration = symbol.declarations?.[0];
  const name = declaration === undefined ? undefined : ts.getNameOfDeclaration(declaration);
  return name !== undefined && ts.isIdentifier(name) ? name.text : symbol.name;
}

/** The symbol that a name stands for, imports followed to what they import. */
export function symbolOf(facts: ProgramFacts, node: ts.Node): ts.Symbol | undefined {
  const name = ts.isPropertyAccessExpression(node) ? node.name : node;
  const symbol = facts.checker.getSymbolAtLocation(name);
  if (symbol === undefined || (symbol.flags & ts.SymbolFlags.Alias) === 0) return symbol;
  return facts.checker.getAliasedSymbol(symbol);
}

/** The module specifier and the exported name behind an imported identifier, by its own file's import; else null. */
export function importOf(
  facts: ProgramFacts,
  node: ts.Expression,
): { readonly module: string; readonly name: string } | null {
  const inner = unwrap(node);
  if (ts.isPropertyAccessExpression(inner)) {
    const space = importOf(facts, inner.expression);
    return space?.name === '*' || space?.name === 'default'
      ? { module: space.module, name: inner.name.text }
      : null;
  }
  if (!ts.isIdentifier(inner)) return null;
  return remember(facts, 'import', inner, () => {
    for (const declaration of facts.checker.getSymbolAtLocation(inner)?.declarations ?? []) {
      const clause = ts.findAncestor(declaration, ts.isImportDeclaration);
      if (clause === undefined || !ts.isStringLiteral(clause.moduleSpecifier)) continue;
      const module = clause.moduleSpecifier.text;
      if (ts.isImportSpecifier(declaration))
        return { module, name: (declaration.propertyName ?? declaration.name).text };
      return { module, name: ts.isNamespaceImport(declaration) ? '*' : 'default' };
    }
    return null;
  });
}

/** Whether an identifier or property names `name` as exported by one of the modules, re-exports followed. */
export function isExportOf(
  facts: ProgramFacts,
  node: ts.Expression,
  name: string,
  packages: RegExp,
): boolean {
  const inner = unwrap(node);
  // A method of what a call gives is nobody's export, and its type need not be known.
  if (ts.isPropertyAccessExpression(inner) && isOtherCall(inner.expression)) return false;
  const imported = importOf(facts, node);
  if (imported !== null && imported.name === name && packages.test(moduleName(imported.module))) return true;
  const symbol = symbolOf(facts, inner);
  return symbol?.name === name && packages.test(packageOfSymbol(symbol) ?? '');
}

function isOtherCall(node: ts.Expression): boolean {
  const inner = unwrap(node);
  return ts.isCallExpression(inner) && inner.expression.getText() !== 'require';
}
