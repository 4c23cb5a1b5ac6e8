/** The names that the printer asks for, answered for one place of one file, with the imports that they need. */
import { posix } from 'node:path';
import type { DrizzleTable, UserProject } from '../1-read/user-project.js';
import type { ClientUse } from '../2-find/result-use.js';
import type { Names } from '../5-translate/print/names.js';
import type { WantedImport } from './local-names.js';
import type { PlaceContext, SourceView } from './place-context.js';
import type { ImportNeed } from './site-plan.js';
import type { ModuleHome } from './support-file.js';

export interface SiteNames extends Names {
  /** What the names given so far must import. */
  needs(): readonly ImportNeed[];
  /** Local name of an export of one of the project's files; `*` is the whole module. */
  file(path: string, name: string, aliases: readonly string[]): string;
}

/**
 * @param visible names of the scopes round the place, imports left out.
 * @param routineFile where generated code calls a function of a generated module: its absolute path and its name there.
 */
export function siteNames(
  client: ClientUse,
  visible: ReadonlySet<string>,
  argument: (position: number) => string,
  view: SourceView,
  context: PlaceContext,
  routineFile?: (module: string, name: string) => { readonly path: string; readonly name: string },
): SiteNames {
  const needs = new Map<string, ImportNeed>();
  const local = (wanted: WantedImport): string => {
    const { text, need } = view.names.local(wanted, visible);
    if (need !== null) needs.set(`${need.local}\0${need.typeOnly}`, need);
    return text;
  };
  const file = (path: string, name: string, aliases: readonly string[]): string =>
    path === view.path
      ? name
      : local({
          name,
          from: { kind: 'file', path },
          typeOnly: false,
          aliases,
          sameModule: (specifier) => leadsTo(specifier, path, name, view, context),
        });
  const executor = (): string => {
    if (client.executorImport !== null) {
      const { file: path, name } = client.executorImport;
      return file(path, name, [`drizzle${capital(name)}`]);
    }
    if (client.executor === null) throw new Error(`No client is known in ${view.path}`);
    return client.executor;
  };
  return {
    needs: () => [...needs.values()],
    file,
    import: (module, name, typeOnly) =>
      posix.isAbsolute(module)
        ? file(module, name, [`${name}Value`])
        : local({
            name,
            from: { kind: 'package', specifier: module },
            typeOnly,
            aliases: [packageAliases[name] ?? `drizzle${capital(name)}`],
            sameModule: (specifier) => specifier === module,
          }),
    table(schema, table) {
      const found = findTable(schema, table, view, context);
      return file(found.file, found.exportName, [`${found.exportName}Table`]);
    },
    routine(module, name) {
      if (routineFile === undefined) throw new Error('A routine is only called from a generated module');
      const found = routineFile(module, name);
      return file(found.path, found.name, [`${found.name}Routine`]);
    },
    get executor() {
      return executor();
    },
    get transaction() {
      const helper = transactionHelper(client, view, context);
      return helper === null
        ? `${executor()}.transaction`
        : file(helper.file, helper.exportName, ['runTransaction']);
    },
    argument,
  };
}

/** Names that say what the function does where its own name is in use. */
const packageAliases: Readonly<Record<string, string>> = {
  eq: 'equals',
  count: 'countRows',
  sum: 'sumOf',
  avg: 'averageOf',
  min: 'minimumOf',
  max: 'maximumOf',
  and: 'allOf',
  or: 'anyOf',
  not: 'negate',
  asc: 'ascending',
  desc: 'descending',
  between: 'isBetween',
  exists: 'rowExists',
};

/**
 * The project's transaction helper when the executor is the project's own client, since a client that was
 * handed in may lead to another database. Null: the client's own `transaction`.
 */
export function transactionHelper(
  client: ClientUse,
  view: SourceView,
  context: PlaceContext,
): UserProject['transactionHelpers'][number] | null {
  const home = clientFile(client, view, context);
  const helpers = context.project.transactionHelpers;
  if (home === null) return null;
  const same = helpers.find((helper) => helper.file === home);
  return same ?? (context.project.clients.length <= 1 ? (helpers[0] ?? null) : null);
}

/** File that exports the client which the executor names; null when it was handed in. */
export function clientFile(client: ClientUse, view: SourceView, context: PlaceContext): string | null {
  if (client.executorImport !== null) return client.executorImport.file;
  for (const { file, exportName } of context.project.clients) {
    if (client.executor === exportName && view.path === file) return file;
    for (const declaration of view.imports.declarations) {
      const used = declaration.bindings.some(
        (binding) =>
          (binding.name === exportName && binding.local === client.executor) ||
          (binding.name === '*' && `${binding.local}.${exportName}` === client.executor),
      );
      if (used && leadsTo(declaration.specifier, file, exportName, view, context)) return file;
    }
  }
  return null;
}

/** The exported client that the site uses; a handle that is passed in belongs to the project's only client. */
export function clientHome(client: ClientUse, view: SourceView, context: PlaceContext): ModuleHome | null {
  const { clients } = context.project;
  const file = clientFile(client, view, context);
  const only = clients.length === 1 ? clients[0] : undefined;
  const found = clients.find((one) => one.file === file) ?? only;
  return found === undefined ? null : { file: found.file, name: found.exportName };
}

function findTable(schema: string, table: string, view: SourceView, context: PlaceContext): DrizzleTable {
  const all = context.project.tables.filter((one) => one.schema === schema && one.name === table);
  const imported = all.find((one) =>
    view.imports.declarations.some(
      (declaration) =>
        declaration.bindings.some((binding) => binding.name === one.exportName || binding.name === '*') &&
        leadsTo(declaration.specifier, one.file, one.exportName, view, context),
    ),
  );
  const found = imported ?? all[0];
  if (found === undefined)
    throw new Error(`The draft uses ${schema}.${table}, which the Drizzle schema lacks`);
  return found;
}

function leadsTo(
  specifier: string,
  path: string,
  name: string,
  view: SourceView,
  context: PlaceContext,
): boolean {
  const entry = context.resolver.resolve(view.path, specifier);
  return entry !== null && (entry === path || (name !== '*' && context.resolver.provides(entry, name, path)));
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
