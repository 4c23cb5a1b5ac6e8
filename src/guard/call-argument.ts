/** What is put into SQL text in a form that the driver, or Drizzle's template, does not carry. */
import { ts } from 'ts-morph';
import { unwrap } from '../source/nodes.js';
import type { Problem, Rule } from './finding.js';
import { readText } from './bodies/read-text.js';
import { driverAround } from './facts/clients.js';
import { isUserRoutine } from './facts/routine-calls.js';
import { isConstantText } from './facts/constant-text.js';
import { nullishOf } from './facts/nullish.js';
import { packageOfSymbol } from './facts/packages.js';
import { nodesOf, type ProgramFacts } from './facts/program-facts.js';
import { sentIn } from './facts/senders.js';
import { isDrizzleTag, sqlTextOf, type BuiltSql, type SqlHole } from './facts/sql-text.js';

export const callArgument: Rule = {
  id: 'call-argument',
  severity: 'error',
  title: 'An argument of an SQL text arrives as something else',
  *check({ file, facts }): Iterable<Problem> {
    const texts = new Set<BuiltSql>();
    for (const { text } of sentIn(facts, file)) {
      const built = sqlTextOf(facts, text);
      if (built !== null) texts.add(built);
    }
    for (const tag of nodesOf(facts, file).tags) {
      const built = isDrizzleTag(facts, tag.tag) ? sqlTextOf(facts, tag) : null;
      if (built !== null) texts.add(built);
    }
    for (const built of texts) {
      for (const hole of built.holes) {
        if (hole.node.getSourceFile() === file) yield* judge(facts, built, hole);
      }
    }
    yield* rawTexts(facts, file);
  },
};

function* judge(facts: ProgramFacts, built: BuiltSql, hole: SqlHole): Iterable<Problem> {
  const { node, kind } = hole;
  if (kind === 'text') {
    if (!isConstantText(facts, node)) yield { node, message: pasted, help: pastedHelp };
    return;
  }
  if (kind !== 'value' || built.built === 'string') return;
  if (isQuoted(built.text, hole.start)) {
    yield { node, message: quoted, help: quotedHelp };
    return;
  }
  if (ts.isCallExpression(unwrap(node)) && isTagCall(facts, unwrap(node) as ts.CallExpression)) return;
  const nullish = nullishOf(facts, node);
  if (nullish !== null && nullish !== 'null') {
    yield { node, message: built.built === 'drizzle' ? omitted : refusedUndefined, help: omittedHelp };
    return;
  }
  if (built.built !== 'drizzle') return;
  const type = facts.checker.getNonNullableType(facts.checker.getTypeAtLocation(node));
  if (isList(facts, type)) {
    if (!/\bin\s*\(?\s*$/i.test(built.text.slice(0, hole.start)))
      yield { node, message: list, help: listHelp };
    return;
  }
  const object = objectKind(facts, type);
  if (object === null || !losesObjects(facts, built, hole)) return;
  if (object === 'Date') yield { node, message: date, help: dateHelp };
  if (object === 'object') yield { node, message: asObject, help: objectHelp };
}

/**
 * postgres.js takes no object from Drizzle's template. node-postgres encodes one for a column; for the argument of a
 * routine, or under a cast that drops the offset of a Date, what arrives depends on what is declared there.
 */
function losesObjects(facts: ProgramFacts, { text }: BuiltSql, { node, start, end }: SqlHole): boolean {
  if (driverAround(facts, node) === 'postgres.js') return true;
  if (/^\s*::\s*(?:date|timestamp(?!tz|\s+with\s+time))/i.test(text.slice(end))) return true;
  return readText(text).calls.some(
    ({ schema, name, offset }) =>
      isUserRoutine({ schema, name, offset }) && isInsideParentheses(text.slice(offset), start - offset),
  );
}

/** Whether the parentheses that the text opens first are still open at the offset. */
function isInsideParentheses(text: string, at: number): boolean {
  let depth = 0;
  const open = text.indexOf('(');
  for (let index = open; index >= 0 && index < at; index += 1) {
    if (text[index] === '(') depth += 1;
    if (text[index] === ')') depth -= 1;
    if (depth === 0) return false;
  }
  return open >= 0 && at > open;
}

/** `sql.raw(…)` outside of any template, and inside one: its text is part of the statement. */
function* rawTexts(facts: ProgramFacts, file: ts.SourceFile): Iterable<Problem> {
  for (const call of nodesOf(facts, file).calls) {
    const callee = call.expression;
    if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'raw') continue;
    if (!isDrizzleTag(facts, callee.expression) || call.arguments[0] === undefined) continue;
    const built = sqlTextOf(facts, call);
    for (const hole of built?.holes ?? []) {
      if (hole.kind === 'text' && !isConstantText(facts, hole.node) && hole.node.getSourceFile() === file)
        yield { node: hole.node, message: pasted, help: pastedHelp };
    }
  }
}

