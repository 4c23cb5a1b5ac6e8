/** One module of the user's project by its syntax: what it imports, declares at the top and exports. */
import { dirname, extname, resolve } from 'node:path';
import { ts } from 'ts-morph';
import { isPresent, readTextIfPresent } from '../io/project-files.js';
import { bareSpecifier } from '../source/deno-modules.js';

export interface SourceModule {
  readonly path: string;
  readonly tree: ts.SourceFile;
  /** By local name, `npm:` and a version left out of the specifier. A namespace import has the name `*`. */
  readonly imports: ReadonlyMap<string, { readonly specifier: string; readonly name: string }>;
  /** Initializers and function declarations at the top level, by local name. */
  readonly declarations: ReadonlyMap<string, ts.Expression | ts.FunctionDeclaration>;
  /** Local names by exported name, `default` included; re-exports are elsewhere. */
  readonly exports: ReadonlyMap<string, string>;
}

export function parseModule(path: string, text: string): SourceModule {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imports = new Map<string, { specifier: string; name: string }>();
  const declarations = new Map<string, ts.Expression | ts.FunctionDeclaration>();
  const exports = new Map<string, string>();
  for (const statement of tree.statements) {
    if (ts.isImportDeclaration(statement)) collectImports(statement, imports);
    else if (ts.isVariableStatement(statement)) {
      for (const { name, initializer } of statement.declarationList.declarations) {
        const required = initializer && requiredModule(initializer);
        if (required !== undefined && required !== null) collectRequired(name, required, imports);
        if (!ts.isIdentifier(name)) continue;
        if (initializer) declarations.set(name.text, initializer);
        if (isExported(statement)) exports.set(name.text, name.text);
      }
    } else if (ts.isFunctionDeclaration(statement) && statement.name) {
      declarations.set(statement.name.text, statement);
      if (isExported(statement))
        exports.set(isDefault(statement) ? 'default' : statement.name.text, statement.name.text);
    } else if (ts.isExpressionStatement(statement)) {
      collectCommonJsExports(statement.expression, exports);
    } else if (ts.isExportAssignment(statement) && ts.isIdentifier(statement.expression)) {
      exports.set('default', statement.expression.text);
    } else if (
      ts.isExportDeclaration(statement) &&
      !statement.moduleSpecifier &&
      statement.exportClause &&
      ts.isNamedExports(statement.exportClause)
    ) {
      for (const { name, propertyName } of statement.exportClause.elements)
        exports.set(name.text, (propertyName ?? name).text);
    }
  }
  return { path, tree, imports, declarations, exports };
}

/** The module that a relative specifier means, or null (a package, an alias, a missing file). */
export function importedModule(from: SourceModule, specifier: string): SourceModule | null {
  if (!specifier.startsWith('.')) return null;
  const base = resolve(dirname(from.path), specifier);
  const stem = /\.[cm]?js$/.test(base) ? base.slice(0, -extname(base).length) : base;
  const endings = ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '/index.ts', '/index.js'];
  for (const path of [base, ...endings.map((ending) => stem + ending)]) {
    if (extname(path) === '' || !isPresent(path)) continue;
    const text = readTextIfPresent(path);
    if (text !== null) return parseModule(path, text);
  }
  return null;
}

function collectImports(
  statement: ts.ImportDeclaration,
  imports: Map<string, { specifier: string; name: string }>,
): void {
  const clause = statement.importClause;
  if (!clause || !ts.isStringLiteral(statement.moduleSpecifier)) return;
  const specifier = bareSpecifier(statement.moduleSpecifier.text);
  if (clause.name) imports.set(clause.name.text, { specifier, name: 'default' });
  if (!clause.namedBindings) return;
  if (ts.isNamespaceImport(clause.namedBindings)) {
    imports.set(clause.namedBindings.name.text, { specifier, name: '*' });
    return;
  }
  for (const { name, propertyName } of clause.namedBindings.elements)
    imports.set(name.text, { specifier, name: (propertyName ?? name).text });
}

/** `pg` for `require('pg')`. */
function requiredModule(initializer: ts.Expression): string | null {
  if (!ts.isCallExpression(initializer) || initializer.expression.getText() !== 'require') return null;
  const [specifier] = initializer.arguments;
  return specifier && ts.isStringLiteralLike(specifier) ? specifier.text : null;
}

function collectRequired(
  name: ts.BindingName,
  specifier: string,
  imports: Map<string, { specifier: string; name: string }>,
): void {
  if (ts.isIdentifier(name)) imports.set(name.text, { specifier, name: '*' });
  if (!ts.isObjectBindingPattern(name)) return;
  for (const element of name.elements) {
    if (ts.isIdentifier(element.name))
      imports.set(element.name.text, { specifier, name: (element.propertyName ?? element.name).getText() });
  }
}

/** `module.exports = { db }`, `exports.db = db`. */
function collectCommonJsExports(expression: ts.Expression, exports: Map<string, string>): void {
  if (!ts.isBinaryExpression(expression) || expression.operatorToken.kind !== ts.SyntaxKind.EqualsToken)
    return;
  const { left, right } = expression;
  if (left.getText() === 'module.exports' && ts.isObjectLiteralExpression(right)) {
    for (const property of right.properties) {
      if (ts.isShorthandPropertyAssignment(property)) exports.set(property.name.text, property.name.text);
      else if (ts.isPropertyAssignment(property) && ts.isIdentifier(property.initializer))
        exports.set(property.name.getText(), property.initializer.text);
    }
  } else if (ts.isPropertyAccessExpression(left) && ts.isIdentifier(right)) {
    if (['exports', 'module.exports'].includes(left.expression.getText()))
      exports.set(left.name.text, right.text);
  }
}

function isExported(statement: ts.VariableStatement | ts.FunctionDeclaration): boolean {
  return has(statement, ts.SyntaxKind.ExportKeyword);
}

function isDefault(statement: ts.FunctionDeclaration): boolean {
  return has(statement, ts.SyntaxKind.DefaultKeyword);
}

function has(statement: ts.VariableStatement | ts.FunctionDeclaration, kind: ts.SyntaxKind): boolean {
  return statement.modifiers?.some((modifier) => modifier.kind === kind) ?? false;
}
