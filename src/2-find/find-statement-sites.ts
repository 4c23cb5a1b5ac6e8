/** One piece of SQL with what sends it to the sites in it. */
import type { ts } from 'ts-morph';
import { assembleSql, type AssembledSql } from './assemble-sql.js';
import { findEmbeddedPlace } from './find-embedded-place.js';
import type { CallSite, SiteRefusal } from './call-site.js';
import { findMovedValue } from './find-moved-value.js';
import { sitesOfFragment } from './find-fragment-sites.js';
import { readRoutineCalls } from './read-routine-calls.js';
import { type RoutineNames, sqlMentions } from './scan-names.js';
import { readSqlParts } from './sql-parts.js';
import type { SentSql } from './sql-sender.js';

/** A site before it has an id and a place. */
export type FoundSite = Omit<CallSite, 'id' | 'file' | 'line' | 'column' | 'span'> & {
  readonly node: ts.Node;
};

/** What has been read so far in one file, so that the left-over pass tells nothing twice. */
export interface SqlReadings {
  readonly names: RoutineNames;
  readonly literals: Set<ts.Node>;
  /** Names that were followed to a constant. */
  readonly references: Set<ts.Node>;
}

const statementStart =
  /^(?:\s|--[^\n]*\n|\/\*[^]*?\*\/|\()*(?:select|with|call|insert|update|delete|merge|values|do|explain|create|alter|comment|grant|drop)\b/i;

/** Does the text start as a statement does? Prose may too; the parser decides later. */
export function looksLikeStatement(text: string): boolean {
  return statementStart.test(text);
}

/** Null when the sender's argument is no SQL that this file shows. */
export function sitesOfSql(sent: SentSql, readings: SqlReadings): readonly FoundSite[] | null {
  const read = readSqlParts(sent.text);
  if (read === null) return null;
  const sql = assembleSql(read.parts, sent.values);
  const statement = looksLikeStatement(sql.text);
  if (!statement && !read.tagged && !sql.text.startsWith('pasted_text_')) return null;
  for (const literal of read.literals) readings.literals.add(literal);
  for (const reference of read.references) readings.references.add(reference);
  const moved = findMovedValue(read.parts, sent.node);
  const refusal: SiteRefusal | null =
    moved === null
      ? sent.refusal
      : {
          reason: 'call-parse-error',
          detail: `\`${moved}\` is bound elsewhere and may change before the call`,
        };
  return sitesOfText(sql, { ...sent, refusal }, { names: readings.names, fragment: !statement });
}

/** `fragment`: the text is a part of a statement that is put together elsewhere. */
export function sitesOfText(
  sql: AssembledSql,
  sent: Pick<SentSql, 'sender' | 'node' | 'refusal'>,
  context: { readonly names: RoutineNames; readonly fragment: boolean },
): readonly FoundSite[] {
  if (!sqlMentions(sql.text, context.names)) return [];
  const { sender, node } = sent;
  const base = { sender, node, statement: sql.shown };
  if (context.fragment) return sitesOfFragment(sql, base, context.names);
  const calls = readRoutineCalls(sql, context.names, sender.form === 'none' ? 'unsent' : 'sent');
  return calls.map(({ embedded, refusal, routineName, call, inside }): FoundSite => {
    const kind = embedded ? 'embedded' : sender.form === 'execute' ? 'execute' : 'query';
    const site = { ...base, routineName, call, kind, refusal: refusal ?? sent.refusal } as const;
    if (inside === undefined) return site;
    const place = findEmbeddedPlace(inside, sql, node);
    // The text round the call stays, so that it does not matter who sends it.
    if ('reason' in place) return { ...site, refusal: place };
    return { ...site, refusal: null, embedded: place };
  });
}
