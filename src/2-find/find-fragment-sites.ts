/** Calls in a fragment of SQL that a query builder puts into its statement. */
import { ts } from 'ts-morph';
import { scanMentions } from '../sql/scan-mentions.js';
import type { AssembledSql } from './assemble-sql.js';
import type { SiteRefusal } from './call-site.js';
import { findEmbeddedPlace } from './find-embedded-place.js';
import { findFragmentPlace, type FragmentClause } from './find-fragment-place.js';
import type { FoundSite } from './find-statement-sites.js';
import { readRoutineCalls, type FoundCall } from './read-routine-calls.js';
import type { RoutineNames } from './scan-names.js';
import { tagOrigin } from './sql-tag.js';

type Base = Pick<FoundSite, 'sender' | 'node' | 'statement'>;

/** A fragment that no builder is seen to take, or that does not parse by itself, is refused with every name in it. */
export function sitesOfFragment(sql: AssembledSql, base: Base, names: RoutineNames): readonly FoundSite[] {
  const { node } = base;
  const refuse = (refusal: SiteRefusal): readonly FoundSite[] =>
    scanMentions(sql.text)
      .filter((mention) => names.routines.has(mention.name) && mention.schema !== 'pg_catalog')
      .map(({ schema, name }) => ({
        ...base,
        kind: 'embedded',
        routineName: schema === null ? name : `${schema}.${name}`,
        call: null,
        refusal,
      }));
  const drizzle = ts.isTaggedTemplateExpression(node) && tagOrigin(node.tag) === 'drizzle';
  if (!drizzle) return refuse({ reason: 'embedded', detail: 'in a fragment of a statement' });
  const clause = findFragmentPlace(node);
  if ('reason' in clause) return refuse(clause);
  for (const before of beginnings) {
    const whole = withBeginning(sql, before);
    const calls = readRoutineCalls(whole, names, 'fragment');
    if (calls.length > 0 && !calls.some(({ refusal }) => refusal?.reason === 'call-parse-error'))
      return calls.map((call) => siteOf(call, whole, before, clause, base));
  }
  return refuse({ reason: 'embedded', detail: 'the fragment is no value by itself' });
}

/** What makes a statement of a value, and of a sort key. */
const beginnings = ['select 1, ', 'select 1 order by '];

function withBeginning(sql: AssembledSql, before: string): AssembledSql {
  const pieces = sql.pieces.map((piece) => ({
    ...piece,
    start: piece.start + before.length,
    end: piece.end + before.length,
  }));
  return {
    ...sql,
    text: before + sql.text,
    shown: { ...sql.shown, text: before + sql.shown.text },
    pieces: [{ start: 0, end: before.length, source: null }, ...pieces],
  };
}

function siteOf(
  { inside, routineName, call, refusal }: FoundCall,
  whole: AssembledSql,
  before: string,
  { executor, ...clause }: FragmentClause,
  base: Base,
): FoundSite {
  const site = { ...base, statement: whole.shown, kind: 'embedded', routineName, call } as const;
  if (inside === undefined) return { ...site, refusal };
  const own = inside.call.rows === null && inside.call.clause === clauseOfBeginning(before);
  // A call inside a subquery of the fragment stands where that says, once for each row of both.
  const at = own
    ? ({ ...inside.call, ...clause, naming: 'none' } as const)
    : { ...inside.call, compared: inside.call.compared || clause.compared };
  const read = { interpolatesNames: true, call: { ...at, tables: null, otherSources: true, alone: false } };
  const place = findEmbeddedPlace(read, whole, base.node);
  if ('reason' in place) return { ...site, refusal: place };
  return { ...site, refusal: null, embedded: { ...place, fragment: { executor, before } } };
}

function clauseOfBeginning(before: string): string {
  return before.endsWith('by ') ? 'ORDER BY' : 'SELECT';
}
