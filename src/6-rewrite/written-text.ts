/** The text that a person has written in an editor: its imports, what follows them, and what no compiler reads. */
import { ts } from 'ts-morph';
import type { Code } from '../5-translate/code.js';
import { readFileImports } from './file-imports.js';
import { importSpecifier } from './import-specifier.js';
import { parseSource, type PlaceContext, type SourceView } from './place-context.js';
import type { ImportNeed } from './site-plan.js';

/** Sentences on what is wrong with an edited text, with its line where there is one. */
export interface EditProblem {
  readonly problem: readonly string[];
}

export interface WrittenText {
  readonly source: ts.SourceFile;
  /** What follows the imports. */
  readonly statements: readonly ts.Statement[];
  /** What a name of an import stands for; null for a name that none brings. */
  imported(name: string, typeOnly: boolean): Code | null;
}

interface Home {
  /** The file that the text goes to. */
  readonly path: string;
  /** Imports that the text had before it was edited. */
  readonly needs: readonly ImportNeed[];
  /** The file's own, which the text may use without importing anything. */
  readonly view: SourceView | null;
  /** Which generated function or helper a file and an export are. */
  routine(path: string, name: string): Code | null;
}

/** Parses the text; a syntax error is a problem, and so is an import that cannot be followed. */
export function readWrittenText(text: string, home: Home, context: PlaceContext): WrittenText | EditProblem {
  const syntax = syntaxErrors(home.path, text);
  if (syntax.length > 0) return { problem: syntax };
  const source = parseSource(home.path, text);
  const resolver = context.resolverFor?.(home.path) ?? context.resolver;
  const none = { declarations: [], commonJs: false };
  const known = new Map(
    home.needs.map((need) => [
      `${importSpecifier(home.path, need, none, resolver)}\0${need.name}`,
      codeOfNeed(need, home),
    ]),
  );
  const problem: string[] = [];
  const names = new Map<string, Code>();
  const own = readFileImports(source);
  for (const [imports, added] of [[home.view?.imports ?? none, false] as const, [own, true] as const]) {
    for (const { specifier, bindings } of imports.declarations) {
      for (const { name, local } of bindings) {
        const code =
          known.get(`${specifier}\0${name}`) ??
          importCode(resolver.resolve(home.path, specifier) ?? specifier, name, context);
        if (code !== null) names.set(local, code);
        else if (added)
          problem.push(`import { … } is what an edit may add: \`${local}\` is imported in another way`);
      }
    }
  }
  if (problem.length > 0) return { problem };
  return {
    source,
    statements: source.statements.filter((statement) => !ts.isImportDeclaration(statement)),
    imported(name, typeOnly) {
      const code = names.get(name) ?? null;
      return code?.kind === 'import' && typeOnly ? { ...code, typeOnly } : code;
    },
  };
}

function codeOfNeed({ name, from, typeOnly }: ImportNeed, home: Home): Code {
  if (from.kind === 'package') return { kind: 'import', module: from.specifier, name, typeOnly };
  return home.routine(from.path, name) ?? { kind: 'import', module: from.path, name, typeOnly };
}

/** A whole module or its default has no form among the nodes of a translation. */
function importCode(module: string, name: string, { project }: PlaceContext): Code | null {
  if (name === '*' || name === 'default') return null;
  const table = project.tables.find((one) => one.exportName === name && one.file === module);
  if (table !== undefined) return { kind: 'table', schema: table.schema, table: table.name };
  return { kind: 'import', module, name };
}

function syntaxErrors(path: string, text: string): readonly string[] {
  const fileName = path.replace(/^.*[/\\]/, '');
  const compilerOptions = { target: ts.ScriptTarget.Latest, module: ts.ModuleKind.ESNext };
  const { diagnostics = [] } = ts.transpileModule(text, {
    fileName,
    compilerOptions,
    reportDiagnostics: true,
  });
  return diagnostics.map(({ file, start = 0, messageText }) => {
    const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
    return `line ${String(line)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}
