/** Under which name a file already has an export of another file. */
import { ts } from 'ts-morph';

/** The local name, by a value import, through re-exports too, or because the file itself declares it; else null. */
export function findImportedName(
  checker: ts.TypeChecker,
  file: ts.SourceFile,
  wanted: { readonly file: string; readonly exportName: string },
): string | null {
  if (file.fileName === wanted.file) {
    const module = checker.getSymbolAtLocation(file);
    const symbol = module && checker.tryGetMemberInModuleExports(wanted.exportName, module);
    return symbol ? resolved(checker, symbol).name : wanted.exportName;
  }
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    for (const name of importedNames(statement)) {
      const symbol = checker.getSymbolAtLocation(name);
      if (symbol && isExport(checker, resolved(checker, symbol), wanted)) return name.text;
    }
  }
  return null;
}

function importedNames({ importClause }: ts.ImportDeclaration): readonly ts.Identifier[] {
  if (!importClause || importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return [];
  const { name, namedBindings } = importClause;
  const named = namedBindings && ts.isNamedImports(namedBindings) ? namedBindings.elements : [];
  return [...(name ? [name] : []), ...named.filter((each) => !each.isTypeOnly).map((each) => each.name)];
}

function isExport(
  checker: ts.TypeChecker,
  symbol: ts.Symbol,
  wanted: { readonly file: string; readonly exportName: string },
): boolean {
  const file = symbol.declarations?.[0]?.getSourceFile();
  if (file?.fileName !== wanted.file) return false;
  const module = checker.getSymbolAtLocation(file);
  const exported = module && checker.tryGetMemberInModuleExports(wanted.exportName, module);
  return exported !== undefined && resolved(checker, exported) === symbol;
}

function resolved(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}
