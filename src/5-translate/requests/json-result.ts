/**
 * A routine's statement made to give its values as PostgREST does: what a driver shows otherwise goes through
 * `to_json`, which pg parses to the value that the response held.
 */
import type { Catalog } from '../../1-read/catalog.js';
import type { ResolvedSite } from '../../2-find/resolved-site.js';
import type { ResultUse } from '../../2-find/result-use.js';
import type { Expression, FunctionCall } from '../../3-parse/expression.js';
import type { Select, SelectTarget, Statement } from '../../3-parse/statement.js';
import type { MultiStep, ResultColumn, SingleStatement } from '../../4-classify/verdict.js';
import { typeName } from '../arguments.js';
import type { NoDraft } from '../draft.js';
import { nullable } from '../nullability.js';
import { outerJoined } from '../selection.js';
import { positional } from '../statements/select.js';
import { conversion, jsonType } from './json-values.js';

export interface JsonSite<V extends SingleStatement | MultiStep = SingleStatement | MultiStep> {
  readonly site: ResolvedSite;
  readonly use: ResultUse;
  readonly verdict: V;
}

/** `json` of PostgreSQL. */
const json = 114;

/** The same site, routine and use with the columns that need it as JSON; any other site as it is. */
export function withJsonValues(given: JsonSite, catalog: Catalog): JsonSite | NoDraft {
  if (given.use.request === undefined || given.use.shape === 'nothing') return given;
  const { site, use, verdict } = withShortKey(given);
  const driver = use.client.driver ?? 'node-postgres';
  const types = site.output.columns.map(({ type }) => jsonType(catalog, type, driver));
  if (types.every((type) => type === null)) return { site, use, verdict };
  if (verdict.kind === 'multi-step') return withConversions({ site, use, verdict }, catalog);
  const { statement, result } = verdict;
  if (result.kind === 'found' || result.kind === 'row-count') return { site, use, verdict };
  const targets = targetsOf(statement);
  if (targets === null) return none('rows of UNION or DISTINCT with numbers or times');
  const outer = outerJoined(statement);
  const grouped = statement.kind === 'select' && statement.groupBy.length > 0;
  const declared: Record<string, string> = {};
  const columns = [...site.output.columns];
  const results: ResultColumn[] = [...result.columns];
  const changed: SelectTarget[] = [...targets];
  for (const [position, type] of types.entries()) {
    const column = columns[position];
    if (column === undefined || type === null) continue;
    const index =
      site.output.shape === 'scalar' ? 0 : results.findIndex(({ name }) => name === column.source);
    const [known, target] = [results[index], changed[index]];
    if (known === undefined || target === undefined) return none(`the column ${column.source}`);
    const cast = known.castFrom !== null && known.castFrom !== known.type;
    const value: Expression = cast
      ? {
          kind: 'cast',
          operand: target.expression,
          typeName: typeName(catalog, known.type),
          type: known.type,
        }
      : target.expression;
    const mayBeNull = nullable(target.expression, outer, grouped) && type !== 'unknown';
    declared[column.key] = mayBeNull ? `${type} | null` : type;
    columns[position] = { ...column, type: json };
    results[index] = { ...known, type: json, typmod: -1, castFrom: null };
    changed[index] = { ...target, expression: toJson(value) };
  }
  return {
    site: { ...site, output: { ...site.output, columns } },
    use: {
      ...use,
      ...(use.request === undefined ? {} : { request: { ...use.request, inStatement: true } }),
      declaredRow: { text: 'unknown', columns: declared },
    },
    verdict: {
      ...verdict,
      statement: withTargets(statement, changed),
      result: { ...result, columns: results },
    },
  };
}

/** What several steps give as a driver does is converted where it arrives. */
function withConversions(given: JsonSite, catalog: Catalog): JsonSite | NoDraft {
  const { site, use } = given;
  const driver = use.client.driver ?? 'node-postgres';
  const conversions: { key: string; helper: string }[] = [];
  for (const { key, type } of site.output.columns) {
    if (jsonType(catalog, type, driver) === null) continue;
    const helper = conversion(catalog, type);
    if (helper === 'none') return none(`${typeName(catalog, type)} that several steps compute`);
    if (helper !== null) conversions.push({ key, helper });
  }
  const { request } = use;
  if (request === undefined || request.unread || conversions.length === 0) return given;
  return { ...given, use: { ...use, request: { ...request, conversions } } };
}

/** Nobody sees the key of a value that leaves without its row: it goes by its column's name. */
function withShortKey(given: JsonSite): JsonSite {
  const { site, use, verdict } = given;
  const data = use.request?.data;
  const [column] = site.output.columns;
  if (verdict.kind !== 'single-statement' || column === undefined) return given;
  if (data !== 'value' && data !== 'values') return given;
  const [target] = targetsOf(verdict.statement) ?? [];
  const key = target?.expression.kind === 'column' ? target.expression.column : 'value';
  return { ...given, site: { ...site, output: { ...site.output, columns: [{ ...column, key }] } } };
}

/** Null where the rows themselves are compared, which JSON cannot be. */
function targetsOf(statement: Statement): readonly SelectTarget[] | null {
  if (statement.kind === 'unsupported-statement') return [];
  if (statement.kind !== 'select') return statement.returning;
  const compared =
    statement.distinct !== null || statement.setOperation !== null || statement.values !== null;
  return compared ? null : statement.targets;
}

function withTargets(statement: Statement, targets: readonly SelectTarget[]): Statement {
  if (statement.kind === 'unsupported-statement') return statement;
  if (statement.kind !== 'select') return { ...statement, returning: targets };
  return { ...withoutNumbers(statement), targets };
}

/** `ORDER BY 2` means the column itself and not its JSON. */
function withoutNumbers(select: Select): Select {
  const meant = (node: Expression): Expression => positional(node, select);
  return {
    ...select,
    groupBy: select.groupBy.map(meant),
    orderBy: select.orderBy.map((key) => ({ ...key, expression: meant(key.expression) })),
  };
}

function toJson(value: Expression): FunctionCall {
  return {
    kind: 'call',
    schema: null,
    name: 'to_json',
    arguments: [{ name: null, value }],
    star: false,
    distinct: false,
    variadic: false,
    orderBy: [],
    filter: null,
    withinGroup: false,
    over: null,
    routine: null,
    aggregate: false,
    volatile: false,
    type: json,
  };
}

function none(what: string): NoDraft {
  return { kind: 'none', reason: 'rpc-not-yet', detail: what };
}
