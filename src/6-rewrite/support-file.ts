/** `support.ts` of generated modules: the types that they share, and only those in use. */
import type { ImportNeed, ModuleNeed } from './site-plan.js';

export interface SupportText {
  readonly text: string;
  readonly imports: readonly ImportNeed[];
}

/**
 * What has to be written for the modules of one folder.
 * @param known names that an existing support file exports.
 */
export function supportText(modules: readonly ModuleNeed[], known: readonly string[]): SupportText | null {
  const [first] = modules;
  const { path, client } = first?.support ?? {};
  if (path === undefined || client === undefined) return null;
  const wanted = new Set(
    modules.flatMap((module) =>
      module.imports.filter(({ from }) => from.kind === 'file' && from.path === path).map(({ name }) => name),
    ),
  );
  if (wanted.has('Executor')) wanted.add('Transaction');
  const pieces = Object.entries(declarations).filter(([name]) => wanted.has(name) && !known.includes(name));
  for (const name of wanted) if (!(name in declarations)) throw new Error(`support.ts has no ${name}`);
  if (pieces.length === 0) return null;
  const text = pieces.map(([, write]) => write(client.name)).join('\n');
  const imported: ImportNeed = {
    name: client.name,
    local: client.name,
    typeOnly: true,
    from: { kind: 'file', path: client.file },
  };
  return { text, imports: [imported] };
}

/** Each with its text for a client of that name. */
const declarations: Readonly<Record<string, (client: string) => string>> = {
  Transaction: (client) =>
    `/** What the callback of a transaction is given. */\nexport type Transaction = Parameters<Parameters<typeof ${client}.transaction>[0]>[0];\n`,
  Executor: (client) =>
    `/** The client, or a transaction of it. */\nexport type Executor = typeof ${client} | Transaction;\n`,
};
