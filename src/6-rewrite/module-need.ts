/** The file of a generated function: its path, its text without imports, and what it imports. */
import { posix } from 'node:path';
import type { SiteRefusal } from '../2-find/call-site.js';
import type { ClientUse } from '../2-find/result-use.js';
import { calledDrafts } from '../5-translate/called-drafts.js';
import type { ModuleDraft, ModuleParameter } from '../5-translate/draft.js';
import { printCode } from '../5-translate/print/print-code.js';
import { printLines } from '../5-translate/print/print-lines.js';
import { formatModule } from './format-module.js';
import { openLocalNames } from './local-names.js';
import { parseSource, type PlaceContext, type SourceView } from './place-context.js';
import { siteNames } from './site-names.js';
import type { ImportNeed, ModuleNeed } from './site-plan.js';
import { modulesFolder, supportNeed, type ModuleHome } from './support-file.js';
import { awaits, bindingsOfLines } from './walk-code.js';

/** The function's own module first, then those of the functions that it calls, each once. */
export async function moduleNeeds(
  draft: ModuleDraft,
  home: ModuleHome,
  context: PlaceContext,
): Promise<readonly [ModuleNeed, ...ModuleNeed[]] | SiteRefusal> {
  const extension = posix.extname(home.file);
  if (!/^\.[cm]?tsx?$/.test(extension)) {
    return { reason: 'unsupported', detail: 'a generated module in a JavaScript project' };
  }
  const client = await context.view(home.file);
  const folder = modulesFolder(home, client, context);
  const called = calledDrafts(draft);
  // All names first, for functions may call each other; of overloaded ones the first called has the plain name.
  const claims = new Map<string, Claim>();
  for (const one of [...called, draft]) claims.set(one.documentation, claim(one, folder, context));
  const place: ModulePlace = { home, client, folder, claims };
  const own = await moduleNeed(draft, place, context);
  if ('reason' in own) return own;
  const needs: [ModuleNeed, ...ModuleNeed[]] = [own];
  for (const one of called) {
    const need = await moduleNeed(one, place, context);
    if ('reason' in need) return need;
    needs.push(need);
  }
  return needs;
}

interface Claim {
  readonly path: string;
  readonly name: string;
  readonly exists: boolean;
}

interface ModulePlace {
  readonly home: ModuleHome;
  /** The file of the client. */
  readonly client: SourceView;
  readonly folder: string;
  readonly claims: ReadonlyMap<string, Claim>;
}

/** The same need for every site of the routine. Refuses where the project's client is written in JavaScript. */
async function moduleNeed(
  draft: ModuleDraft,
  { home, client, folder, claims }: ModulePlace,
  context: PlaceContext,
): Promise<ModuleNeed | SiteRefusal> {
  const { path, name, exists } = claims.get(draft.documentation) ?? claim(draft, folder, context);
  const supportPath = posix.join(folder, 'support.ts');
  context.styles.set(path, client.style);
  context.styles.set(supportPath, client.style);
  if (exists) return { path, text: '', imports: [], exports: name, exists };

  const view = emptyView(path, client);
  const parameters = draft.parameters.map((parameter) => parameter.name);
  const visible = new Set([name, draft.executor, ...parameters, ...bindingsOfLines(draft.body)]);
  const argument = (position: number): string => {
    const found = draft.parameters.find((parameter) => parameter.position === position);
    if (found === undefined) throw new Error(`${draft.name} has no parameter ${position}`);
    return found.name;
  };
  const file = (module: string, wanted: string): { readonly path: string; readonly name: string } => {
    if (module === 'support') return { path: supportPath, name: wanted };
    const claimed = claims.get(module);
    if (claimed === undefined) throw new Error(`${draft.name} calls ${module}, which has no module`);
    return claimed;
  };
  const names = siteNames(ownClient(draft), visible, argument, view, context, file);
  const head = signature(draft, name, (parameter) => defaultText(parameter, names));
  const text = `${comment(draft)}\n${head} {\n${printLines(draft.body, names)}\n}\n`;
  const type = draft.executor === 'tx' ? 'Transaction' : 'Executor';
  const shared: ImportNeed = {
    name: type,
    local: type,
    typeOnly: true,
    from: { kind: 'file', path: supportPath },
  };
  const imports = [...names.needs(), shared];
  const support = await supportNeed(namesFrom(supportPath, imports), supportPath, home, client, context);
  if ('reason' in support) return support;
  const laidOut = await formatModule(text, path, view.style, context.project.packageFile);
  return { path, text: laidOut, imports, exports: name, support };
}

function comment({ documentation, snapshot }: ModuleDraft): string {
  return snapshot === true
    ? `/**\n * ${documentation}\n *\n * Its reads are of one snapshot, which only a transaction that is \`repeatable read\` gives them.\n */`
    : `/** ${documentation} */`;
}

/** Names that are imported from one file. */
export function namesFrom(path: string, imports: readonly ImportNeed[]): readonly string[] {
  return imports.filter(({ from }) => from.kind === 'file' && from.path === path).map(({ name }) => name);
}

/** A free path; an existing file of the same routine is used again, another one is left alone. */
function claim(draft: ModuleDraft, folder: string, context: PlaceContext): Claim {
  for (let number = 1; ; number++) {
    const name = number === 1 ? draft.name : `${draft.name}${number}`;
    const path = posix.join(folder, `${kebab(name)}.ts`);
    const claimed = context.claimed.get(path);
    if (claimed !== undefined && claimed !== draft.documentation) continue;
    const text = context.existing(path);
    const ours =
      text !== null && text.includes(comment(draft)) && new RegExp(`function ${name}\\b`).test(text);
    if (text !== null && !ours) continue;
    context.claimed.set(path, draft.documentation);
    return { path, name, exists: ours };
  }
}

function signature(
  draft: ModuleDraft,
  name: string,
  defaultOf: (parameter: ModuleParameter) => string | null,
): string {
  const first = `${draft.executor}: ${draft.executor === 'tx' ? 'Transaction' : 'Executor'}`;
  const written = draft.parameters.map((parameter) => ({ ...parameter, text: defaultOf(parameter) }));
  const pattern = written.map(({ name: key, text }) => (text === null ? key : `${key} = ${text}`)).join(', ');
  const types = written
    .map(({ name: key, type, text }) => `${key}${text === null ? '' : '?'}: ${type}`)
    .join('; ');
  const parameters = written.length === 0 ? first : `${first}, { ${pattern} }: { ${types} }`;
  const only = draft.body.length === 1 && draft.body[0]?.kind === 'return' ? draft.body[0].value : null;
  const builder = only !== null && draft.executor === 'db' && !awaits(only);
  const returns = draft.returns === null ? '' : `: ${builder ? draft.returns : `Promise<${draft.returns}>`}`;
  return `export ${builder ? '' : 'async '}function ${name}(${parameters})${returns}`;
}

function defaultText(parameter: ModuleParameter, names: Parameters<typeof printCode>[1]): string | null {
  return parameter.default === null ? null : printCode(parameter.default, names);
}

function ownClient(draft: ModuleDraft): ClientUse {
  return {
    kind: 'drizzle',
    driver: null,
    executor: draft.executor,
    executorImport: null,
    inTransaction: draft.executor === 'tx',
    refusal: null,
  };
}

function emptyView(path: string, like: SourceView): SourceView {
  const imports = { declarations: [], commonJs: false };
  return {
    path,
    text: '',
    source: parseSource(path, ''),
    imports,
    names: openLocalNames(imports, new Set()),
    style: like.style,
    javascript: false,
    jsx: false,
  };
}

function kebab(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
}
