/** References of a local binding, by the checker's symbols. */
import { ts } from 'ts-morph';

/**
 * Every identifier in the binding's file that means the same variable, its declaration left out.
 * `exported` variables may have more readers elsewhere.
 */
export function referencesOf(
  checker: ts.TypeChecker,
  name: ts.Identifier,
): { readonly references: readonly ts.Identifier[]; readonly exported: boolean } {
  const symbol = checker.getSymbolAtLocation(name);
  const file = name.getSourceFile();
  const references: ts.Identifier[] = [];
  let exported = isExported(name);
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node !== name && node.text === name.text) {
      const meant = meaningOf(checker, node);
      if (meant !== undefined && meant === symbol) {
        if (ts.isExportSpecifier(node.parent)) exported = true;
        references.push(node);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { references, exported };
}

/** In `{ name }` and `export { name }` the identifier stands for two things; the variable is meant. */
function meaningOf(checker: ts.TypeChecker, node: ts.Identifier): ts.Symbol | undefined {
  if (ts.isShorthandPropertyAssignment(node.parent)) {
    return checker.getShorthandAssignmentValueSymbol(node.parent);
  }
  if (ts.isExportSpecifier(node.parent)) return checker.getExportSpecifierLocalTargetSymbol(node.parent);
  return checker.getSymbolAtLocation(node);
}

function isExported(name: ts.Identifier): boolean {
  const statement = ts.findAncestor(name, (node) => ts.isVariableStatement(node));
  return (
    statement !== undefined &&
    ts.isSourceFile(statement.parent) &&
    (ts.getModifiers(statement)?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) ?? false)
  );
}
