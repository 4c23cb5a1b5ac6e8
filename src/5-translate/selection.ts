/** The columns that a site reads, as the selection of a builder or of a whole statement. */
import type { OutputColumn, ResolvedSite } from '../2-find/resolved-site.js';
import type { ResultUse } from '../2-find/result-use.js';
import type { Expression } from '../3-parse/expression.js';
import type { FromItem, Select, SelectTarget, Statement } from '../3-parse/statement.js';
import type { SingleStatement } from '../4-classify/verdict.js';
import { typeName } from './arguments.js';
import { some } from './cardinality.js';
import type { Code, ObjectEntry } from './code.js';
import type { DraftColumn } from './draft.js';
import { expression } from './expressions/expression.js';
import { bind, fragment, template, within } from './fragment.js';
import { nullable } from './nullability.js';
import { decodesAsRaw, differsOutsideDrizzle, rawType } from './representation.js';
import { drizzleColumn, rangeCode, rangeOf, type Scope } from './scope.js';
import { Untranslatable, unsupported } from './untranslatable.js';

/** One column of the result row at the site. */
export interface Selected {
  readonly key: string;
  readonly target: SelectTarget;
  readonly type: number;
  /** PostgreSQL casts the statement's column to the routine's on return. */
  readonly cast: boolean;
  readonly nullable: boolean;
  /** Position among the statement's columns, from 0. */
  readonly index: number;
  /** Sides of a set operation have one type only when no column stands bare. */
  readonly bare: boolean;
}

/** In the site's order; only those that are read when all reads are known and leaving one out changes nothing. */
export function selected(site: ResolvedSite, use: ResultUse, verdict: SingleStatement): readonly Selected[] {
  const targets = outputTargets(verdict.statement);
  const leaves = leavesOf(verdict.statement);
  const columns = site.output.columns.filter((column) => isRead(column, use, verdict.statement, targets));
  return columns.map((column) => {
    const index =
      site.output.shape === 'scalar'
        ? 0
        : verdict.result.columns.findIndex((known) => known.name === column.source);
    const result = verdict.result.columns[index];
    const target = targets[index];
    if (result === undefined || target === undefined)
      return unsupported(`the result column ${column.source}`);
    const cast = result.castFrom !== null && result.castFrom !== result.type;
    return {
      key: column.key,
      target,
      type: result.type,
      cast,
      nullable: leaves.some((leaf) => mayBeNull(leaf, index)),
      index,
      bare:
        leaves.every((leaf) => leaf.kind !== 'select' || leaf.groupingSets === null) && leaves.length === 1,
    };
  });
}

/** The SELECTs of a set operation from left to right, or the statement itself. */
function leavesOf(statement: Statement): readonly Statement[] {
  if (statement.kind !== 'select' || statement.setOperation === null) return [statement];
  return [...leavesOf(statement.setOperation.left), ...leavesOf(statement.setOperation.right)];
}

function mayBeNull(leaf: Statement, index: number): boolean {
  const target = outputTargets(leaf)[index];
  const grouped = leaf.kind === 'select' && leaf.groupBy.length > 0;
  if (target === undefined) return true;
  // A key is NULL in the rows of the sets that leave it out.
  if (leaf.kind === 'select' && leaf.groupingSets !== null) {
    const { kind } = target.expression;
    return (kind !== 'call' && kind !== 'grouping') || nullable(target.expression, outerJoined(leaf));
  }
  return nullable(target.expression, outerJoined(leaf), grouped);
}

/**
 * Object entries of a builder's selection. `named`: raw keys matter, so each column carries its key into SQL.
 * `leaf`: the SELECT of a set operation that the selection is for.
 */
export function builderFields(
  chosen: readonly Selected[],
  scope: Scope,
  use: ResultUse,
  named: boolean,
  leaf: Select | null = null,
): readonly ObjectEntry[] {
  return chosen.map((one) => {
    const own = leaf?.targets[one.index];
    const column = own === undefined ? one : { ...one, target: own };
    refuseForeignParsing(column, scope, use);
    const typed = declaredOtherwise(column, scope, use) || (column.nullable && claimedNotNull(column, use));
    const bare = typed ? null : bareColumn(column, scope);
    if (bare !== null && (!named || bare.name === column.key))
      return { kind: 'property', key: column.key, value: bare.code };
    const value = template(castValue(column, scope), fieldType(column, scope, use));
    const alias: Code = {
      kind: 'call',
      callee: { kind: 'member', object: value, property: 'as' },
      arguments: [{ kind: 'string', value: column.key }],
    };
    return { kind: 'property', key: column.key, value: named ? alias : value };
  });
}

/** The same columns for the text of a whole statement. */
export function statementTargets(
  columns: readonly Selected[],
  scope: Scope,
  use: ResultUse,
): readonly SelectTarget[] {
  return columns.map((column) => {
    refuseForeignParsing(column, scope, use);
    const node: Expression = column.cast
      ? {
          kind: 'cast',
          operand: column.target.expression,
          typeName: typeName(scope.catalog, column.type),
          type: column.type,
        }
      : column.target.expression;
    return { name: column.key, expression: node };
  });
}

export function draftColumns(columns: readonly Selected[], scope: Scope): readonly DraftColumn[] {
  return columns.map((column) => ({
    key: column.key,
    type: rawType(scope.catalog, column.type, scope.driver),
    nullable: column.nullable,
  }));
}

