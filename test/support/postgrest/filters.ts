/** Conditions of a query string as SQL (section "Horizontal Filtering" and its operators). */
import { and, not, or, sql, type SQL } from 'drizzle-orm';
import { refusal } from './failure.js';

/** What the result of the call goes by in the statement. */
export const source = 'pgrst_source';

/** The condition of `column=operator.value`, or of `or=(…)` and its like. */
export function filterOf(key: string, value: string): SQL {
  const logical = /^(not\.)?(and|or)$/.exec(key);
  if (logical !== null) {
    const reader = { text: `${logical[2] ?? 'and'}${value}`, at: 0 };
    const tree = readTree(reader);
    if (reader.at < reader.text.length) throw unreadable(value, reader.at);
    return logical[1] === undefined ? tree : not(tree);
  }
  return comparison(key, value);
}

/** `a`, `"a b"`, `a->b->>c`; a path goes through to_jsonb, as section "Composite / Array Columns" says. */
export function columnOf(text: string): SQL {
  const [first = '', ...rest] = text.split(/(->>?)/);
  const column = sql`${sql.identifier(source)}.${sql.identifier(unquoted(first))}`;
  if (rest.length === 0) return column;
  let path = sql`to_jsonb(${column})`;
  for (let index = 0; index < rest.length; index += 2) {
    const key = rest[index + 1] ?? '';
    const step = /^-?\d+$/.test(key) ? sql.raw(key) : sql.raw(`'${key.replaceAll("'", "''")}'`);
    path = sql`${path} ${sql.raw(rest[index] ?? '->')} ${step}`;
  }
  return sql`(${path})`;
}

function comparison(key: string, value: string): SQL {
  const found = /^(not\.)?([a-z]+)(?:\((any|all)\))?\.([\s\S]*)$/.exec(value);
  if (found === null) throw unreadable(value, 0);
  const [, negated, operator = '', many, operand = ''] = found;
  const condition = plain(columnOf(key), operator, operand, many);
  return negated === undefined ? condition : sql`not (${condition})`;
}

function plain(column: SQL, operator: string, operand: string, many: string | undefined): SQL {
  if (operator === 'is') {
    const state = states[operand.toLowerCase()];
    if (state === undefined) throw unreadable(operand, 0);
    return sql`${column} is ${sql.raw(state)}`;
  }
  if (operator === 'in') return sql`${column} = any(${arrayLiteral(listOf(operand))})`;
  if (operator === 'isdistinct') return sql`${column} is distinct from ${operand}`;
  const symbol = symbols[operator];
  if (symbol === undefined) throw unreadable(operator, 0);
  const pattern = operator === 'like' || operator === 'ilike' ? operand.replaceAll('*', '%') : operand;
  const right = many === undefined ? sql`${pattern}` : sql`${sql.raw(many)} (${pattern})`;
  return sql`${column} ${sql.raw(symbol)} ${right}`;
}

const states: Readonly<Record<string, string>> = {
  null: 'null',
  not_null: 'not null',
  true: 'true',
  false: 'false',
  unknown: 'unknown',
};

const symbols: Readonly<Record<string, string>> = {
  eq: '=',
  neq: '<>',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  like: 'like',
  ilike: 'ilike',
  match: '~',
  imatch: '~*',
  cs: '@>',
  cd: '<@',
  ov: '&&',
  sl: '<<',
  sr: '>>',
  nxr: '&<',
  nxl: '&>',
  adj: '-|-',
};

/** `(1,"a,b",c)`, with backslashes inside the quotes (section "Reserved characters"). */
function listOf(text: string): string[] {
  const inside = /^\(([\s\S]*)\)$/.exec(text)?.[1];
  if (inside === undefined) throw unreadable(text, 0);
  if (inside === '') return [];
  const found = inside.match(/"(?:[^"\\]|\\[\s\S])*"|[^,"]+|(?<=,|^)(?=,|$)/g) ?? [];
  return found.map(unquoted);
}

function unquoted(text: string): string {
  return text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).replace(/\\([\s\S])/g, '$1') : text;
}

function arrayLiteral(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

interface Reader {
  readonly text: string;
  at: number;
}

/** `and(…)`, `or(…)`, `not.and(…)` or one comparison `column.operator.value`. */
function readTree(reader: Reader): SQL {
  const opening = /^(not\.)?(and|or)\(/.exec(reader.text.slice(reader.at));
  if (opening === null) return readComparison(reader);
  reader.at += opening[0].length;
  const parts: SQL[] = [];
  for (;;) {
    parts.push(readTree(reader));
    const next = reader.text[reader.at];
    reader.at += 1;
    if (next === ')') break;
    if (next !== ',') throw unreadable(reader.text, reader.at - 1);
  }
  const joined = (opening[2] === 'and' ? and(...parts) : or(...parts)) ?? sql`true`;
  return opening[1] === undefined ? joined : not(joined);
}

function readComparison(reader: Reader): SQL {
  const text = reader.text.slice(reader.at);
  const column = /^("(?:[^"\\]|\\.)*"|[^.,()]+)\.((?:not\.)?[a-z]+(?:\((?:any|all)\))?)\./.exec(text);
  if (column === null) throw unreadable(reader.text, reader.at);
  const rest = text.slice(column[0].length);
  const value = /^("(?:[^"\\]|\\[\s\S])*"|\([^)]*\)|\{[^}]*\}|\[[^\])]*[\])]|[^,)]*)/.exec(rest)?.[0] ?? '';
  reader.at += column[0].length + value.length;
  const operand = column[2] === 'in' ? value : unquoted(value);
  return comparison(column[1] ?? '', `${column[2] ?? ''}.${operand}`);
}

function unreadable(text: string, at: number): Error {
  const details = `unexpected input at character ${at + 1}`;
  return refusal('PGRST100', `"failed to parse filter (${text})" (line 1, column ${at + 1})`, { details });
}
