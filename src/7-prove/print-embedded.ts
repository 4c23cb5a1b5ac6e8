/**
 * A larger statement with its call and with what takes the call's place, as two stand-alone modules that
 * export `run(db, args)`. Everything else of the statement is the same text in both.
 */
import type { UserProject } from '../1-read/user-project.js';
import type { Hole } from '../2-find/call-site.js';
import type { ResolvedSite } from '../2-find/resolved-site.js';
import type { ResultUse } from '../2-find/result-use.js';
import type { EmbeddedDraft } from '../5-translate/draft.js';
import { quote } from '../5-translate/print/print-code.js';
import { scanSql } from '../sql/scan-sql.js';

export interface EmbeddedTexts {
  readonly before: string;
  readonly after: string;
  /** A module that exports `statements(db, args)` = [before, after]; null when the texts are the SQL itself. */
  readonly statements: string | null;
  /** SQL with `$n`, where that is what is sent. */
  readonly sql: { readonly before: string; readonly after: string };
  /** Numbers of the parameters that are values; the others are names of tables and columns. */
  readonly values: readonly number[];
}

/** A string says why there are none. */
export function printEmbedded(
  site: ResolvedSite,
  use: ResultUse,
  draft: EmbeddedDraft,
  project: UserProject,
): EmbeddedTexts | string {
  const { statement, embedded } = site.site;
  if (statement === null || embedded === undefined) return 'the call was not found in its statement';
  const { offset, end } = embedded.call;
  const before = statement.text;
  const after = before.slice(0, offset) + draft.text + before.slice(end);
  const numbers = [...new Set([...parametersOf(before), ...parametersOf(after)])].sort((a, b) => a - b);
  const ordered = /\border\s+by\b/i.test(before);
  if (embedded.binds === 'numbered') {
    const send = (text: string): string => numberedModule(text, Math.max(0, ...numbers), ordered);
    return {
      before: send(before),
      after: send(after),
      statements: null,
      sql: { before, after },
      values: numbers,
    };
  }
  const names = nameHoles(statement.holes, use, project);
  if (typeof names === 'string') return names;
  const head = [
    "import { sql } from 'drizzle-orm';",
    ...new Set([...names.values()].map((one) => one.import)),
  ].join('\n');
  const template = (text: string): string => `sql\`${templateOf(text, names, use)}\``;
  const send = (text: string): string =>
    `${head}\nexport async function run(db, args) {\n  const result = await db.execute(${template(text)});\n${answer(ordered)}}\n`;
  return {
    before: send(before),
    after: send(after),
    statements: `${head}\nexport const statements = (db, args) => [${template(before)}, ${template(after)}];\n`,
    sql: { before, after },
    values: numbers.filter((number) => !names.has(number)),
  };
}

/** The holes that are tables and columns, by index; a string says which has no name that can be imported. */
export function nameHoles(
  holes: readonly Hole[],
  use: ResultUse,
  project: UserProject,
): ReadonlyMap<number, NameHole> | string {
  const names = new Map<number, NameHole>();
  for (const hole of holes) {
    const members = use.arguments.find((one) => one.hole === hole.index)?.members ?? [];
    if (!members.includes('sql')) continue;
    const name = nameOf(hole, project);
    if (name === null) return `\`${hole.expression}\` is no table or column that the proof can import`;
    names.set(hole.index, name);
  }
  return names;
}

export interface NameHole {
  readonly import: string;
  readonly code: string;
}

/** `orders` and `orders.id` of the user's schema. */
function nameOf({ expression }: Hole, { tables }: UserProject): NameHole | null {
  const [table, property, ...more] = expression.split('.');
  const found = tables.filter(({ exportName }) => exportName === table);
  const [only] = found;
  if (only === undefined || found.length > 1 || more.length > 0 || table === undefined) return null;
  if (property !== undefined && !only.columns.some((column) => column.property === property)) return null;
  const local = `_${table}`;
  return {
    import: `import { ${table} as ${local} } from ${quote(only.file)};`,
    code: property === undefined ? local : `${local}.${property}`,
  };
}

/** Numbers of the `$n` of a text, each as often as it stands there. */
export function parametersOf(text: string): readonly number[] {
  return (scanSql(text) ?? [])
    .filter((token) => token.kind === 'parameter')
    .map((token) => Number(token.text.slice(1)));
}

/** The text as the inside of a template. */
export function templateOf(text: string, names: ReadonlyMap<number, NameHole>, use: ResultUse): string {
  const escape = (piece: string): string =>
    piece.replace(/\\/g, '\\\\').replace(/`/g, '\\`').replace(/\$\{/g, '\\${');
  let printed = '';
  let at = 0;
  for (const token of scanSql(text) ?? []) {
    if (token.kind !== 'parameter') continue;
    const number = Number(token.text.slice(1));
    const array = use.arguments.find((one) => one.hole === number)?.members.includes('array') ?? false;
    const value = `args.a${String(number)}`;
    const code = names.get(number)?.code ?? (array ? `sql.param(${value})` : value);
    printed += `${escape(text.slice(at, token.start))}\${${code}}`;
    at = token.end;
  }
  return printed + escape(text.slice(at));
}

/** Sent by the driver itself, so that `$1` stays one parameter however often it stands in the text. */
function numberedModule(text: string, count: number, ordered: boolean): string {
  const values = Array.from({ length: count }, (_, index) => `args.a${String(index + 1)}`).join(', ');
  return `export async function run(db, args) {
  const client = db.$client;
  const text = ${JSON.stringify(text)};
  const result = await (client.unsafe ? client.unsafe(text, [${values}]) : client.query(text, [${values}]));
${answer(ordered)}}
`;
}

/** Without ORDER BY the order of the rows means nothing. */
function answer(ordered: boolean): string {
  const rows = 'const rows = Array.isArray(result) ? Array.from(result) : result.rows;';
  const sorted = 'rows.map((row) => JSON.stringify(row)).sort()';
  return `  ${rows}\n  return ${ordered ? 'rows' : sorted};\n`;
}
