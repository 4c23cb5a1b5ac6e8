/** What generated code shares: pieces of `support.ts`, only those in use, and their place in that file. */
import { posix } from 'node:path';
import type { SiteRefusal } from '../2-find/call-site.js';
import { supportFunctions, type SupportFunction } from '../5-translate/support-source.js';
import { formatModule } from './format-module.js';
import type { PlaceContext, SourceView } from './place-context.js';
import type { ImportNeed, SupportNeed, SupportPiece } from './site-plan.js';

/** An exported client of the project. */
export interface ModuleHome {
  readonly file: string;
  readonly name: string;
}

/** Folder of generated modules: `--out`, else `routines/` beside the client, else beside the file that needs it. */
export function modulesFolder(home: ModuleHome | null, view: SourceView, context: PlaceContext): string {
  return context.out ?? posix.join(posix.dirname(home?.file ?? view.path), 'routines');
}

/** The pieces for these names and for what they need in turn; refuses a name that nothing is known of. */
export async function supportNeed(
  names: readonly string[],
  path: string,
  home: ModuleHome | null,
  view: SourceView,
  context: PlaceContext,
): Promise<SupportNeed | SiteRefusal> {
  const driver = context.project.clients.find((client) => client.file === home?.file)?.driver;
  const known = supportFunctions(driver ?? context.project.clients[0]?.driver ?? 'node-postgres');
  const ordered: string[] = [];
  const missing = names.filter((name) => !collect(name, home, ordered, known));
  if (missing.length > 0) return { reason: 'unsupported', detail: `the helper ${missing.join(', ')}` };
  const pieces: SupportPiece[] = [];
  for (const name of ordered) {
    const { text, imports } = pieceOf(name, home, known);
    const laidOut = await formatModule(text, path, view.style, context.project.packageFile);
    pieces.push({ name, text: laidOut, imports });
  }
  return { path, pieces };
}

type Functions = Readonly<Record<string, SupportFunction>>;

/** Puts a name after all that it needs; false when one of them is not known. */
function collect(name: string, home: ModuleHome | null, ordered: string[], functions: Functions): boolean {
  if (ordered.includes(name)) return true;
  const needs = name === 'Executor' ? ['Transaction'] : (functions[name]?.needs ?? []);
  const known = name in functions || (home !== null && name in clientTypes);
  if (!known || !needs.every((need) => collect(need, home, ordered, functions))) return false;
  ordered.push(name);
  return true;
}

function pieceOf(
  name: string,
  home: ModuleHome | null,
  functions: Functions,
): { readonly text: string; readonly imports: readonly ImportNeed[] } {
  const type = clientTypes[name];
  if (type !== undefined && home !== null) {
    const from = { kind: 'file', path: home.file } as const;
    return { text: type(home.name), imports: [{ name: home.name, local: home.name, typeOnly: true, from }] };
  }
  const { text = '', imports = {} } = functions[name] ?? {};
  const needs = Object.entries(imports).flatMap(([specifier, imported]) =>
    imported.map((one): ImportNeed => ({
      name: one.startsWith('default ') ? 'default' : one.replace(/^type /, ''),
      local: one.replace(/^(?:default|type) /, ''),
      typeOnly: one.startsWith('type '),
      from: { kind: 'package', specifier },
    })),
  );
  return { text, imports: needs };
}

/** Types about the project's client, each with its text for a client of that name. */
const clientTypes: Readonly<Record<string, (client: string) => string>> = {
  Transaction: (client) =>
    `/** What the callback of a transaction is given. */\nexport type Transaction = Parameters<Parameters<typeof ${client}.transaction>[0]>[0];\n`,
  Executor: (client) =>
    `/** The client, or a transaction of it. */\nexport type Executor = typeof ${client} | Transaction;\n`,
};
