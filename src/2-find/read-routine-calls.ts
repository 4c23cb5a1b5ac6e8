/** SQL text to the routine calls in it: each a call that can become a site, or a refusal. Knows no TypeScript. */
import type { EmbeddedCall } from '../sql/embedded-call.js';
import { readEmbeddedCalls } from '../sql/read-embedded-calls.js';
import { readStatement, type StatementResult } from '../sql/read-statement.js';
import { scanMentions } from '../sql/scan-mentions.js';
import type { FunctionMention, ReadArgument, StatementReading, WholeCall } from '../sql/statement-reading.js';
import { showPasted, type AssembledSql } from './assemble-sql.js';
import type { CallArgument, Hole, RoutineCall, SiteRefusal } from './call-site.js';
import type { RoutineNames } from './scan-names.js';

export interface FoundCall {
  readonly routineName: string;
  readonly call: RoutineCall | null;
  /** The call is part of a larger statement. */
  readonly embedded: boolean;
  readonly refusal: SiteRefusal | null;
  /** The call in its statement, when it is one that another text may replace. */
  readonly inside?: InnerCall;
}

/** Indexes of the statement's text. */
export interface InnerCall {
  readonly call: EmbeddedCall;
  readonly interpolatesNames: boolean;
}

/** A word that takes the place of `$n` where the grammar wants a name. */
const holeMarker = /^interpolated_(\d+)_$/;

/**
 * `sent`: the text goes to the database as a statement · unsent: nothing is seen to send it · fragment: part of
 * what a query builder sends, where no call is the whole statement.
 */
export function readRoutineCalls(
  sql: AssembledSql,
  names: RoutineNames,
  use: 'sent' | 'unsent' | 'fragment',
): readonly FoundCall[] {
  const { result, text } = readNamingHoles(sql);
  if (!result.ok) return unreadable(sql, names, result.message);
  const { mentions } = result.reading;
  const whole = use === 'fragment' ? null : result.reading.whole;
  const sent = use === 'sent';
  const found: FoundCall[] = [];
  const own = mentions.filter((mention) => isOwn(mention, names));
  const inner =
    own.length === 0 || (whole !== null && own.length === 1) ? [] : (readEmbeddedCalls(text) ?? []);
  for (const mention of mentions) {
    const computed = computedName(mention, sql);
    if (computed !== null)
      found.push({ ...refused(computed, 'computed-name', computed), embedded: whole === null });
    else if (isOwn(mention, names))
      found.push(readOwn({ sql, text, reading: { ...result.reading, whole }, own, inner, sent }, mention));
    else if (sent && whole?.offset === mention.offset && !isKnown(mention, names)) {
      found.push({
        ...refused(written(mention), 'routine-not-found', 'no routine of the database has this name'),
      });
    }
  }
  return found;
}

/** Where a `$n` stands for a table or a name, and so does not parse, a word is put in its place. */
function readNamingHoles(sql: AssembledSql): { readonly result: StatementResult; readonly text: string } {
  let text = sql.text;
  const first = readStatement(text);
  let result = first;
  for (let round = 0; !result.ok && round < 20; round += 1) {
    const failedAt = result.position ?? -1;
    const before = [...text.matchAll(/\$(\d+)/g)].filter((match) => match.index <= failedAt).pop();
    if (before === undefined) return { result: first, text: sql.text };
    text = `${text.slice(0, before.index)}interpolated_${before[1] ?? ''}_${text.slice(before.index + before[0].length)}`;
    result = readStatement(text);
  }
  return result.ok ? { result, text } : { result: first, text: sql.text };
}

interface Reading {
  readonly sql: AssembledSql;
  /** The text that was read, with words where `$n` did not parse. */
  readonly text: string;
  readonly reading: StatementReading;
  /** The calls of the database's own routines. */
  readonly own: readonly FunctionMention[];
  readonly inner: readonly EmbeddedCall[];
  readonly sent: boolean;
}

function readOwn(context: Reading, mention: FunctionMention): FoundCall {
  const { sql, text, reading, own, sent } = context;
  const { whole } = reading;
  if (whole?.offset !== mention.offset || whole.name !== mention.name) return readInner(context, mention);
  const call = callOf(sql, whole);
  const base = { routineName: written(mention), call, embedded: false };
  if (own.length > 1) {
    const detail = 'an argument calls another routine';
    return { ...base, embedded: true, refusal: { reason: 'embedded', detail } };
  }
  if (text !== sql.text)
    return { ...base, refusal: { reason: 'call-parse-error', detail: 'a name is interpolated' } };
  const problem = sent ? valueProblem(sql, whole) : null;
  return { ...base, refusal: problem === null ? null : { reason: 'call-parse-error', detail: problem } };
}

