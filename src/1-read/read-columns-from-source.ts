/** The columns of one table declaration by syntax: builder calls with their modifiers, and spread groups of columns. */
import { ts } from 'ts-morph';
import {
  arrayKind,
  casedName,
  columnKind,
  customKind,
  enumKind,
  isNotNullByNature,
  type Casing,
  type ColumnKind,
} from './drizzle-columns.js';
import { calledFromPgCore, fromPgCore, initializerOf } from './pg-core-names.js';
import { importedModule, type SourceModule } from './source-module.js';
import type { DrizzleColumn } from './user-project.js';

export interface ColumnContext {
  readonly module: SourceModule;
  readonly casing: Casing;
  /** Takes the rest of a sentence whose subject is the table. */
  note(text: string): void;
}

/** `columns` is the object literal, or the callback `(t) => ({ … })` that gives it. */
export function readColumns(columns: ts.Expression, context: ColumnContext): readonly DrizzleColumn[] {
  const object = objectOf(columns);
  if (object === null) {
    context.note('has columns that are not an object literal; none was read.');
    return [];
  }
  return object.properties.flatMap((property) => {
    if (ts.isSpreadAssignment(property)) return spreadColumns(property.expression, context);
    const key =
      property.name && (ts.isIdentifier(property.name) || ts.isStringLiteralLike(property.name))
        ? property.name.text
        : null;
    const value = ts.isPropertyAssignment(property)
      ? property.initializer
      : ts.isShorthandPropertyAssignment(property)
        ? (context.module.declarations.get(property.name.text) ?? null)
        : null;
    const column = key !== null && value && ts.isExpression(value) ? readColumn(key, value, context) : null;
    if (column) return [column];
    context.note(`has a column ${key ?? 'with a computed key'} that could not be read; it was left out.`);
    return [];
  });
}

function spreadColumns(expression: ts.Expression, context: ColumnContext): readonly DrizzleColumn[] {
  const name = ts.isCallExpression(expression) ? expression.expression : expression;
  const group = ts.isIdentifier(name) ? columnGroup(context.module, name.text) : null;
  if (group) return readColumns(group.columns, { ...context, module: group.module });
  context.note(`spreads ${expression.getText()}, whose columns could not be read.`);
  return [];
}

/** The object literal, or the function that returns one, behind a name. */
function columnGroup(
  module: SourceModule,
  local: string,
): { readonly module: SourceModule; readonly columns: ts.Expression } | null {
  const own = module.declarations.get(local);
  if (own && ts.isExpression(own)) return objectOf(own) ? { module, columns: own } : null;
  const imported = module.imports.get(local);
  const target = imported && importedModule(module, imported.specifier);
  const meant = target?.exports.get(imported?.name ?? '');
  return target && meant !== undefined && target.declarations.has(meant) ? columnGroup(target, meant) : null;
}

function objectOf(expression: ts.Expression): ts.ObjectLiteralExpression | null {
  if (ts.isObjectLiteralExpression(expression)) return expression;
  if (
    ts.isParenthesizedExpression(expression) ||
    ts.isAsExpression(expression) ||
    ts.isSatisfiesExpression(expression)
  )
    return objectOf(expression.expression);
  if (ts.isArrowFunction(expression) && ts.isExpression(expression.body)) return objectOf(expression.body);
  return null;
}

function readColumn(property: string, value: ts.Expression, context: ColumnContext): DrizzleColumn | null {
  const modifiers: string[] = [];
  let call = value;
  while (ts.isCallExpression(call) && ts.isPropertyAccessExpression(call.expression)) {
    const inner = call.expression.expression;
    if (ts.isIdentifier(inner)) break;
    modifiers.push(call.expression.name.text);
    call = inner;
  }
  if (!ts.isCallExpression(call)) return null;
  const { arguments: given } = call;
  const builder = builderOf(call, context.module);
  const mode = given.map(modeOf).find((found) => found !== null) ?? null;
  const kind = builder === null ? null : kindOf(builder, mode);
  if (builder === null || kind === null) return null;
  const [first] = given;
  const dimensions = modifiers.filter((modifier) => modifier === 'array').length;
  const notNull =
    modifiers.includes('notNull') || modifiers.includes('primaryKey') || isNotNullByNature(builder.name);
  return {
    property,
    name: first && ts.isStringLiteralLike(first) ? first.text : casedName(property, context.casing),
    ...(dimensions > 0
      ? { ...arrayKind, elementType: (dimensions > 1 ? arrayKind : kind).columnType }
      : kind),
    sqlType: '',
    notNull,
    required:
      notNull &&
      !isNotNullByNature(builder.name) &&
      !modifiers.some((modifier) => /^(?:\$?default|\$onUpdate|generated)/.test(modifier)),
    runtimeDefault: modifiers.includes('$defaultFn') || modifiers.includes('$default'),
    onUpdate: modifiers.includes('$onUpdateFn') || modifiers.includes('$onUpdate'),
  };
}

interface Builder {
  /** `integer`, or for a user's own builder what made it. */
  readonly name: string;
  readonly madeBy: 'drizzle' | 'pgEnum' | 'customType';
}

/** `integer(…)`, `t.integer(…)` and `pg.integer(…)`; `status(…)` where `status` is a pgEnum or custom type. */
function builderOf(call: ts.CallExpression, module: SourceModule): Builder | null {
  const callee = call.expression;
  if (ts.isPropertyAccessExpression(callee)) return { name: callee.name.text, madeBy: 'drizzle' };
  if (!ts.isIdentifier(callee)) return null;
  const name = fromPgCore(module, callee.text);
  if (name !== null) return { name, madeBy: 'drizzle' };
  const declared = initializerOf(module, callee.text);
  if (!declared) return null;
  const maker = calledFromPgCore(declared) ?? (isSchemaEnum(declared.call) ? 'pgEnum' : null);
  return maker === 'pgEnum' || maker === 'customType' ? { name: callee.text, madeBy: maker } : null;
}

/** `app.enum('status', […])` on a pgSchema. */
function isSchemaEnum(call: ts.CallExpression): boolean {
  return ts.isPropertyAccessExpression(call.expression) && call.expression.name.text === 'enum';
}

function kindOf(builder: Builder, mode: string | null): ColumnKind | null {
  if (builder.madeBy === 'pgEnum') return enumKind;
  if (builder.madeBy === 'customType') return customKind;
  return columnKind(builder.name, mode);
}

function modeOf(argument: ts.Expression): string | null {
  if (!ts.isObjectLiteralExpression(argument)) return null;
  for (const property of argument.properties) {
    if (
      ts.isPropertyAssignment(property) &&
      property.name.getText() === 'mode' &&
      ts.isStringLiteralLike(property.initializer)
    )
      return property.initializer.text;
  }
  return null;
}