/** `sql.param(…)`, `sql.placeholder(…)`: what they hold is encoded as they say. */
function isTagCall(facts: ProgramFacts, call: ts.CallExpression): boolean {
  return ts.isPropertyAccessExpression(call.expression) && isDrizzleTag(facts, call.expression.expression);
}

/** Inside a quoted string an odd number of quotes stands before. */
function isQuoted(text: string, at: number): boolean {
  const before = text.slice(0, at).replaceAll(/--[^\n]*\n|\/\*[\s\S]*?\*\/|"[^"]*"/g, ' ');
  return (before.match(/'/g)?.length ?? 0) % 2 === 1;
}

function isList(facts: ProgramFacts, type: ts.Type): boolean {
  const all = type.isUnion() ? type.types : [type];
  return (
    all.length > 0 && all.every((one) => facts.checker.isArrayType(one) || facts.checker.isTupleType(one))
  );
}

function objectKind(facts: ProgramFacts, type: ts.Type): 'Date' | 'object' | null {
  const all = type.isUnion() ? type.types : [type];
  for (const one of all) {
    if ((one.flags & ts.TypeFlags.Object) === 0) continue;
    const symbol = one.getSymbol();
    if (symbol?.name === 'Date' && packageOfSymbol(symbol) === 'lib') return 'Date';
    const from = packageOfSymbol(symbol);
    if (
      from === 'drizzle-orm' ||
      /^(?:Buffer|Uint8Array|ArrayBuffer|String|Number|BigInt)$/.test(symbol?.name ?? '')
    )
      continue;
    if (one.getProperty('getSQL') !== undefined || one.getProperty('toPostgres') !== undefined) continue;
    if (one.getCallSignatures().length > 0 || facts.checker.isArrayType(one)) continue;
    return 'object';
  }
  return null;
}

const pasted =
  'This value becomes part of the SQL text itself: whoever decides it can write any statement, and a quote in it breaks this one.';
const pastedHelp =
  'Bind it as a parameter; choose names of columns or tables from a fixed list, with `sql.identifier` round them.';
const quoted =
  'A placeholder inside quotes is text, not a parameter: the statement fails (08P01, 42P18), or compares with the letters `$1`.';
const quotedHelp = "Take it out of the quotes: `make_interval(days => ${n}::int)`, or `${text} || '%'`.";
const omitted =
  'undefined becomes nothing in the text: `f(a, )` is a syntax error (42601), and `f()` runs with its defaults, which may mean everything.';
const refusedUndefined = 'postgres.js refuses undefined (UNDEFINED_VALUE) before anything is sent.';
const omittedHelp =
  'Decide what a missing value means: `?? null` for NULL, or leave the argument out by name.';
const list =
  'A list becomes a row `($1, $2)`: an array parameter fails (42846, 42809), one element alone loses its list, and an empty list is a syntax error.';
const listHelp = 'Use `inArray(column, list)`, or `${sql.param(list)}::text[]` for one array parameter.';
const date =
  'A Date is not encoded in an sql template: postgres.js throws ERR_INVALID_ARG_TYPE, node-postgres sends local time, which a date or timestamp without time zone takes as it stands.';
const dateHelp =
  'Write `${date.toISOString()}::timestamptz`, or use a column operator (`gt(table.column, date)`), which encodes it.';
const asObject =
  'An object is not encoded in an sql template: postgres.js throws ERR_INVALID_ARG_TYPE, or writes `[object Object]` into text.';
const objectHelp = 'Write `${JSON.stringify(value)}::text::jsonb`.';