/** A call inside a larger statement, with everything counted in the text that has `$n` again. */
function readInner({ sql, text, own, inner, reading }: Reading, mention: FunctionMention): FoundCall {
  const embedded = (detail: string): FoundCall => ({
    ...refused(written(mention), 'embedded', detail),
    embedded: true,
  });
  const read = inner.find((one) => one.offset === mention.offset);
  if (read === undefined) return embedded(reading.obstacle);
  if (read.obstacle !== null) return embedded(read.obstacle);
  if (own.some((other) => other.offset > read.offset && other.offset < read.end))
    return embedded('an argument calls another routine');
  const pasted = sql.pasted[0];
  if (pasted !== undefined) return embedded(`the text of \`${pasted.expression}\` is only known at run time`);
  const call = withOffsets(read, (offset) => numberedOffset(text, offset));
  const list = call.arguments.map((argument) => argumentOf(sql, argument));
  const { schema, name, from } = call;
  return {
    routineName: written(mention),
    embedded: true,
    refusal: null,
    call: {
      schema,
      name,
      form: from === null ? 'scalar' : 'from',
      arguments: list,
      columns: null,
      scalarKey: name,
      tableAlias: from?.alias ?? null,
      columnAliases: from?.columnAliases ?? [],
      embedded: true,
    },
    inside: { call, interpolatesNames: text !== sql.text },
  };
}

function withOffsets(call: EmbeddedCall, to: (offset: number) => number): EmbeddedCall {
  const list = call.arguments.map((one) => ({ ...one, start: to(one.start), end: to(one.end) }));
  return { ...call, offset: to(call.offset), end: to(call.end), arguments: list };
}

/** The index in the text with `$n` of an index in the text with words for them. */
function numberedOffset(text: string, offset: number): number {
  let removed = 0;
  for (const match of text.matchAll(/interpolated_(\d+)_/g)) {
    if (match.index >= offset) break;
    removed += match[0].length - `$${match[1] ?? ''}`.length;
  }
  return offset - removed;
}

function callOf(sql: AssembledSql, whole: WholeCall): RoutineCall {
  const { schema, name, form, columns, scalarKey, tableAlias, columnAliases } = whole;
  const list = whole.arguments.map((argument) => argumentOf(sql, argument));
  return { schema, name, form, arguments: list, columns, scalarKey, tableAlias, columnAliases };
}

function argumentOf(sql: AssembledSql, argument: ReadArgument): CallArgument {
  const holeAt = (number: number): Hole | null => sql.holes.find((hole) => hole.index === number) ?? null;
  return {
    name: argument.name,
    sql: showPasted(sql.text.slice(argument.start, argument.end), sql.pasted),
    hole: argument.parameter === null ? null : holeAt(argument.parameter),
    casts: argument.casts,
    variadic: argument.variadic,
    holes: argument.parameters.map(holeAt).filter((hole) => hole !== null),
  };
}

/** Pasted text, a parameter without a value and a value without a parameter make a call unreadable. */
function valueProblem(sql: AssembledSql, whole: WholeCall): string | null {
  const pasted = sql.pasted[0];
  if (pasted !== undefined) return `the value of \`${pasted.expression}\` is pasted into the text, not bound`;
  const used = new Set(whole.arguments.flatMap((argument) => argument.parameters));
  const missing = [...used].find((number) => !sql.holes.some((hole) => hole.index === number));
  if (missing !== undefined) return `$${String(missing)} has no value that can be seen here`;
  const unused = sql.holes.find((hole) => !used.has(hole.index));
  return unused === undefined ? null : `no parameter takes the value \`${unused.expression}\``;
}

/** A routine name that is, or holds, interpolated text: what it looks like, else null. */
function computedName(mention: FunctionMention, sql: AssembledSql): string | null {
  const parts = mention.schema === null ? [mention.name] : [mention.schema, mention.name];
  const shown = parts.map((part) => {
    const hole = holeMarker.exec(part);
    const expression = sql.holes.find((one) => String(one.index) === hole?.[1])?.expression;
    return expression === undefined ? showPasted(part, sql.pasted) : `\${${expression}}`;
  });
  return shown.some((part, index) => part !== parts[index]) ? shown.join('.') : null;
}

/** Text that does not parse: every name of a routine that a parenthesis follows is told. */
function unreadable(sql: AssembledSql, names: RoutineNames, message: string): readonly FoundCall[] {
  const pasted = sql.pasted[0];
  const detail =
    pasted === undefined ? message : `${message}; \`${pasted.expression}\` is pasted into the text`;
  return scanMentions(sql.text)
    .filter((mention) => isOwn(mention, names))
    .map((mention) => refused(written(mention), 'call-parse-error', detail));
}

function refused(routineName: string, reason: SiteRefusal['reason'], detail: string): FoundCall {
  return { routineName, call: null, embedded: false, refusal: { reason, detail } };
}

function isOwn(mention: FunctionMention, names: RoutineNames): boolean {
  return names.routines.has(mention.name) && !isSystem(mention.schema);
}

function isKnown(mention: FunctionMention, names: RoutineNames): boolean {
  return names.known.has(mention.name) || isSystem(mention.schema);
}

function isSystem(schema: string | null): boolean {
  return schema === 'pg_catalog' || schema === 'information_schema';
}

function written({ schema, name }: FunctionMention): string {
  return schema === null ? name : `${schema}.${name}`;
}
