/** Functions in FROM and the columns that they give. */
import type { ColumnDef, RangeFunction } from '../sql/parse-body.js';
import { buildExpression } from './build-expression.js';
import type { BuiltFrom } from './build-from.js';
import { namesOf, shown, unknownItem, unsupportedRange } from './build-from.js';
import type { Expression } from './expression.js';
import { routineColumns } from './routine-columns.js';
import type { Range, RangeColumn, Scope } from './scope.js';
import type { StatementContext } from './statement-context.js';
import { newRange } from './statement-context.js';
import { resolveTypeName } from './type-name.js';

export function buildRangeFunction(context: StatementContext, scope: Scope, node: RangeFunction): BuiltFrom {
  const calls = (node.functions ?? []).flatMap((each) =>
    'List' in each ? (each.List.items ?? []).slice(0, 1) : [],
  );
  const built = calls.map((call) => buildExpression(context, scope, call));
  const alias = node.alias?.aliasname ?? (built[0]?.kind === 'call' ? built[0].name : '');
  const [call] = built;
  if (!call || node.is_rowsfrom || built.length > 1) {
    return { ...unknownItem(context, alias), item: unsupportedRange(context, 'ROWS FROM') };
  }
  const definitions = (node.coldeflist ?? []).flatMap((each) =>
    'ColumnDef' in each ? [each.ColumnDef] : [],
  );
  const columnNames = namesOf(node.alias?.colnames);
  const columns = functionColumns(context, call, node, definitions, alias);
  const range: Range = {
    id: newRange(context),
    alias,
    schema: null,
    columns:
      columns?.map((column, index) => ({ ...column, name: columnNames[index] ?? column.name })) ??
      unnamed(columnNames),
    relation: null,
    rowType: call.type,
    scalar: columns?.length === 1 && definitions.length === 0 && givesValues(context, call),
    excluded: false,
  };
  return {
    ...shown(range),
    item: {
      kind: 'function',
      range: range.id,
      alias,
      call,
      lateral: node.lateral ?? false,
      ordinality: node.ordinality ?? false,
      columnNames,
      columnDefinitions: definitions.length > 0 ? definitionText(context, definitions) : null,
    },
  };
}

function givesValues({ lookup: { catalog } }: StatementContext, call: Expression): boolean {
  if (call.kind !== 'call' || call.routine === null) return call.kind === 'call';
  const routine = catalog.routines.find(({ oid }) => oid === call.routine);
  const kind = routine === undefined ? undefined : catalog.types.get(routine.returnType)?.kind;
  return kind !== undefined && kind !== 'composite' && kind !== 'pseudo';
}

/** Built-ins of several columns, or of one that keeps its own name under an alias. */
const BUILTIN_COLUMNS: Readonly<Record<string, readonly (readonly [string, number])[]>> = {
  json_array_elements: [['value', 114]],
  jsonb_array_elements: [['value', 3802]],
  json_array_elements_text: [['value', 25]],
  jsonb_array_elements_text: [['value', 25]],
  json_each: [
    ['key', 25],
    ['value', 114],
  ],
  jsonb_each: [
    ['key', 25],
    ['value', 3802],
  ],
  json_each_text: [
    ['key', 25],
    ['value', 25],
  ],
  jsonb_each_text: [
    ['key', 25],
    ['value', 25],
  ],
};

/** Scalar built-ins: one column, named by the alias. */
const SCALAR_BUILTINS: Readonly<Record<string, number | null>> = {
  generate_series: null,
  unnest: null,
  generate_subscripts: 23,
  json_object_keys: 25,
  jsonb_object_keys: 25,
  regexp_split_to_table: 25,
  string_to_table: 25,
  regexp_matches: 1009,
  jsonb_path_query: 3802,
  now: 1184,
};

function functionColumns(
  context: StatementContext,
  call: Expression,
  node: RangeFunction,
  definitions: readonly ColumnDef[],
  alias: string,
): readonly RangeColumn[] | null {
  const ordinality = node.ordinality ? [plain('ordinality', 20)] : [];
  if (definitions.length > 0) {
    return [
      ...definitions.map((each) =>
        plain(each.colname ?? '', each.typeName ? resolveTypeName(each.typeName, context.lookup).oid : null),
      ),
      ...ordinality,
    ];
  }
  if (call.kind !== 'call')
    return call.kind === 'unsupported' ? null : [plain(alias, call.type), ...ordinality];
  const routine =
    call.routine === null
      ? undefined
      : context.lookup.catalog.routines.find((each) => each.oid === call.routine);
  if (routine) {
    const columns = routineColumns(routine, context.lookup);
    if (!columns) return null;
    const scalar = columns.length === 1 && columns[0]?.name === routine.name;
    return [...(scalar ? columns.map((column) => ({ ...column, name: alias })) : columns), ...ordinality];
  }
  const known = BUILTIN_COLUMNS[call.name];
  if (known) return [...known.map(([name, type]) => plain(name, type)), ...ordinality];
  if (call.name === 'unnest' && call.arguments.length === 1)
    return unnested(context, call.arguments[0]?.value, alias, ordinality);
  if (call.name in SCALAR_BUILTINS && call.arguments.length > 0) {
    const type =
      call.name === 'generate_series'
        ? (call.arguments[0]?.value.type ?? null)
        : (SCALAR_BUILTINS[call.name] ?? null);
    return [plain(alias, type), ...ordinality];
  }
  return null;
}

function unnested(
  context: StatementContext,
  array: Expression | undefined,
  alias: string,
  ordinality: readonly RangeColumn[],
): readonly RangeColumn[] | null {
  const { types } = context.lookup.catalog;
  const element = types.get(types.get(array?.type ?? 0)?.element ?? 0);
  const relation =
    element && element.kind === 'composite' ? context.lookup.relationByOid(element.relation) : null;
  if (relation) return [...relation.columns.map((column) => plain(column.name, column.type)), ...ordinality];
  return [plain(alias, element?.oid ?? null), ...ordinality];
}

/** Column aliases are all that is known: enough when they name every column that is used. */
function unnamed(names: readonly string[]): readonly RangeColumn[] | null {
  return names.length > 0 ? names.map((name) => plain(name, null)) : null;
}

function plain(name: string, type: number | null): RangeColumn {
  return { name, type, typmod: -1, notNull: false };
}

function definitionText(context: StatementContext, definitions: readonly ColumnDef[]): string {
  return definitions
    .map(
      (each) =>
        `${each.colname ?? ''} ${each.typeName ? resolveTypeName(each.typeName, context.lookup).name : ''}`,
    )
    .join(', ');
}
