/** Could Deno run a module: are it and all that it imports named as Deno names them? */
import { ts } from 'ts-morph';
import { denoTarget, type DenoModules, type ModuleHost } from './deno-modules.js';

/** Null when it could, else the import that stops it, as a part of a sentence. Imports of types alone do not count. */
export function whyDenoCannotLoad(
  path: string,
  modules: DenoModules,
  host: ModuleHost = ts.sys,
): string | null {
  const waiting = [path];
  const seen = new Set(waiting);
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const text = host.readFile(file);
    if (text === undefined) return `${file} cannot be read`;
    for (const specifier of importedValues(file, text)) {
      const target = denoTarget(specifier, file, modules, host);
      if (target === null)
        return `${file.split('/').at(-1) ?? file} imports '${specifier}', which Deno does not find`;
      if (!('file' in target) || seen.has(target.file)) continue;
      seen.add(target.file);
      waiting.push(target.file);
    }
  }
  return null;
}

function importedValues(path: string, text: string): readonly string[] {
  const { statements } = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  return statements.flatMap((statement) => {
    const imported = ts.isImportDeclaration(statement) && !isTypeOnly(statement);
    const exported = ts.isExportDeclaration(statement) && !statement.isTypeOnly;
    const from = imported || exported ? statement.moduleSpecifier : undefined;
    return from !== undefined && ts.isStringLiteral(from) ? [from.text] : [];
  });
}

function isTypeOnly({ importClause }: ts.ImportDeclaration): boolean {
  return importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}
