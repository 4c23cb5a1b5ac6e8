/**
 * Drizzle tables by the syntax of their declarations, for schemas that cannot be loaded. What syntax does
 * not show (computed names, columns from a package) is named in a note; SQL types stay empty.
 */
import { ts } from 'ts-morph';
import { readColumns, type ColumnContext } from './read-columns-from-source.js';
import { calledFromPgCore, fromPgCore, initializerOf } from './pg-core-names.js';
import type { SourceModule } from './source-module.js';
import type { Casing } from './drizzle-columns.js';
import type { DrizzleTable } from './user-project.js';

export interface TablesFromSource {
  readonly tables: readonly DrizzleTable[];
  readonly notes: readonly string[];
  /** Tables that the module declares and does not export: `file: name`. */
  readonly unexported: readonly string[];
}

interface TableForm {
  readonly schema: string;
  /** Round the name, from pgTableCreator. */
  readonly prefix: string;
  readonly suffix: string;
  readonly casing: Casing;
}

export function readTablesFromSource(module: SourceModule, casing: Casing): TablesFromSource {
  const tables: DrizzleTable[] = [];
  const notes: string[] = [];
  const unexported: string[] = [];
  for (const [local, declaration] of module.declarations) {
    if (!ts.isCallExpression(declaration)) continue;
    const call = withoutTrailingCalls(declaration);
    const form = tableForm(module, call.expression, casing);
    if (form === null) continue;
    const [name, columns] = call.arguments;
    const where = `${module.path}: the table ${local}`;
    if (name === undefined || columns === undefined || !ts.isStringLiteralLike(name)) {
      notes.push(`${where} has a name that is not a literal; it was left out.`);
      continue;
    }
    const exportName = [...module.exports].find(([, meant]) => meant === local)?.[0];
    if (exportName === undefined) {
      unexported.push(where);
      continue;
    }
    const context: ColumnContext = {
      module,
      casing: form.casing,
      note: (text) => notes.push(`${where} ${text}`),
    };
    tables.push({
      file: module.path,
      exportName,
      schema: form.schema,
      name: form.prefix + name.text + form.suffix,
      columns: readColumns(columns, context),
      origin: 'read',
    });
  }
  return { tables, notes, unexported };
}

/** `pgTable(…).enableRLS()` is `pgTable(…)`. */
function withoutTrailingCalls(call: ts.CallExpression): ts.CallExpression {
  const callee = call.expression;
  if (
    ts.isPropertyAccessExpression(callee) &&
    callee.name.text === 'enableRLS' &&
    ts.isCallExpression(callee.expression)
  )
    return withoutTrailingCalls(callee.expression);
  return call;
}

/** What kind of table this callee makes, or null when it makes none. */
function tableForm(module: SourceModule, callee: ts.Expression, casing: Casing): TableForm | null {
  const plain = { schema: 'public', prefix: '', suffix: '', casing };
  if (ts.isPropertyAccessExpression(callee)) {
    const object = callee.expression;
    if (callee.name.text === 'withRLS') return tableForm(module, object, casing);
    if (!ts.isIdentifier(object)) return null;
    const name = fromPgCore(module, object.text);
    if (name === '*') return callee.name.text === 'pgTable' ? plain : null;
    if (callee.name.text !== 'table') return null;
    if (name === 'snakeCase') return { ...plain, casing: 'snake_case' };
    if (name === 'camelCase') return { ...plain, casing: 'camelCase' };
    const schema = literalCall(module, object.text, 'pgSchema');
    return schema === null ? null : { ...plain, schema };
  }
  if (!ts.isIdentifier(callee)) return null;
  if (fromPgCore(module, callee.text) === 'pgTable') return plain;
  const creator = initializerOf(module, callee.text);
  if (!creator || !ts.isCallExpression(creator.call) || calledFromPgCore(creator) !== 'pgTableCreator')
    return null;
  const affixes = affixesOf(creator.call.arguments[0]);
  return affixes === null ? null : { ...plain, ...affixes };
}

function literalCall(module: SourceModule, local: string, callee: string): string | null {
  const declared = initializerOf(module, local);
  if (!declared || calledFromPgCore(declared) !== callee) return null;
  const [name] = declared.call.arguments;
  return name && ts.isStringLiteralLike(name) ? name.text : null;
}

/** The texts round the name in `` (name) => `app_${name}` ``. */
function affixesOf(creator: ts.Expression | undefined): { prefix: string; suffix: string } | null {
  if (!creator || !ts.isArrowFunction(creator)) return null;
  const { body } = creator;
  if (ts.isIdentifier(body)) return { prefix: '', suffix: '' };
  if (!ts.isTemplateExpression(body)) return null;
  const [span, second] = body.templateSpans;
  if (!span || second || !ts.isIdentifier(span.expression)) return null;
  return { prefix: body.head.text, suffix: span.literal.text };
}
