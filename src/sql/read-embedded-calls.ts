/** Every call of a statement with its place in it, read from PostgreSQL's own parse tree. */
import type { FuncCall, Node, RangeFunction, ResTarget, SelectStmt } from 'libpg-query';
import { characterOffsets } from './character-offsets.js';
import { embeddedArguments, namesIn, type SqlReading } from './embedded-arguments.js';
import type { EmbeddedCall, EmbeddedRange } from './embedded-call.js';
import { isStatement, rowsOf, tablesAt, type Step } from './embedded-rows.js';
import { parseSql } from './parse-sql.js';
import { scanSql, type SqlToken } from './scan-sql.js';
import { mentionOf, visit } from './tree-mentions.js';

interface Reading extends SqlReading {
  readonly statements: number;
}

/** In text order; null when the text does not parse. Needs `loadSqlParser()` first. */
export function readEmbeddedCalls(text: string): readonly EmbeddedCall[] | null {
  const parsed = parseSql(text);
  if (!parsed.ok) return null;
  const toCharacter = characterOffsets(text);
  const reading = { text, tokens: scanSql(text) ?? [], toCharacter, statements: parsed.statements.length };
  const calls: EmbeddedCall[] = [];
  walk(parsed.statements, [], (path) => {
    const last = path[path.length - 1];
    if (last?.key === 'FuncCall' || last?.key === 'funccall') calls.push(readCall(last.value, path, reading));
  });
  return calls.sort((a, b) => a.offset - b.offset);
}

function walk(value: unknown, path: readonly Step[], found: (path: readonly Step[]) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, path, found);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries<unknown>({ ...value })) {
    if (typeof inner !== 'object' || inner === null) continue;
    const deeper = [...path, { key, value: inner }];
    if (!Array.isArray(inner)) found(deeper);
    walk(inner, deeper, found);
  }
}

function readCall(call: FuncCall, path: readonly Step[], reading: Reading): EmbeddedCall {
  const mention = mentionOf(call, reading.toCharacter);
  const at = path.findLastIndex((_step, index) => isStatement(path, index));
  const select = at < 0 ? null : selectOf(path[at]);
  const inside = path.slice(at + 1);
  const range = rangeOf(path);
  const end = callEnd(reading.tokens, mention.offset);
  const list = embeddedArguments(call, mention.offset, reading);
  const clause = clauseOf(inside);
  return {
    ...mention,
    end: end ?? mention.offset,
    arguments: list ?? [],
    clause,
    form: range === null ? 'expression' : 'from',
    naming: range === null ? namingOf(inside) : 'none',
    rows: rowsOf(path, at, clause),
    from: range === null ? null : readRange(range, path, mention.name),
    ...tablesAt(path, at),
    alone: isAlone(select, inside),
    compared: select !== null && isCompared(select, mention.name),
    besideWrites: writesBesideWith(path),
    obstacle:
      obstacleOf(call, path, at, clause, range, reading) ??
      (end === null || list === null ? 'its arguments could not be told apart' : null),
  };
}

function selectOf(step: Step | undefined): SelectStmt | null {
  return step !== undefined && /^(?:SelectStmt|larg|rarg)$/.test(step.key) ? step.value : null;
}

const clauseNames: Readonly<Record<string, string>> = {
  targetList: 'SELECT',
  whereClause: 'WHERE',
  fromClause: 'FROM',
  usingClause: 'USING',
  groupClause: 'GROUP BY',
  havingClause: 'HAVING',
  sortClause: 'ORDER BY',
  limitCount: 'LIMIT',
  limitOffset: 'OFFSET',
  distinctClause: 'DISTINCT ON',
  windowClause: 'WINDOW',
  valuesLists: 'VALUES',
  returningList: 'RETURNING',
  onConflictClause: 'ON CONFLICT',
};

function clauseOf(inside: readonly Step[]): string {
  const key = inside[0]?.key ?? '';
  if (key === 'fromClause' && inside.some((step) => step.key === 'quals')) return 'ON';
  return clauseNames[key] ?? key;
}

/** The FROM item that is this call alone. */
function rangeOf(path: readonly Step[]): RangeFunction | null {
  const keys = path.slice(-5).map((step) => step.key);
  const own = path[path.length - 5];
  // RangeFunction → functions → List → items → FuncCall
  return keys.join(' ') === 'RangeFunction functions List items FuncCall' && own !== undefined
    ? own.value
    : null;
}

