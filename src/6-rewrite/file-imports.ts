/** The import declarations and top-level requires of one file, as data with their places in the text. */
import { ts } from 'ts-morph';
import { isRequireCall } from './visible-names.js';

export interface FileImports {
  readonly declarations: readonly ImportedModule[];
  /** New modules are imported by `require`: the file is CommonJS by its syntax or its extension. */
  readonly commonJs: boolean;
}

export interface ImportedModule {
  readonly specifier: string;
  readonly form: 'import' | 'require';
  /** `import type { … }`. */
  readonly typeOnly: boolean;
  readonly bindings: readonly ImportedName[];
  /** Offsets of the whole statement. */
  readonly start: number;
  readonly end: number;
  /** Offsets of `{ … }`, or null where there are no named bindings. */
  readonly braces: { readonly start: number; readonly end: number } | null;
  /** Offset where `, { … }` may be put after a default import; null otherwise. */
  readonly afterDefault: number | null;
}

/** `name` is the exported name, `default`, or `*` for the whole module. */
export interface ImportedName {
  readonly name: string;
  readonly local: string;
  readonly typeOnly: boolean;
  /** The specifier as written: `type A as B`. */
  readonly text: string;
}

export function readFileImports(source: ts.SourceFile): FileImports {
  const declarations: ImportedModule[] = [];
  let modular = false;
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) declarations.push(importDeclaration(source, statement));
    modular ||= isModuleSyntax(statement);
    if (ts.isVariableStatement(statement)) declarations.push(...requires(source, statement));
  }
  const required =
    declarations.some((one) => one.form === 'require') || /\b(?:module\.)?exports\b/.test(source.text);
  return {
    declarations,
    commonJs: /\.cjs$/.test(source.fileName) || (!modular && required && /\.jsx?$/.test(source.fileName)),
  };
}

function isModuleSyntax(statement: ts.Statement): boolean {
  return (
    ts.isImportDeclaration(statement) ||
    ts.isExportDeclaration(statement) ||
    ts.isExportAssignment(statement) ||
    (ts.canHaveModifiers(statement) &&
      (ts.getModifiers(statement) ?? []).some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword))
  );
}

function importDeclaration(source: ts.SourceFile, node: ts.ImportDeclaration): ImportedModule {
  const clause = node.importClause;
  const named = clause?.namedBindings;
  const bindings: ImportedName[] = [];
  const typeOnly = clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
  if (clause?.name)
    bindings.push({ name: 'default', local: clause.name.text, typeOnly, text: clause.name.text });
  if (named && ts.isNamespaceImport(named)) {
    bindings.push({ name: '*', local: named.name.text, typeOnly, text: named.getText(source) });
  } else if (named) {
    for (const element of named.elements) {
      bindings.push({
        name: (element.propertyName ?? element.name).text,
        local: element.name.text,
        typeOnly: typeOnly || element.isTypeOnly,
        text: element.getText(source),
      });
    }
  }
  const braces = named && ts.isNamedImports(named) ? { start: named.getStart(source), end: named.end } : null;
  return {
    specifier: (node.moduleSpecifier as ts.StringLiteral).text,
    form: 'import',
    typeOnly,
    bindings,
    start: node.getStart(source),
    end: node.end,
    braces,
    afterDefault: clause?.name && !named ? clause.name.end : null,
  };
}

function requires(source: ts.SourceFile, statement: ts.VariableStatement): readonly ImportedModule[] {
  const [declaration, ...others] = statement.declarationList.declarations;
  if (!declaration || others.length > 0 || !isRequireCall(declaration.initializer)) return [];
  const bindings: ImportedName[] = [];
  const { name } = declaration;
  if (ts.isIdentifier(name)) {
    bindings.push({ name: '*', local: name.text, typeOnly: false, text: name.text });
  } else if (ts.isObjectBindingPattern(name)) {
    for (const element of name.elements) {
      if (element.dotDotDotToken || !ts.isIdentifier(element.name)) return [];
      const property = element.propertyName ?? element.name;
      if (!ts.isIdentifier(property)) return [];
      bindings.push({
        name: property.text,
        local: element.name.text,
        typeOnly: false,
        text: element.getText(source),
      });
    }
  } else return [];
  return [
    {
      specifier: (declaration.initializer.arguments[0] as ts.StringLiteral).text,
      form: 'require',
      typeOnly: false,
      bindings,
      start: statement.getStart(source),
      end: statement.end,
      braces: ts.isObjectBindingPattern(name) ? { start: name.getStart(source), end: name.end } : null,
      afterDefault: null,
    },
  ];
}
