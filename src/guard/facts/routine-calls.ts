/** Calls of the user's own routines in SQL text. Without a catalog: whatever neither PostgreSQL nor a platform brings. */
import { readStatement } from '../../sql/read-statement.js';
import { scanMentions } from '../../sql/scan-mentions.js';
import { scanSql } from '../../sql/scan-sql.js';
import type { FunctionMention } from '../../sql/statement-reading.js';
import { builtinRoutineNames } from '../builtin-routine-names.js';
import type { BuiltSql } from './sql-text.js';

/** Names of user routines that the text calls, as written; `${…}` for one that is only known at run time. */
export function userRoutines({ text }: Pick<BuiltSql, 'text'>): readonly string[] {
  if (!text.includes('(') && !/\bcall\s/i.test(text)) return [];
  if (definition.test(text)) return [];
  return mentionsOf(text)
    .filter((mention) => isUserRoutine(mention))
    .map(({ schema, name }) => {
      const shown = /^interpolated_/.test(name) ? '${…}' : name;
      return schema === null || /^interpolated_/.test(schema) ? shown : `${schema}.${shown}`;
    });
}

/** A definition names routines and does not call them. */
const definition =
  /^\s*(?:create|alter|drop|grant|revoke|comment|security|refresh|analyze|vacuum|truncate|lock|set|reset|show)\b/i;
const systemSchemas =
  /^(?:pg_catalog|information_schema|auth|net|cron|vault|storage|extensions|pgmq|graphql|realtime|pgsodium|supabase_functions|paradedb|bm25|topology|tiger|partman|pgtap)$/;
const extensionNames =
  /^(?:_?st_|postgis_|h3_|time_bucket|create_hypertable|add_retention_policy|l[12]_(?:distance|normalize)$|inner_product$|cosine_distance$|hamming_distance$|jaccard_distance$|vector_|binary_quantize$|subvector$|uuidv?[47]$|uuid_generate_|gen_random_|json_(?:table|query|value|exists|scalar|serialize|array|object|arrayagg|objectagg)$|merge_action$|any_value$|array_(?:sample|shuffle|reverse|sort)$|random_normal$)/;

/**
 * The prefix alone says nothing, since anybody may name a function so: what older versions had, and what extensions
 * bring that no embedded server has.
 */
const prefixedNames =
  /^pg_(?:(?:start|stop|is_in)_backup$|backup_start_time$|\w*xlog|file_(?:write|sync|rename|unlink|length|read)$|logdir_ls$|prewarm$|relpages$|stat_(?:monitor|kcache|plans)|wait_sampling_|qualstats|track_settings|store_plans|show_plans|background_(?:launch|result|detach)|dirtyread$|query_state$|(?:proctab|cputime|loadavg|memusage|diskusage)$)/;

/** Neither PostgreSQL, its grammar nor a platform brings it. */
export function isUserRoutine({ schema, name }: FunctionMention): boolean {
  if (schema !== null && systemSchemas.test(schema)) return false;
  if (schema !== null && schema !== 'public') return true;
  return (
    !builtinRoutineNames.has(name) &&
    !extensionNames.test(name) &&
    !prefixedNames.test(name) &&
    !grammar.has(name)
  );
}

/** A fragment is read in the places where one may stand. */
const places: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `SELECT ${text}`,
  (text) => `SELECT 1 WHERE ${text}`,
  (text) => `SELECT * FROM ${text}`,
  (text) => `SELECT 1 ORDER BY ${text}`,
  (text) => `SELECT 1 GROUP BY ${text}`,
  (text) => `SELECT 1 ${text}`,
];

function mentionsOf(text: string): readonly FunctionMention[] {
  for (const place of places) {
    const read = readStatement(place(text));
    if (read.ok) return read.reading.mentions;
  }
  const tokens = scanSql(text);
  if (tokens === null) return [];
  const callable = new Set(
    tokens.flatMap((token, index) => {
      const qualified = tokens[index + 1]?.text === '.';
      const before = tokens[index - 1]?.text.toLowerCase() ?? '';
      return notCalled.test(before) || (before === ',' && !qualified && isCommonTable(tokens, index))
        ? []
        : [token.start];
    }),
  );
  return scanMentions(text).filter(({ offset, name }) => callable.has(offset) && !grammar.has(name));
}

/** After these words a parenthesis opens a list of columns, or the name is one of a type. */
const notCalled = /^(?:into|table|update|as|with|recursive|references|on|using|::|conflict|view|index|type)$/;

function isCommonTable(tokens: readonly { readonly text: string }[], index: number): boolean {
  let depth = 0;
  for (let at = index + 1; at < tokens.length; at += 1) {
    if (tokens[at]?.text === '(') depth += 1;
    if (tokens[at]?.text === ')') depth -= 1;
    if (depth === 0 && at > index + 1) return tokens[at + 1]?.text.toLowerCase() === 'as';
  }
  return false;
}

/** What the grammar itself lets a parenthesis follow. */
const grammar = new Set(
  (
    'all and any array as asc between by case cast coalesce collate cross cube current_date current_time ' +
    'current_timestamp delete desc distinct else end except exists extract filter for from full greatest group ' +
    'grouping having ilike in inner insert intersect interval into is join lateral left least like limit ' +
    'localtime localtimestamp natural not null nullif offset on only or order outer over overlay partition ' +
    'position returning right rollup row select set sets similar some substring then trim treat union unnest ' +
    'update using values when where window with within xmlelement xmlforest xmlparse materialized conflict do ' +
    'char character varchar bit numeric decimal float time timestamp timestamptz varying precision vector ' +
    'halfvec geometry geography isnull notnull both leading trailing symmetric'
  ).split(' '),
);
