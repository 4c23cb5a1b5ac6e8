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
import { isEmbeddable } from './pglite-extensions.js';
import { parseFailure, statementFailure } from './sql-file-failure.js';

/** Paths are absolute; messages name them from `cwd`. Throws `MigrateError` with file, line and caret. */
export async function loadSqlFiles(
  paths: readonly string[],
  options: { readonly label: string; readonly cwd: string },
): Promise<EmbeddedDatabase> {
  await loadSqlParser();
  const notes: string[] = [];
  const files = paths.flatMap((path) => readSqlFile(path, relative(options.cwd, path) || path, notes));
  const wanted = new Set(files.flatMap(({ text }) => extensionsIn(text)));
  const extensions = [...wanted].filter(isEmbeddable);
  const database = await startEmbedded({ extensions, label: options.label, notes });
  try {
    const roles = new Roles(database, notes);
    for (const file of files) await runFile(database, file, roles, notes);
  } catch (error) {
    await database.terminate();
    throw error;
  }
  return database;
}

interface SqlFile {
  readonly name: string;
  readonly text: string;
  readonly statements: readonly FileStatement[];
}

function readSqlFile(path: string, name: string, notes: string[]): SqlFile[] {
  if (/[._-](down|rollback|undo)\.sql$|(^|[/\\])(down|undo)\.sql$/i.test(path)) {
    notes.push(`${name}: skipped, a migration backwards`);
    return [];
  }
  const text = readText(path, name);
  const split = splitStatements(text);
  if (!split.ok) throw parseFailure(name, text, split);
  const line = (start: number): number => text.slice(0, start).split('\n').length;
  for (const { start, what } of split.removed) notes.push(`${name}:${line(start)}: left out ${what}`);
  return [{ name, text, statements: split.statements }];
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

async function runFile(database: Database, file: SqlFile, roles: Roles, notes: string[]): Promise<void> {
  let inTransaction = false;
  for (const statement of file.statements) {
    const reason = skipReason(statement) ?? (await roles.alreadyMade(statement));
    const place = (): string => `${file.name}:${file.text.slice(0, statement.start).split('\n').length}`;
    if (reason !== null) {
      notes.push(`${place()}: skipped ${reason}`);
      continue;
    }
    if (statement.transaction !== null) inTransaction = statement.transaction === 'opens';
    await roles.make(statement.roles, place);
    try {
      await database.query(statement.text);
    } catch (error) {
      if (error instanceof DatabaseFailure) throw statementFailure(file, statement, error.error, notes);
      throw error;
    }
  }
  if (inTransaction) {
    notes.push(`${file.name}: its last transaction was open and has been committed`);
    await database.query('COMMIT');
  }
  await database.query('DISCARD ALL');
}

/** The roles of the embedded server, which has none of those that a cluster has. */
class Roles {
  private known: Set<string> | null = null;
  private readonly made = new Set<string>();

  constructor(
    private readonly database: Database,
    private readonly notes: string[],
  ) {}

  /** Makes those that are missing, without login. */
  async make(names: readonly string[], place: () => string): Promise<void> {
    if (names.every((name) => this.known?.has(name))) return;
    const [set] = await this.database.query('SELECT rolname FROM pg_catalog.pg_roles');
    this.known = new Set(set?.rows.map(({ rolname }) => String(rolname)));
    for (const name of names) {
      if (this.known.has(name)) continue;
      await this.database.query(`CREATE ROLE "${name.replaceAll('"', '""')}" NOLOGIN`);
      this.known.add(name);
      this.made.add(name);
      this.notes.push(`${place()}: created the missing role ${name} (NOLOGIN)`);
    }
  }

  /** A role that a later file creates may have been made here for an earlier one. */
  async alreadyMade({ createsRole }: FileStatement): Promise<string | null> {
    return createsRole !== null && this.made.has(createsRole)
      ? `CREATE ROLE ${createsRole}: the role was named before and exists`
      : null;
  }
}
