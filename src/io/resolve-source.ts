/**
 * What `--db` (or DATABASE_URL) names: a server, or SQL files for the embedded one. Reads no file and
 * opens no connection; it only looks whether the files exist.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { MigrateError } from '../errors.js';
import { labelOfUrl } from './postgres-url.js';

export interface LiveSource {
  readonly kind: 'url';
  readonly url: string;
  /** `host:port/name`, without user and password. */
  readonly label: string;
  /** `--db`, `DATABASE_URL`, or `env:NAME`. */
  readonly origin: string;
}

export type Source =
  | LiveSource
  | {
      readonly kind: 'files';
      /** Absolute paths in the order in which they are run. */
      readonly paths: readonly string[];
      readonly label: string;
    };

/**
 * Forms of `--db`: a postgres:// URL, `env:NAME` (a variable that holds one), SQL files separated by
 * commas, or a folder (every *.sql below it in name order). Throws `MigrateError` for anything else.
 */
export function resolveSource(
  dbOption: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Source {
  const given = dbOption?.trim();
  if (given) return given.startsWith('env:') ? fromVariable(given.slice(4), given, env) : named(given, cwd);
  if (dbOption === undefined && env.DATABASE_URL?.trim())
    return fromVariable('DATABASE_URL', 'DATABASE_URL', env);
  throw new MigrateError('no-database', 'No database is named', {
    hint: 'Give --db a PostgreSQL URL, env:NAME, SQL files or a folder of migrations, or set DATABASE_URL.',
  });
}

function fromVariable(
  name: string,
  origin: string,
  env: Readonly<Record<string, string | undefined>>,
): Source {
  const url = env[name]?.trim();
  if (!url) {
    throw new MigrateError('no-database', `The variable ${name} is not set`, {
      hint: `Set ${name} to a PostgreSQL URL, or name the database with --db.`,
    });
  }
  if (isPostgresUrl(url)) return { kind: 'url', url, label: labelOfUrl(url), origin };
  throw new MigrateError('bad-url', `The variable ${name} does not hold a PostgreSQL URL`, {
    hint: 'A PostgreSQL URL begins with postgres:// or postgresql://.',
  });
}

function named(given: string, cwd: string): Source {
  if (isPostgresUrl(given)) return { kind: 'url', url: given, label: labelOfUrl(given), origin: '--db' };
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(given)) {
    throw new MigrateError(
      'bad-url',
      `--db does not know the scheme ${given.slice(0, given.indexOf(':'))}://`,
      {
        hint: 'A PostgreSQL URL begins with postgres:// or postgresql://.',
      },
    );
  }
  const parts = existsSync(resolve(cwd, given)) ? [given] : given.split(',').map((part) => part.trim());
  const paths = parts.filter((part) => part !== '').flatMap((part) => sqlFiles(resolve(cwd, part), part));
  return { kind: 'files', paths, label: parts.map((part) => shown(resolve(cwd, part), cwd)).join(', ') };
}

function isPostgresUrl(text: string): boolean {
  return /^postgres(ql)?:\/\//i.test(text);
}

function sqlFiles(path: string, given: string): string[] {
  if (!existsSync(path)) {
    throw new MigrateError('no-such-source', `There is no file or folder ${hideCredentials(given)}`, {
      hint: '--db takes a PostgreSQL URL (postgres://…), env:NAME, SQL files or a folder of migrations.',
    });
  }
  if (!statSync(path).isDirectory()) {
    if (path.toLowerCase().endsWith('.sql')) return [path];
    throw new MigrateError('not-sql', `${given} is not an SQL file`, {
      hint: 'Its name has to end in .sql; a custom-format dump has to be turned into SQL with pg_restore -f.',
    });
  }
  const found = below(path);
  if (found.length > 0) return found;
  throw new MigrateError('no-sql-files', `The folder ${given} holds no .sql file`, {
    hint: 'Name the folder that holds the migrations.',
  });
}

/** By path, each folder's entries in the order of their bytes, as migration tools sort them. */
function below(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      const directory = entry.isDirectory() || (entry.isSymbolicLink() && statSync(path).isDirectory());
      if (directory) return ignored.has(entry.name) ? [] : below(path);
      return basename(path).toLowerCase().endsWith('.sql') ? [path] : [];
    });
}

/** Drizzle keeps snapshots in `meta`. */
const ignored = new Set(['meta', 'node_modules', '.git']);

function shown(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short.split(sep).join('/');
}

/** A URL with a slip in its scheme would else be printed with its password. */
function hideCredentials(text: string): string {
  return text.replace(/\/\/[^/]*@/, '//…@').replace(/:[^:@/]+@/, ':…@');
}
