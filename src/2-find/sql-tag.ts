/** Which library a template tag comes from, by the imports and declarations of its file. */
import { ts } from 'ts-morph';
import { findDeclaration } from './find-constant.js';

/**
 * drizzle: makes a fragment and sends nothing · postgres: postgres.js, sends when awaited ·
 * other: a library whose tags this program does not know · unknown: the file does not say.
 */
export type TagOrigin = 'drizzle' | 'postgres' | 'other' | 'unknown';

interface ImportedName {
  readonly module: string;
  readonly name: string;
}

const imports = new WeakMap<ts.SourceFile, ReadonlyMap<string, ImportedName>>();
const usualNames = /(?:^|[.$])(?:sql|SQL|pgsql|pg)\d?$|[a-z]Sql$|^(?:sql|pg)[A-Z]\w*$/;
const transactionTypes = /\b(?:TransactionSql|ReservedSql|Sql)\b/;

export function tagOrigin(tag: ts.Expression): TagOrigin {
  if (!ts.isIdentifier(tag)) return 'unknown';
  const imported = importedNames(tag.getSourceFile()).get(tag.text);
  if (imported !== undefined) return originOfImport(imported);
  const initializer = findDeclaration(tag)?.initializer;
  if (initializer !== undefined) return originOfInitializer(initializer);
  return isPostgresParameter(tag) ? 'postgres' : 'unknown';
}

/** Does this tag (or the object that carries it) make SQL, by its name or its import? */
export function isSqlTag(tag: ts.Expression): boolean {
  const origin = tagOrigin(tag);
  return origin === 'drizzle' || origin === 'postgres' || usualNames.test(tag.getText());
}

function originOfImport({ module, name }: ImportedName): TagOrigin {
  if (/^drizzle-orm(?:\/|$)/.test(module)) return 'drizzle';
  if (module === 'postgres') return 'postgres';
  // A module of the project: the tag is whatever that module makes it.
  if (/^[.~@#/]|^src\//.test(module) && !/^@(?:vercel|databases|neondatabase|slonik)\//.test(module))
    return 'unknown';
  return name === 'sql' || name === 'default' ? 'other' : 'unknown';
}

function originOfInitializer(initializer: ts.Expression): TagOrigin {
  const inner = ts.isAwaitExpression(initializer) ? initializer.expression : initializer;
  if (!ts.isCallExpression(inner)) return 'unknown';
  if (ts.isPropertyAccessExpression(inner.expression)) {
    return inner.expression.name.text === 'reserve' ? tagOrigin(inner.expression.expression) : 'unknown';
  }
  if (!ts.isIdentifier(inner.expression)) return 'unknown';
  const maker = importedNames(inner.getSourceFile()).get(inner.expression.text);
  if (maker?.module === 'postgres') return 'postgres';
  return maker?.module === '@neondatabase/serverless' ? 'other' : 'unknown';
}

/** `sql.begin(async (tx) => …)`, `tx.savepoint((s) => …)`, or a parameter typed as postgres.js types it. */
function isPostgresParameter(tag: ts.Identifier): boolean {
  for (let scope: ts.Node = tag.parent; !ts.isSourceFile(scope); scope = scope.parent) {
    if (!ts.isFunctionLike(scope)) continue;
    const parameter = scope.parameters.find((one) => ts.isIdentifier(one.name) && one.name.text === tag.text);
    if (parameter === undefined) continue;
    if (parameter.type !== undefined) return transactionTypes.test(parameter.type.getText());
    const call = scope.parent;
    return (
      ts.isCallExpression(call) &&
      ts.isPropertyAccessExpression(call.expression) &&
      /^(?:begin|savepoint)$/.test(call.expression.name.text)
    );
  }
  return false;
}

function importedNames(source: ts.SourceFile): ReadonlyMap<string, ImportedName> {
  const cached = imports.get(source);
  if (cached !== undefined) return cached;
  const names = new Map<string, ImportedName>();
  for (const statement of source.statements) {
    if (ts.isVariableStatement(statement))
      statement.declarationList.declarations.forEach((one) => readRequire(one, names));
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const module = statement.moduleSpecifier.text;
    const clause = statement.importClause;
    if (clause?.name !== undefined) names.set(clause.name.text, { module, name: 'default' });
    const bindings = clause?.namedBindings;
    if (bindings === undefined || ts.isNamespaceImport(bindings)) continue;
    for (const one of bindings.elements) {
      names.set(one.name.text, { module, name: (one.propertyName ?? one.name).text });
    }
  }
  imports.set(source, names);
  return names;
}

/** `const name = require('module')` and `const { name } = require('module')`. */
function readRequire(declaration: ts.VariableDeclaration, names: Map<string, ImportedName>): void {
  const call = declaration.initializer;
  if (call === undefined || !ts.isCallExpression(call) || call.expression.getText() !== 'require') return;
  const [specifier] = call.arguments;
  if (specifier === undefined || !ts.isStringLiteral(specifier)) return;
  const module = specifier.text;
  if (ts.isIdentifier(declaration.name)) names.set(declaration.name.text, { module, name: 'default' });
  if (!ts.isObjectBindingPattern(declaration.name)) return;
  for (const one of declaration.name.elements) {
    const name = (one.propertyName ?? one.name).getText();
    if (ts.isIdentifier(one.name)) names.set(one.name.text, { module, name });
  }
}
