/** Which modules of a program import others, by static imports and re-exports. */
import { ts } from 'ts-morph';

/** Absolute paths of the program's own modules that import one of `files` directly, without `files` themselves. */
export function findImporters(program: ts.Program, files: readonly string[]): readonly string[] {
  const wanted = new Set(files);
  const checker = program.getTypeChecker();
  const imports = (statement: ts.Statement): boolean => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return false;
    const module = statement.moduleSpecifier && checker.getSymbolAtLocation(statement.moduleSpecifier);
    return module?.declarations?.some((each) => wanted.has(each.getSourceFile().fileName)) ?? false;
  };
  return program
    .getSourceFiles()
    .filter((file) => !file.isDeclarationFile && !wanted.has(file.fileName))
    .filter((file) => !program.isSourceFileFromExternalLibrary(file) && file.statements.some(imports))
    .map(({ fileName }) => fileName);
}
