/**
 * SQL files into an embedded PostgreSQL, statement by statement in the order of the files. Each file
 * is a session of its own. What the embedded server cannot have is left out and said in a note.
 */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { DatabaseFailure, type Database } from './database.js';
import { MigrateError } from '../errors.js';
import { loadSqlParser } from '../sql/load-sql-parser.js';
import { splitStatements, type FileStatement } from '../sql/split-statements.js';
import { startEmbedded, type EmbeddedDatabase } from './embedded-database.js';
import { skipReason } from './embedded-limits.js';
import { loadingNotes, type LoadingNotes } from './loading-notes.js';
import { missingExtensions, type MissingExtensions } from './missing-extensions.js';
import { missingRoles, type MissingRoles } from './missing-roles.js';
import { isEmbeddable } from './pglite-extensions.js';
import { parseFailure, statementFailure } from './sql-file-failure.js';
import {
  bringsItsOwnBase,
  isSupabaseProject,
  supabaseBase,
  supabaseExtensions,
  supabaseSettings,
  supabaseSubstitutes,
} from './supabase-base.js';

/**
 * Paths are absolute; messages name them from `cwd`. `dataDir` is a dump to start from in place of
 * an empty server, `start` what gives that server.
 * Throws `MigrateError` with file, line and caret.
 */
export async function loadSqlFiles(
  paths: readonly string[],
  options: {
    readonly label: string;
    readonly cwd: string;
    readonly dataDir?: Uint8Array;
    readonly start?: typeof startEmbedded;
  },
): Promise<EmbeddedDatabase> {
  await loadSqlParser();
  const notes = loadingNotes();
  const files = paths.flatMap((path) => readSqlFile(path, relative(options.cwd, path) || path, notes));
  const supabase = isSupabaseProject(paths) && !files.some(({ text }) => bringsItsOwnBase(text));
  const wanted = new Set([
    ...files.flatMap(({ text }) => extensionsIn(text)),
    ...(supabase ? supabaseExtensions : []),
  ]);
  const extensions = [...wanted].filter(isEmbeddable);
  const { label, dataDir, start = startEmbedded } = options;
  const database = await start({ extensions, label, ...(dataDir === undefined ? {} : { dataDir }) });
  const loading: Loading = {
    database,
    notes,
    roles: missingRoles(database),
    missing: missingExtensions(supabase ? supabaseSubstitutes : []),
    settings: [],
  };
  try {
    if (supabase) {
      await database.query(supabaseBase);
      loading.settings.push(...supabaseSettings);
      notes.add('supabase', null, 'made what Supabase provides before the first migration');
    }
    for (const file of files) await runFile(loading, file);
    await newSession(loading);
  } catch (error) {
    await database.terminate();
    throw error;
  }
  return { ...database, notes: [...notes.sentences(), ...loading.missing.sentences()] };
}

interface Loading {
  readonly database: Database;
  readonly notes: LoadingNotes;
  readonly roles: MissingRoles;
  readonly missing: MissingExtensions;
  /** What ALTER DATABASE … SET gave to later sessions, as statements: the embedded server does not apply it. */
  readonly settings: string[];
}

interface SqlFile {
  readonly name: string;
  readonly text: string;
  readonly statements: readonly FileStatement[];
}

function readSqlFile(path: string, name: string, notes: LoadingNotes): SqlFile[] {
  if (/[._-](down|rollback|undo)\.sql$|(^|[/\\])(down|undo)\.sql$/i.test(path)) {
    notes.add(name, null, 'skipped, a migration backwards');
    return [];
  }
  const text = readText(path, name);
  const split = splitStatements(text);
  if (!split.ok) throw parseFailure(name, text, split);
  for (const { start, what } of split.removed) notes.add(name, lineOf(text, start), `left out ${what}`);
  return [{ name, text, statements: split.statements }];
}

function lineOf(text: string, start: number): number {
  return text.slice(0, start).split('\n').length;
}

function readText(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new MigrateError('sql-file-unreadable', `${name} cannot be read`, {
      detail: error instanceof Error ? error.message : String(error),
      hint: 'Check the permissions of the file.',
    });
  }
}

/** Also those inside DO blocks and strings: an extension has to be known before the server starts. */
function extensionsIn(text: string): string[] {
  const pattern = /\bcreate\s+extension\s+(?:if\s+not\s+exists\s+)?"?([\w-]+)"?/gi;
  return [...text.matchAll(pattern)].flatMap(([, name]) => name?.toLowerCase() ?? []);
}

async function runFile(loading: Loading, file: SqlFile): Promise<void> {
  const { database, notes, roles, missing, settings } = loading;
  await newSession(loading);
  let inTransaction = false;
  for (const statement of file.statements) {
    const say = (words: string): void => notes.add(file.name, lineOf(file.text, statement.start), words);
    // Its rows were left out, which has been said.
    if (statement.copiesFromClient) continue;
    missing.see(statement);
    const setting = databaseSetting(statement);
    if (setting !== null) settings.push(setting);
    const reason = skipReason(statement) ?? createdBefore(statement, roles);
    if (reason !== null) {
      say(`skipped ${reason}`);
      continue;
    }
    if (statement.transaction !== null) inTransaction = statement.transaction === 'opens';
    await roles.make(statement.roles, (name) => say(`created the missing role ${name} (NOLOGIN)`));
    try {
      await database.query(statement.text);
    } catch (error) {
      if (!(error instanceof DatabaseFailure)) throw error;
      const needed = inTransaction ? null : missing.explain(statement, error.error);
      if (needed === null) throw statementFailure(file, statement, error.error, notes.sentences());
      say(`skipped a statement that needs ${needed}: ${error.error.message}`);
    }
  }
  if (inTransaction) {
    notes.add(file.name, null, 'its last transaction was open and has been committed');
    await database.query('COMMIT');
  }
}

/** Nothing of one file's session is left for the next. */
async function newSession({ database, settings }: Loading): Promise<void> {
  await database.query('DISCARD ALL');
  for (const setting of settings) await database.query(setting);
}

function databaseSetting({ kind, text }: FileStatement): string | null {
  if (kind !== 'AlterDatabaseSetStmt') return null;
  return /^ALTER\s+DATABASE\s+(?:"[^"]*"|\S+)\s+((?:SET|RESET)\s[\s\S]+)$/i.exec(text)?.[1] ?? null;
}

function createdBefore({ createsRole }: FileStatement, roles: MissingRoles): string | null {
  return createsRole !== null && roles.made(createsRole)
    ? `CREATE ROLE ${createsRole}: the role was named before and exists`
    : null;
}
