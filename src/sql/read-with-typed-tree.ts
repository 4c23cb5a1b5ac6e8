/**
 * Reads a SELECT with pgsql-ast-parser, whose tree carries the span of each argument. It refuses a part of
 * PostgreSQL's grammar (CALL, `=>`, VARIADIC …), and says nothing then.
 */
import {
  parse,
  type ExprCall,
  type Expr,
  type From,
  type SelectedColumn,
  type Statement,
} from 'pgsql-ast-parser';
import type { ReadArgument, WholeCall } from './statement-reading.js';

/** What pgsql-ast-parser knows of a call; casts are counted, for it spells their types its own way. */
export type TypedReading =
  | { readonly kind: 'refused' }
  | { readonly kind: 'other' }
  | { readonly kind: 'whole'; readonly call: TypedCall };

export interface TypedCall extends Pick<
  WholeCall,
  'schema' | 'name' | 'form' | 'columns' | 'scalarKey' | 'tableAlias'
> {
  readonly arguments: readonly TypedArgument[];
}

export interface TypedArgument extends Pick<ReadArgument, 'start' | 'end' | 'parameter'> {
  readonly casts: number;
}

export function readWithTypedTree(text: string): TypedReading {
  let statements: Statement[];
  try {
    statements = parse(text, { locationTracking: true });
  } catch {
    return { kind: 'refused' };
  }
  const [statement] = statements;
  if (statement?.type !== 'select' || statements.length > 1) return { kind: 'other' };
  const { type: _type, columns: columnsOrNull, from: fromOrNull, _location, ...clauses } = statement;
  const columns = columnsOrNull ?? [];
  const from = fromOrNull ?? [];
  if (Object.values(clauses).some((clause) => clause !== undefined && clause !== null))
    return { kind: 'other' };
  const call =
    from.length === 0 ? readScalar(columns) : from.length === 1 ? readFrom(from[0], columns) : null;
  return call === null ? { kind: 'other' } : { kind: 'whole', call };
}

function readScalar(columns: readonly SelectedColumn[]): TypedCall | null {
  const [column] = columns;
  if (columns.length !== 1 || column?.expr.type !== 'call' || !isPlain(column.expr)) return null;
  const { name, schema } = nameOf(column.expr);
  const scalarKey = unescape(column.alias?.name) ?? name;
  const list = column.expr.args.map(readArgument);
  return { form: 'scalar', name, schema, columns: null, tableAlias: null, scalarKey, arguments: list };
}

function readFrom(from: From | undefined, columns: readonly SelectedColumn[]): TypedCall | null {
  if (from?.type !== 'call' || from.withOrdinality === true || from.lateral === true || !isPlain(from))
    return null;
  const { name, schema } = nameOf(from);
  const tableAlias = unescape(from.alias?.name);
  const chosen: { name: string; alias: string }[] = [];
  for (const { expr, alias } of columns) {
    if (expr.type !== 'ref') return null;
    if (expr.table !== undefined && unescape(expr.table.name) !== (tableAlias ?? name)) return null;
    const column = unescape(expr.name) ?? '';
    chosen.push({ name: column, alias: unescape(alias?.name) ?? column });
  }
  const star = chosen.length === 1 && chosen[0]?.name === '*';
  const list = from.args.map(readArgument);
  return {
    form: 'from',
    name,
    schema,
    tableAlias,
    columns: star ? null : chosen,
    scalarKey: name,
    arguments: list,
  };
}

function nameOf({ function: { name, schema } }: ExprCall): Pick<TypedCall, 'name' | 'schema'> {
  return { name: unescape(name) ?? '', schema: unescape(schema) };
}

/** This parser leaves the doubled quotes of a quoted name as they are written. */
function unescape(name: string | undefined): string | null {
  return name?.replaceAll('""', '"') ?? null;
}

function isPlain(call: ExprCall): boolean {
  return !call.distinct && !call.orderBy && !call.filter && !call.over && !call.withinGroup;
}

function readArgument(expression: Expr): TypedArgument {
  let inner = expression;
  let casts = 0;
  while (inner.type === 'cast') {
    inner = inner.operand;
    casts += 1;
  }
  const parameter = inner.type === 'parameter' ? Number(inner.name.slice(1)) : null;
  const { start = -1, end = -1 } = expression._location ?? {};
  return { start, end, parameter, casts: parameter === null ? 0 : casts };
}