function readRange(range: RangeFunction, path: readonly Step[], name: string): EmbeddedRange {
  const alias = range.alias?.aliasname ?? null;
  const columnAliases = (range.alias?.colnames ?? []).map((node) =>
    'String' in node ? (node.String.sval ?? '') : '',
  );
  let wholeRow = false;
  visit([path[0]?.value], (kind, value) => {
    if (kind !== 'ColumnRef' || !('fields' in value) || !Array.isArray(value.fields)) return;
    const [first, ...rest] = namesIn(value.fields);
    if (rest.length === 0 && first === (alias ?? name)) wholeRow = true;
  });
  return { alias, columnAliases, lateral: range.lateral === true, wholeRow };
}

/** Does the unnamed output column take its name from the call (FigureColname)? */
function namingOf(inside: readonly Step[]): EmbeddedCall['naming'] {
  if (inside[0]?.key !== 'targetList' && inside[0]?.key !== 'returningList') return 'none';
  const target = inside[1];
  if (target?.key !== 'ResTarget' || isNamed(target.value)) return 'none';
  const between = inside.slice(2, -1).map((step) => step.key);
  if (between.join() === 'val') return 'direct';
  const naming = /^(?:val|TypeCast|CollateClause|arg|CaseExpr|defresult)$/;
  return between.every((key) => naming.test(key)) ? 'inner' : 'none';
}

function isNamed(target: ResTarget): boolean {
  return target.name !== undefined;
}

/** `SELECT f(…)` without FROM and with nothing beside it. */
function isAlone(select: SelectStmt | null, inside: readonly Step[]): boolean {
  if (select === null || inside.map((step) => step.key).join(' ') !== 'targetList ResTarget val FuncCall')
    return false;
  const clauses = Object.keys(select).filter((key) => !/^(?:targetList|limitOption|op)$/.test(key));
  return select.targetList?.length === 1 && clauses.length === 0;
}

/** GROUP BY and DISTINCT compare expressions, so all calls would have to change at once. */
function isCompared(select: SelectStmt, name: string): boolean {
  if ((select.groupClause?.length ?? 0) === 0 && (select.distinctClause?.length ?? 0) === 0) return false;
  let calls = 0;
  visit({ ...select }, (kind, value) => {
    if (kind === 'FuncCall' && mentionOf(value, (offset) => offset).name === name) calls += 1;
  });
  return calls > 1;
}

function writesBesideWith(path: readonly Step[]): boolean {
  let writes = 0;
  let withs = 0;
  visit([path[0]?.value], (kind) => {
    if (/^(?:Insert|Update|Delete|Merge)Stmt$/.test(kind)) writes += 1;
    if (kind === 'withClause') withs += 1;
  });
  return writes > 0 && withs > 0;
}

function obstacleOf(
  call: FuncCall,
  path: readonly Step[],
  at: number,
  clause: string,
  range: RangeFunction | null,
  reading: Reading,
): string | null {
  if (reading.statements > 1) return 'one of several statements';
  const top = path.find((step) => /Stmt$/.test(step.key))?.key ?? '';
  if (!/^(?:Select|Insert|Update|Delete)Stmt$/.test(top)) {
    const kind = top.replace(/Stmt$/, '').toUpperCase();
    return `inside ${kind === 'DO' ? 'a DO block' : `${kind} statement`}`;
  }
  const usual = ['funcname', 'args', 'func_variadic', 'funcformat', 'location'];
  if (Object.keys(call).some((key) => !usual.includes(key))) return 'it is an aggregate or window call';
  if ((call.funcname ?? []).length > 2) return 'its name has three parts';
  if (clause === 'GROUP BY' || clause === 'DISTINCT ON') return `${clause} compares it`;
  const parent = path[path.length - 2]?.key === 'arg' ? path[path.length - 3] : undefined;
  if (parent?.key === 'A_Indirection') return fieldObstacle(parent.value);
  if (range !== null) {
    if (range.ordinality === true || range.is_rowsfrom === true) return 'FROM uses ORDINALITY or ROWS FROM';
    if (range.coldeflist !== undefined) return 'FROM has a column definition list';
  }
  const within = path.slice(at + 1).map((step) => step.key);
  if (range === null && within.includes('RangeFunction')) return 'it is an argument of a function in FROM';
  return null;
}

function fieldObstacle(value: object): string {
  const fields =
    'indirection' in value && Array.isArray(value.indirection) ? (value.indirection as Node[]) : [];
  return fields.some((field) => 'A_Star' in field)
    ? '`(f(…)).*` runs it once a column'
    : 'a field of its result is taken';
}

/** Index behind the parenthesis that closes the call. */
function callEnd(tokens: readonly SqlToken[], offset: number): number | null {
  let depth = 0;
  for (const token of tokens) {
    if (token.start < offset) continue;
    if (token.text === '(') depth += 1;
    if (token.text === ')') {
      depth -= 1;
      if (depth === 0) return token.end;
    }
  }
  return null;
}
