import { readFileSync } from 'node:fs';
import type { Database } from '../../src/io/database.js';
import { startEmbedded, type EmbeddedDatabase } from '../../src/io/embedded-database.js';
import { loadSqlFiles } from '../../src/io/load-sql-files.js';
import type { Source } from '../../src/io/resolve-source.js';

let empty: Promise<EmbeddedDatabase> | null = null;

/** One server for all fixtures, emptied after each, since starting one takes half of a fixture's time. */
export async function openShared(source: Source): Promise<Database> {
  if (source.kind !== 'files') throw new Error('A fixture is made of files');
  const { label, paths } = source;
  const texts = paths.map((path) => readFileSync(path, 'utf8')).join('\n');
  if (outlivesSchemas.test(texts)) return loadSqlFiles(paths, { label, cwd: '/' });
  return loadSqlFiles(paths, { label, cwd: '/', start: sharedServer });
}

/** What dropping the schemas does not take back. */
const outlivesSchemas =
  /\b(create|alter)\s+(extension|role|user|database|cast|event\s+trigger|publication)\b/i;

async function sharedServer(): Promise<EmbeddedDatabase> {
  empty ??= startEmbedded({ extensions: [] });
  const server = await empty;
  const clear = async (): Promise<void> => {
    for (const statement of emptied) await server.query(statement);
  };
  return { ...server, close: clear, terminate: clear };
}

const emptied = [
  'ROLLBACK',
  'DISCARD ALL',
  `DO $$
DECLARE name text;
BEGIN
  FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
    EXECUTE format('DROP SCHEMA %I CASCADE', name);
  END LOOP;
END $$`,
  'CREATE SCHEMA public AUTHORIZATION pg_database_owner',
  'GRANT USAGE ON SCHEMA public TO PUBLIC',
];