export function outputTargets(statement: Statement): readonly SelectTarget[] {
  if (statement.kind === 'select')
    return statement.setOperation === null ? statement.targets : outputTargets(statement.setOperation.left);
  return statement.kind === 'unsupported-statement' ? [] : statement.returning;
}

function castValue(column: Selected, scope: Scope): ReturnType<typeof expression> {
  const value = expression(column.target.expression, scope);
  return column.cast
    ? fragment(bind.cast, within(bind.cast, value), `::${typeName(scope.catalog, column.type)}`)
    : value;
}

function fieldType(column: Selected, scope: Scope, use: ResultUse): string {
  const type = rawType(scope.catalog, column.type, scope.driver);
  const declared = declaredType(column.key, use);
  const claimed = claimedNotNull(column, use);
  if (declared !== null && (type === 'unknown' || declaredOtherwise(column, scope, use)))
    return claimed ? declared.replace(/ \| null$/, '') : declared;
  return column.nullable && !claimed && type !== 'unknown' ? `${type} | null` : type;
}

/** What the call says of a column that the database knows less of: `Job['payload']`. */
function declaredType(key: string, { declaredRow }: ResultUse): string | null {
  if (!declaredRow) return null;
  return declaredRow.columns === null ? `${declaredRow.text}['${key}']` : (declaredRow.columns[key] ?? null);
}

/** The second try gives every column the type that the call named, where that may be another one. */
function declaredOtherwise(column: Selected, scope: Scope, use: ResultUse): boolean {
  const declared = declaredType(column.key, use);
  if (!scope.cautious || declared === null) return false;
  const type = rawType(scope.catalog, column.type, scope.driver);
  return declared !== type && declared !== `${type} | null`;
}

/** The client's types say that it is never NULL, and the code counts on that. */
function claimedNotNull({ key }: Selected, { request }: ResultUse): boolean {
  if (request?.asClaimed === undefined) return false;
  const rows = request.data === 'rows' || request.data === 'row';
  return rows && request.claimed?.columns.includes(key) === true;
}

function bareColumn(column: Selected, scope: Scope): { readonly code: Code; readonly name: string } | null {
  const node = column.target.expression;
  if (node.kind !== 'column' || node.excluded || column.cast || !column.bare) return null;
  const range = rangeOf(scope, node.range);
  const stored = { driver: scope.driver, rawType: rawType(scope.catalog, column.type, scope.driver) };
  if (range.kind === 'derived') {
    const [own, property] = [range.stored.get(node.column), range.columns.get(node.column)];
    const alike = own !== undefined && property !== undefined && decodesAsRaw(own, stored);
    return alike ? { code: { kind: 'member', object: rangeCode(range), property }, name: own.name } : null;
  }
  if (range.kind !== 'table' || range.alias !== null) return null;
  const found = drizzleColumn(range.table, node.column);
  return decodesAsRaw(found, stored)
    ? { code: { kind: 'member', object: rangeCode(range), property: found.property }, name: found.name }
    : null;
}

/** DISTINCT and set operations compare every column; a volatile or failing expression is an effect. */
function isRead(
  column: OutputColumn,
  use: ResultUse,
  statement: Statement,
  targets: readonly SelectTarget[],
): boolean {
  if (use.fieldsRead === 'all' || use.fieldsRead.includes(column.key) || use.fieldsRead.length === 0)
    return true;
  if (statement.kind === 'select' && (statement.distinct !== null || statement.setOperation !== null))
    return true;
  const target = targets.find((candidate) => candidate.name === column.source);
  return (
    target === undefined || some(target.expression, (node) => !['column', 'literal'].includes(node.kind))
  );
}

/** node-postgres and postgres.js parse dates themselves, Drizzle hands them out as text. */
function refuseForeignParsing(column: Selected, scope: Scope, use: ResultUse): void {
  // What a request shows otherwise goes through JSON before.
  if (['drizzle', 'supabase'].includes(use.client.kind) || use.shape === 'nothing') return;
  if (differsOutsideDrizzle(scope.catalog, column.type, scope.driver)) {
    throw new Untranslatable(
      'unsupported',
      `a ${rawName(scope, column.type)} result outside Drizzle, which the driver parses to another value`,
    );
  }
}

function rawName(scope: Scope, oid: number): string {
  return scope.catalog.types.get(oid)?.sqlName ?? 'date or time';
}

/** Range ids on the nullable side of an outer join. */
export function outerJoined(statement: Statement): ReadonlySet<number> {
  const found = new Set<number>();
  const all = (item: FromItem): readonly number[] =>
    item.kind === 'join' ? [...all(item.left), ...all(item.right)] : 'range' in item ? [item.range] : [];
  const visit = (item: FromItem): void => {
    if (item.kind !== 'join') return;
    visit(item.left);
    visit(item.right);
    if (item.join === 'left' || item.join === 'full') for (const id of all(item.right)) found.add(id);
    if (item.join === 'right' || item.join === 'full') for (const id of all(item.left)) found.add(id);
  };
  if (statement.kind === 'select') statement.from.forEach(visit);
  if (statement.kind === 'update') statement.from.forEach(visit);
  return found;
}
