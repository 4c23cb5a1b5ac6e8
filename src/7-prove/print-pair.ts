/**
 * A site's old call and its translation as two stand-alone modules that export `run(db, args)`, for the
 * runner. They differ from the site's own code only in names: arguments are `args.a1`, the client is `db`.
 */
import type { UserProject } from '../1-read/user-project.js';
import type { ResolvedSite } from '../2-find/resolved-site.js';
import type { ResultUse } from '../2-find/result-use.js';
import { calledDrafts } from '../5-translate/called-drafts.js';
import type { InlineDraft, ModuleDraft } from '../5-translate/draft.js';
import type { Code } from '../5-translate/code.js';
import { quote } from '../5-translate/print/print-code.js';
import { argumentKey } from './argument-key.js';
import { openHead, openPrinter, type Printer } from './pair-printer.js';
import { inTransaction } from '../6-rewrite/own-transaction.js';
import { argumentObject } from '../6-rewrite/place-module.js';
import { requestCode } from '../6-rewrite/place-request.js';
import { answerText, requestModule } from './print-request.js';

export interface PairTexts {
  readonly before: string;
  readonly after: string;
  /** A module that exports `statements(db, args)`: what Describe is asked about. */
  readonly statements: string;
}

/** Holes of the statement by index are the properties `a<index>` of `args`. */
export function printPair(
  site: ResolvedSite,
  use: ResultUse,
  draft: InlineDraft,
  project: UserProject,
): PairTexts {
  const keys = draft.columns.map((column) => column.key);
  const printer = openPrinter(site, project, 'db');
  const constants = constantsText(draft, printer);
  const query = printer.print(draft.query);
  const statements = openPrinter(site, project, 'db');
  const statementConstants = constantsText(draft, statements);
  const list = draft.describable.map((code) => statements.print(withoutExecute(code))).join(', ');
  const body =
    use.request === undefined
      ? afterBody(query, use, draft, keys, site)
      : answerText(requestCode(draft.query, site, use.request, draft, use), printer, use.request);
  return {
    before: beforeModule(site, use, draft, keys),
    after: `${printer.head()}\nexport async function run(db, args) {\n${constants}${body}\n}\n`,
    statements: `${statements.head()}\nexport const statements = (db, args) => {\n${statementConstants}  return [${list}];\n};\n`,
  };
}

/**
 * The same for a function of its own, called in a transaction when it wants one. A sentence where the call's
 * arguments have no form in TypeScript.
 */
export function printModulePair(
  site: ResolvedSite,
  use: ResultUse,
  draft: ModuleDraft,
  project: UserProject,
): PairTexts | string {
  const values = argumentObject(site, draft.parameters);
  if ('reason' in values) return values.detail;
  const keys = site.output.columns.map((column) => column.key);
  const printer = openPrinter(site, project, 'db');
  const argument: Code = { kind: 'object', entries: values.entries };
  const given = printer.print(argument);
  const called = new Map([...calledNames(draft), [draft.documentation, 'routine']]);
  const head = openHead();
  const inner = openPrinter(site, project, draft.executor, draft, called, head);
  const parameters = parametersOf(draft, inner);
  const text = functionText('routine', draft, inner);
  const others = calledDrafts(draft).map((one) => {
    const own = openPrinter(site, project, one.executor, one, called, head);
    return `${functionText(called.get(one.documentation) ?? one.name, one, own)}\n`;
  });
  const call = callOf(draft, argument, site);
  const body =
    use.request === undefined
      ? moduleBody(printer.print(call), draft, keys, site)
      : answerText(
          requestCode(call, site, use.request, draft, use),
          openPrinter(site, project, 'db', null, called, head),
          use.request,
        );
  const statements = openPrinter(site, project, 'db', draft, called);
  const list = draft.describable.map((code) => statements.print(withoutExecute(code))).join(',\n  ');
  const pattern = `{ ${parameters.join(', ')} }`;
  return {
    before: beforeModule(site, use, draft, keys),
    after: `${inner.head()}\n${printer.head()}\n${others.join('')}${text}\nexport async function run(db, args) {\n${body}\n}\n`,
    statements: `${statements.head()}\nexport const statements = (db, args) => {\n  const ${pattern} = ${given};\n  return [${list}];\n};\n`,
  };
}

function callOf(draft: ModuleDraft, argument: Code, site: ResolvedSite): Code {
  const callOn = (executor: Code): Code => ({
    kind: 'call',
    callee: { kind: 'local', name: 'routine' },
    arguments: [executor, argument],
  });
  if (draft.executor === 'db') return callOn({ kind: 'executor' });
  // A variable of the site may be called tx, and stands for an argument here.
  const taken = site.site.statement?.holes.some(({ expression }) => expression === 'tx') === true;
  const name = taken ? 'transaction' : 'tx';
  const body = callOn({ kind: 'local', name });
  return inTransaction(draft, { kind: 'arrow', async: false, parameters: [name], body });
}

