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
    for (const name of importedNames(statement)) {
      const symbol = checker.getSymbolAtLocation(name);
      if (symbol && isExport(checker, resolved(checker, symbol), wanted)) return name.text;
    }
  }
  return null;
}

/** The value names of an import, or of `const { db } = require('./db')`. */
function importedNames(statement: ts.Statement): readonly ts.Identifier[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name, initializer }) =>
      initializer && ts.isCallExpression(initializer) && initializer.expression.getText() === 'require'
        ? boundNames(name)
        : [],
    );
  }
  if (!ts.isImportDeclaration(statement)) return [];
  const { importClause } = statement;
  if (!importClause || importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return [];
  const { name, namedBindings } = importClause;
  const named = namedBindings && ts.isNamedImports(namedBindings) ? namedBindings.elements : [];
  return [...(name ? [name] : []), ...named.filter((each) => !each.isTypeOnly).map((each) => each.name)];
}

function boundNames(name: ts.BindingName): readonly ts.Identifier[] {
  if (!ts.isObjectBindingPattern(name)) return [];
  return name.elements.flatMap((element) => (ts.isIdentifier(element.name) ? [element.name] : []));
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
  // `module.exports = { db }` has no exports that can be asked for by name.
  return exported === undefined ? symbol.name === wanted.exportName : resolved(checker, exported) === symbol;
}

function resolved(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}
