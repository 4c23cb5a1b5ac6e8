/**
 * What the user's TypeScript project offers. Nothing is type-checked here: files are looked at by syntax,
 * and only those that declare tables are run, in a child process.
 */
import { resolve } from 'node:path';
import { MigrateError } from '../errors.js';
import { findAbove, listProjectSources, readTextIfPresent } from '../io/project-files.js';
import { chooseTables } from './choose-tables.js';
import { findClients } from './find-clients.js';
import { findProjectRoot, installedDrizzle, isInstalled } from './find-project-root.js';
import { findTransactionHelpers } from './find-transaction-helpers.js';
import { loadTables } from './load-tables.js';
import { parseModule, type SourceModule } from './source-module.js';
import type { DrizzleClient, Driver, TransactionHelper, UserProject } from './user-project.js';

export interface UserProjectOptions {
  /** Absolute; relative names in the other options start here. */
  readonly cwd: string;
  /** Files whose exported tables count, in place of those that are found. */
  readonly schema?: readonly string[];
  /** `name@path`, in place of the clients that are found. */
  readonly client?: readonly string[];
  /** `name@path`, in place of the helpers that are found. */
  readonly transaction?: readonly string[];
}

const mayDeclareTables = /drizzle-orm(?:@[^'"/]*)?\/pg-core/;
const declaresTables = /\b(pgTable|pgTableCreator)\b|\.table\s*\(/;
const mayMakeClients = /\bdrizzle\b/;
const mayRunTransactions = /\.transaction\b/;

/**
 * `files` are absolute paths of the sources (or folders) that are to be rewritten. Throws MigrateError for an option that names
 * what does not exist; what fails in the project itself stands in `notes`.
 */
export async function readUserProject(
  files: readonly string[],
  options: UserProjectOptions,
): Promise<UserProject> {
  const { root, packageFile: nearest, tsconfig, notes } = findProjectRoot(files, options.cwd);
  const named = (options.schema ?? []).map((name) => namedFile(name, options.cwd, '--schema'));
  const modules = await interestingModules(root, named);
  const declaring = modules.filter(
    ({ tree }) => mayDeclareTables.test(tree.text) && declaresTables.test(tree.text),
  );
  const packageFile = packageWithDrizzle(nearest, declaring);
  const found = modules.map((module) => findClients(module));
  const clients = options.client?.length
    ? options.client.map((value) => namedClient(value, options.cwd, packageFile))
    : found.flatMap((each) => each.clients);
  const clientNames = new Set(clients.map(({ exportName }) => exportName));
  const transactionHelpers = options.transaction?.length
    ? options.transaction.map((value): TransactionHelper => namedExport(value, options.cwd, '--transaction'))
    : modules
        .filter(({ tree }) => mayRunTransactions.test(tree.text))
        .flatMap((module) => findTransactionHelpers(module, clientNames));
  const drizzleVersion = installedDrizzle(packageFile);
  const casing = found.map((each) => each.casing).find((each) => each !== null) ?? null;
  const loaded = await loadTables({
    packageFile,
    tsconfig,
    drizzleVersion,
    declaring,
    named,
    casing,
  });
  const chosen = chooseTables(loaded.tables, files[0] ?? options.cwd);
  return {
    root,
    packageFile,
    tsconfig,
    drizzleVersion,
    tables: chosen.tables,
    clients,
    ...(casing === null ? {} : { casing }),
    transactionHelpers,
    notes: [...notes, ...found.flatMap((each) => each.notes), ...loaded.notes, ...chosen.notes],
  };
}

async function interestingModules(root: string, named: readonly string[]): Promise<readonly SourceModule[]> {
  const paths = new Set([...(await listProjectSources(root)), ...named]);
  return [...paths].flatMap((path) => {
    const text = readTextIfPresent(path);
    if (text === null) return [];
    const interesting = [mayDeclareTables, mayMakeClients, mayRunTransactions].some((mark) =>
      mark.test(text),
    );
    return interesting || named.includes(path) ? [parseModule(path, text)] : [];
  });
}

/** The sites' own package, or where that has no Drizzle the package that declares the tables. */
function packageWithDrizzle(nearest: string, declaring: readonly SourceModule[]): string {
  if (installedDrizzle(nearest) !== null) return nearest;
  const others = declaring.flatMap(({ path }) => findAbove('package.json', path).slice(0, 1));
  return others.find((path) => installedDrizzle(path) !== null) ?? nearest;
}

function namedFile(name: string, cwd: string, option: string): string {
  const path = resolve(cwd, name);
  if (readTextIfPresent(path) === null) {
    throw new MigrateError('file-not-read', `${option} names ${name}, which cannot be read`, {
      hint: `Give the path from ${cwd} or an absolute path.`,
    });
  }
  return path;
}

/** The file and export of `name@path`. */
function namedExport(
  value: string,
  cwd: string,
  option: string,
): { readonly file: string; readonly exportName: string } {
  const at = value.indexOf('@');
  if (at <= 0 || at === value.length - 1) {
    throw new MigrateError('bad-option', `${option} ${value} is not of the form name@path`, {
      hint: `For example ${option} db@src/db.ts`,
    });
  }
  const exportName = value.slice(0, at);
  const file = namedFile(value.slice(at + 1), cwd, option);
  const { exports, tree } = parseModule(file, readTextIfPresent(file) ?? '');
  const reExports = /export\s*(\*|\{[^}]*\}\s*from)/.test(tree.text);
  if (!exports.has(exportName) && !reExports) {
    throw new MigrateError('bad-option', `${file} exports no ${exportName}`, {
      detail: `It exports ${[...exports.keys()].join(', ') || 'nothing that is known by name'}.`,
      hint: `Correct ${option} ${value}`,
    });
  }
  return { file, exportName };
}

function namedClient(value: string, cwd: string, packageFile: string): DrizzleClient {
  const { file, exportName } = namedExport(value, cwd, '--client');
  const { clients } = findClients(parseModule(file, readTextIfPresent(file) ?? ''));
  const driver = clients.find((client) => client.exportName === exportName)?.driver;
  return { file, exportName, driver: driver ?? installedDriver(packageFile) };
}

/** The only driver that is installed; node-postgres when that decides nothing. */
function installedDriver(packageFile: string): Driver {
  const installed = (
    [
      ['pg', 'node-postgres'],
      ['postgres', 'postgres-js'],
      ['@electric-sql/pglite', 'pglite'],
    ] as const
  ).filter(([name]) => isInstalled(name, packageFile));
  return installed[0]?.[1] ?? 'node-postgres';
}
