/**
 * A request and its translation as two stand-alone modules for the runner. The old side is the statement
 * that PostgREST sends for a function: typed `json_to_record`, arguments by name, the result through `to_json`
 * (PostgREST documentation, "Functions as RPC"); both sides give `{ data, error }`.
 */
import { noQuery } from '../2-find/request-query.js';
import type { RequestUse } from '../2-find/request-use.js';
import type { ResolvedSite } from '../2-find/resolved-site.js';
import type { Code } from '../5-translate/code.js';
import { quote } from '../5-translate/print/print-code.js';
import { quoteIdentifier } from '../sql/identifier.js';
import type { Printer } from './pair-printer.js';
import { queryText } from './print-query.js';

/** The module of the old side. */
export function requestModule({ routine, site }: ResolvedSite, request: RequestUse): string {
  const name = `${quoteIdentifier(routine.schema)}.${quoteIdentifier(routine.name)}`;
  const list = site.rpc?.arguments ?? [];
  const types = list.map((one) => `${quote(one.name)}: ${quote(one.type ?? 'text')}`).join(', ');
  const given = list.map((one) => `${quote(one.name)}: args.a${String(one.hole.index)}`).join(', ');
  return `import { sql } from 'drizzle-orm';
const types = { ${types} };
const quoted = (name) => '"' + name.replaceAll('"', '""') + '"';
export async function run(db, args) {
  const json = JSON.stringify({ ${given} });
  const names = Object.keys(JSON.parse(json));
  const columns = names.map((name) => quoted(name) + ' ' + types[name]).join(', ');
  const called = ${quote(name)} + '(' + names.map((name) => quoted(name) + ' := body.' + quoted(name)).join(', ') + ')';
  const from = names.length === 0 ? sql.raw('(select) as body') : sql\`json_to_record(\${json}::json) as body(\${sql.raw(columns)})\`;
  const call = async (db) => {
    const result = await db.execute(sql\`${statementOf(request)}\`);
    const [row] = Array.isArray(result) ? result : result.rows;
    const data = ${request.data === 'nothing' ? 'null' : 'JSON.parse(row.body)'};
${countCheck(request) || '    return data;\n'}  };
  try {
    const data = await ${request.rows === null ? 'call(db)' : 'db.transaction(call)'};
    return { data: ${request.unread ? 'null' : 'data'}, error: null };
  } catch (error) {
    const raised = error.cause ?? error;
${request.rows === 'maybe-single' ? '    if (raised.none) return { data: null, error: null };\n' : ''}    return { data: null, error: { code: raised.code, details: raised.detail ?? null, hint: raised.hint ?? null, message: raised.message } };
  }
}
`;
}

/** The body of the new side, for a module that has the query's imports. */
export function answerText(query: Code, printer: Printer, { unread, failure }: RequestUse): string {
  const text = printer.print(query);
  if (failure !== 'answer') {
    return `  try {
    const ${failure === 'data' ? 'data' : '{ data }'} = await ${text};
    return { data: ${unread ? 'null' : 'data'}, error: null };
  } catch ({ code, details, hint, message }) {
    return { data: null, error: { code, details, hint, message } };
  }`;
  }
  if (!unread) return `  return await ${text};`;
  return `  const { error } = await ${text};\n  return { data: null, error };`;
}

/** `called` and \`from\` are names of the module. */
function statementOf({ data, query }: RequestUse): string {
  const { columns, clauses } = queryText(query ?? noQuery);
  const called = '${sql.raw(called)}';
  switch (data) {
    case 'nothing':
      return `select ${called} from \${from}`;
    case 'value':
      return `select to_json(${called})::text as body from \${from}`;
    case 'values':
      return `select coalesce(json_agg(given), '[]')::text as body from (select given from \${from}, lateral ${called} as given${clauses}) as picked(given)`;
    case 'row':
      return `select to_json(answer)::text as body from (select ${columns} from \${from}, lateral ${called} as given) as answer`;
    case 'rows':
      return `select coalesce(json_agg(answer), '[]')::text as body from (select ${columns} from \${from}, lateral ${called} as given${clauses}) as answer`;
  }
}

/**
 * `Accept: application/vnd.pgrst.object+json` of a set: another number of rows is an error, and PostgREST rolls
 * back what the function wrote, also where supabase-js makes null of an answer that has no row.
 */
function countCheck({ rows }: RequestUse): string {
  if (rows === null) return '';
  return `    if (data.length !== 1) {
      const fields = { code: 'PGRST116', detail: 'The result contains ' + data.length + ' rows', none: data.length === 0 };
      throw Object.assign(new Error('Cannot coerce the result to a single JSON object'), fields);
    }
    return data[0];
`;
}