function parametersOf(draft: ModuleDraft, printer: Printer): readonly string[] {
  return draft.parameters.map(({ name, default: initial }) =>
    initial === null ? name : `${name} = ${printer.print(initial)}`,
  );
}

function functionText(name: string, draft: ModuleDraft, printer: Printer): string {
  const parameters = parametersOf(draft, printer);
  const pattern = parameters.length === 0 ? '' : `, { ${parameters.join(', ')} }`;
  return `async function ${name}(${draft.executor}${pattern}) {\n${printer.lines(draft.body)}\n}`;
}

/** Overloaded routines have one name. */
function calledNames(draft: ModuleDraft): ReadonlyMap<string, string> {
  const drafts = calledDrafts(draft);
  return new Map(drafts.map((one, index) => [one.documentation, `${one.name}_${index + 1}`]));
}

function moduleBody(call: string, draft: ModuleDraft, keys: readonly string[], site: ResolvedSite): string {
  const key = site.output.columns[0]?.key ?? 'value';
  switch (draft.shape) {
    case 'nothing':
      return `  await ${call};\n  return null;`;
    case 'value':
      return `  const value = await ${call};\n  return [{ ${quote(key)}: value }];`;
    default:
      return `  const rows = await ${call};\n  return rows.map((row) => (${pick(keys)}));`;
  }
}

/** The builders that stand before the statement at the site. */
function constantsText(draft: InlineDraft, printer: Printer): string {
  return (draft.prelude ?? [])
    .flatMap((line) =>
      line.kind === 'const' ? [`  const ${line.pattern} = ${printer.print(line.value)};\n`] : [],
    )
    .join('');
}

function beforeModule(
  site: ResolvedSite,
  use: ResultUse,
  draft: InlineDraft | ModuleDraft,
  keys: readonly string[],
): string {
  if (use.request !== undefined) return requestModule(site, use.request);
  const text = templateOf(site, use);
  const rows = use.client.driver === 'postgres-js' ? 'Array.from(result)' : 'result.rows';
  const value = draft.shape === 'nothing' ? 'null' : `${rows}.map((row) => (${pick(keys)}))`;
  return `import { sql } from 'drizzle-orm';
export async function run(db, args) {
  const result = await db.execute(sql\`${text}\`);
  return ${value};
}
`;
}

/** The statement as it stands at the site, each hole an argument. */
function templateOf(site: ResolvedSite, use: ResultUse): string {
  const statement = site.site.statement;
  if (statement === null) throw new Error(`The site ${site.site.id} has no statement`);
  const text = statement.text.replace(/\\/g, '\\\\').replace(/`/g, '\\`').replace(/\$\{/g, '\\${');
  return text.replace(/\$(\d+)/g, (whole, index: string) => {
    if (!statement.holes.some((hole) => hole.index === Number(index))) return whole;
    const array =
      use.arguments.find((argument) => argument.hole === Number(index))?.members.includes('array') ?? false;
    const value = `args.${argumentKey(site.site, Number(index))}`;
    return array ? `\${sql.param(${value})}` : `\${${value}}`;
  });
}

function afterBody(
  query: string,
  use: ResultUse,
  draft: InlineDraft,
  keys: readonly string[],
  site: ResolvedSite,
): string {
  switch (draft.shape) {
    case 'nothing':
      return `  await ${query};\n  return null;`;
    case 'value': {
      const key = site.output.columns[0]?.key ?? 'value';
      return `  const value = await ${query};\n  return [{ ${quote(key)}: value }];`;
    }
    default: {
      const whole =
        draft.shape === 'result'
          ? use.client.driver === 'postgres-js'
            ? 'Array.from(result)'
            : 'result.rows'
          : 'result';
      const nulls = `{ ${keys.map((key) => `${quote(key)}: null`).join(', ')} }`;
      const rows = draft.nullRowWhenEmpty ? `[${whole}[0] ?? ${nulls}]` : whole;
      return `  const result = await ${query};\n  return ${rows}.map((row) => (${pick(keys)}));`;
    }
  }
}

/** The keys that the site reads, so that columns that nobody reads are not compared. */
function pick(keys: readonly string[]): string {
  return `{ ${keys.map((key) => `${quote(key)}: row[${quote(key)}]`).join(', ')} }`;
}

/** `.execute({ limit })` sends; Describe only builds. */
function withoutExecute(code: Code): Code {
  const sends = code.kind === 'call' && code.callee.kind === 'member' && code.callee.property === 'execute';
  return sends && code.callee.kind === 'member' ? code.callee.object : code;
}
