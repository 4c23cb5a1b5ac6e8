/** Reads a statement from PostgreSQL's own parse tree; this reading decides. */
import type { FuncCall, Node, RangeFunction, RawStmt, SelectStmt } from 'libpg-query';
import { characterOffsets } from './character-offsets.js';
import { readArguments } from './read-arguments.js';
import { scanSql } from './scan-sql.js';
import type { StatementReading, WholeCall } from './statement-reading.js';
import { mentionOf, treeMentions } from './tree-mentions.js';

type Shape = Pick<WholeCall, 'form' | 'columns' | 'tableAlias' | 'columnAliases'> & {
  readonly call: FuncCall;
  readonly alias: string | null;
};
type Found = Shape | string;

const clauses: Partial<Record<keyof SelectStmt, string>> = {
  whereClause: 'WHERE',
  groupClause: 'GROUP BY',
  havingClause: 'HAVING',
  sortClause: 'ORDER BY',
  limitCount: 'LIMIT',
  limitOffset: 'OFFSET',
  distinctClause: 'DISTINCT',
  lockingClause: 'FOR UPDATE',
  withClause: 'WITH',
  windowClause: 'WINDOW',
  intoClause: 'INTO',
  valuesLists: 'VALUES',
  larg: 'a set operation',
};

/** `statements` is the tree that `parseSql` gave for `text`. */
export function readWithGrammar(text: string, statements: readonly RawStmt[]): StatementReading {
  const toCharacter = characterOffsets(text);
  const mentions = treeMentions(statements, toCharacter);
  const found = findWhole(statements);
  if (typeof found === 'string') return { whole: null, obstacle: found, mentions };
  const mention = mentionOf(found.call, toCharacter);
  const list = readArguments(text, scanSql(text) ?? [], found.call, { offset: mention.offset, toCharacter });
  if (list === null) return { whole: null, obstacle: 'its arguments could not be told apart', mentions };
  const { form, columns, tableAlias, columnAliases } = found;
  const scalarKey = found.alias ?? mention.name;
  return {
    whole: { ...mention, form, arguments: list, columns, tableAlias, columnAliases, scalarKey },
    obstacle: '',
    mentions,
  };
}

function findWhole(statements: readonly RawStmt[]): Found {
  const statement = statements[0]?.stmt;
  if (statements.length > 1) return 'one of several statements';
  if (statement === undefined) return 'no statement';
  if ('CallStmt' in statement) {
    const call = statement.CallStmt.funccall;
    return call === undefined ? 'no call' : plain(call, { form: 'call' });
  }
  if ('SelectStmt' in statement) return wholeOfSelect(statement.SelectStmt);
  const kind = Object.keys(statement)[0]?.replace(/Stmt$/, '').toUpperCase() ?? 'another';
  return `inside ${kind === 'DO' ? 'a DO block' : `${kind} statement`}`;
}

function wholeOfSelect(select: SelectStmt): Found {
  for (const key of Object.keys(select) as (keyof SelectStmt)[]) {
    const clause = clauses[key];
    if (clause !== undefined) return `the statement has ${clause}`;
  }
  const from = select.fromClause ?? [];
  if (from.length > 1) return 'FROM names several tables';
  const targets = (select.targetList ?? []).map((target) => ('ResTarget' in target ? target.ResTarget : {}));
  if (from[0] !== undefined) {
    if (!('RangeFunction' in from[0])) return 'FROM names a table';
    return wholeOfFrom(from[0].RangeFunction, targets);
  }
  const target = targets[0];
  if (targets.length !== 1 || target?.val === undefined) return 'SELECT has several columns';
  return wholeOfTarget(target.val, target.name ?? null);
}

function wholeOfTarget(value: Node, alias: string | null): Found {
  if ('FuncCall' in value) return plain(value.FuncCall, { form: 'scalar', alias });
  if (!('A_Indirection' in value)) return 'the result goes into an expression';
  const { arg, indirection = [] } = value.A_Indirection;
  const field = indirection[0];
  if (arg === undefined || !('FuncCall' in arg) || field === undefined || indirection.length > 1) {
    return 'the result goes into an expression';
  }
  if ('A_Star' in field) return plain(arg.FuncCall, { form: 'expand' });
  const name = 'String' in field ? field.String.sval : undefined;
  if (name === undefined) return 'the result goes into an expression';
  return plain(arg.FuncCall, { form: 'expand', columns: [{ name, alias: alias ?? name }] });
}

function wholeOfFrom(range: RangeFunction, targets: readonly { name?: string; val?: Node }[]): Found {
  if (range.ordinality === true || range.is_rowsfrom === true) return 'FROM uses ORDINALITY or ROWS FROM';
  if (range.coldeflist !== undefined) return 'FROM has a column definition list';
  const list = range.functions?.[0];
  const item = list !== undefined && 'List' in list ? list.List.items?.[0] : undefined;
  if (item === undefined || !('FuncCall' in item)) return 'FROM uses a special function';
  const tableAlias = range.alias?.aliasname ?? null;
  const names = mentionOf(item.FuncCall, (offset) => offset);
  const columns = chosenColumns(targets, tableAlias ?? names.name);
  if (columns === 'other') return 'SELECT computes on the result';
  const columnAliases = (range.alias?.colnames ?? []).map((node) =>
    'String' in node ? (node.String.sval ?? '') : '',
  );
  return plain(item.FuncCall, { form: 'from', columns, tableAlias, columnAliases });
}

function chosenColumns(
  targets: readonly { name?: string; val?: Node }[],
  table: string,
): WholeCall['columns'] | 'other' {
  const columns: { name: string; alias: string }[] = [];
  for (const { name: alias, val } of targets) {
    const fields = val !== undefined && 'ColumnRef' in val ? (val.ColumnRef.fields ?? []) : [];
    const last = fields[fields.length - 1];
    const before = fields.length === 2 ? fields[0] : undefined;
    if (last === undefined || fields.length > 2) return 'other';
    if (before !== undefined && !('String' in before && before.String.sval === table)) return 'other';
    if ('A_Star' in last) return targets.length === 1 ? null : 'other';
    const name = 'String' in last ? (last.String.sval ?? '') : '';
    columns.push({ name, alias: alias ?? name });
  }
  return columns.length === 0 ? 'other' : columns;
}

/** An aggregate's or a window's clauses make it more than a plain call. */
function plain(call: FuncCall, shape: Partial<Shape> & Pick<Shape, 'form'>): Found {
  const usual = ['funcname', 'args', 'func_variadic', 'funcformat', 'location'];
  const other = Object.keys(call).find((key) => !usual.includes(key));
  if (other !== undefined || call.funcformat === 'COERCE_SQL_SYNTAX')
    return 'it is an aggregate or window call';
  if ((call.funcname ?? []).length > 2) return 'its name has three parts';
  return { columns: null, tableAlias: null, columnAliases: [], alias: null, ...shape, call };
}
