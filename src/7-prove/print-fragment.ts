/**
 * A fragment that a query builder takes, with its call and with what takes the call's place, as two stand-alone
 * modules that export `run(db, args)`: both select it, or sort by it, once a row of the tables that it names.
 */
import type { UserProject } from '../1-read/user-project.js';
import type { ResolvedSite } from '../2-find/resolved-site.js';
import type { ResultUse } from '../2-find/result-use.js';
import type { Code } from '../5-translate/code.js';
import type { EmbeddedDraft } from '../5-translate/draft.js';
import { openPrinter } from './pair-printer.js';
import { nameHoles, parametersOf, templateOf, type EmbeddedTexts } from './print-embedded.js';

/** A string says why there are none. */
export function printFragment(
  resolved: ResolvedSite,
  use: ResultUse,
  draft: EmbeddedDraft,
  project: UserProject,
): EmbeddedTexts | string {
  const { statement, embedded } = resolved.site;
  if (statement === null || embedded?.fragment === undefined) return 'the call was not found in its fragment';
  const { before: beginning } = embedded.fragment;
  const { offset, end } = embedded.call;
  const names = nameHoles(statement.holes, use, project);
  if (typeof names === 'string') return names;
  const printer = openPrinter(resolved, project, 'db');
  const old = statement.text;
  const print = (text: string): string => templateOf(text, names, use);
  const named = (text: string): string =>
    text.replace(/\bargs\.a(\d+)\b/g, (value, number: string) => names.get(Number(number))?.code ?? value);
  const code = (part: string | Code): string =>
    typeof part === 'string' ? print(part) : `\${${named(printer.print(part))}}`;
  const inside = (draft.template ?? [draft.text]).map(code).join('');
  const fragments = {
    before: `sql\`${print(old.slice(beginning.length))}\``,
    after: `sql\`${print(old.slice(beginning.length, offset))}${inside}${print(old.slice(end))}\``,
  };
  const head = [
    "import { sql } from 'drizzle-orm';",
    ...new Set([...[...names.values()].map((one) => one.import), ...printer.head().split('\n')]),
  ].join('\n');
  const tables = [...new Set([...names.values()].map(({ code: name }) => name.split('.')[0] ?? ''))];
  const sorts = beginning.endsWith('by ');
  const query = (fragment: string): string => queryOf(fragment, tables, sorts);
  const sent = (fragment: string): string =>
    tables.length === 0 ? `db.execute(${query(fragment)})` : query(fragment);
  const send = (fragment: string): string =>
    `${head}\nexport async function run(db, args) {\n  const result = await ${sent(fragment)};\n  const rows = Array.isArray(result) ? Array.from(result) : result.rows;\n  return ${sorts ? 'rows' : 'rows.map((row) => JSON.stringify(row)).sort()'};\n}\n`;
  const after = `${old.slice(0, offset)}${draft.text}${old.slice(end)}`;
  return {
    before: send(fragments.before),
    after: send(fragments.after),
    statements: `${head}\nexport const statements = (db, args) => [${query(fragments.before)}, ${query(fragments.after)}];\n`,
    sql: { before: old, after },
    values: parametersOf(old).filter((number) => !names.has(number)),
  };
}

/** One table is selected from by itself, for then the builder prints columns without their table. */
function queryOf(fragment: string, tables: readonly string[], sorts: boolean): string {
  const [first, ...rest] = tables;
  if (first === undefined) return `sql\`select \${${fragment}} as value\``;
  const joins = rest.map((table) => `.innerJoin(${table}, sql\`true\`)`).join('');
  return sorts
    ? `db.select().from(${first})${joins}.orderBy(${fragment})`
    : `db.select({ value: ${fragment} }).from(${first})${joins}`;
}
