/**
 * A project's SQL files into an embedded PostgreSQL, statement by statement. Unlike `--db`, a statement that
 * fails is counted and left behind, so that one file of many does not hide the routines of the others.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { readCatalog } from '../../dist/1-read/read-catalog.js';
import { DatabaseFailure } from '../../dist/io/database.js';
import { startEmbedded } from '../../dist/io/embedded-database.js';
import { skipReason } from '../../dist/io/embedded-limits.js';
import { missingRoles } from '../../dist/io/missing-roles.js';
import { isEmbeddable } from '../../dist/io/pglite-extensions.js';
import { supabaseBase, supabaseExtensions, supabaseSettings } from '../../dist/io/supabase-base.js';
import { loadSqlParser } from '../../dist/sql/load-sql-parser.js';
import { splitStatements } from '../../dist/sql/split-statements.js';
import { platformBase, platformSchemas } from './platform-base.js';

/**
 * @typedef {object} Project
 * @property {string} repository `owner/name`
 * @property {string} commit
 * @property {readonly string[]} sql Patterns of SQL files, run in the order given, each in name order.
 * @property {readonly string[]} sources Folders with the TypeScript and JavaScript that call.
 * @property {boolean} [supabase] Make what Supabase provides first.
 * @property {boolean} [unordered] The files depend on each other in no order: what fails is tried again.
 * @property {string} [before] SQL that the project's own tools run first.
 * @property {Readonly<Record<string, string>>} [replace] Placeholders that the project's own loader fills in.
 */

/**
 * The caller closes `db`.
 * @param {Project} project
 * @param {string} folder Its checkout.
 */
export async function loadProject(project, folder) {
  await loadSqlParser();
  const texts = sqlFiles(project, folder).map((path) => ({
    path,
    text: readText(join(folder, path), project),
  }));
  const wanted = new Set([
    ...texts.flatMap(({ text }) => extensionsIn(text)),
    ...(project.supabase ? supabaseExtensions : []),
  ]);
  const db = await startEmbedded({ extensions: [...wanted].filter(isEmbeddable) });
  const roles = missingRoles(db);
  const settings = project.supabase ? [...supabaseSettings] : [];
  if (project.supabase) {
    await db.query(supabaseBase);
    await db.query(platformBase);
  }
  if (project.before !== undefined) await db.query(project.before);
  const provided = new Set((await readCatalog(db)).routines.map(({ oid }) => oid));
  /** @type {{ text: string, message: string, path: string }[]} */
  let failed = [];
  let count = 0;
  for (const { path, text } of texts) {
    await newSession(db, settings);
    const split = splitStatements(text);
    if (!split.ok) {
      failed.push({ path, text: '', message: `the file does not parse: ${split.message}` });
      continue;
    }
    for (const statement of split.statements) {
      if (statement.copiesFromClient || statement.transaction !== null || skipReason(statement) !== null)
        continue;
      if (statement.createsRole !== null && roles.made(statement.createsRole)) continue;
      count += 1;
      await roles.make(statement.roles, () => undefined);
      const message = await run(db, statement.text);
      if (message !== null) failed.push({ path, text: statement.text, message });
    }
  }
  if (project.unordered) failed = await again(db, failed, settings);
  await newSession(db, settings);
  const catalog = await readCatalog(db);
  return {
    db,
    catalog: { ...catalog, routines: catalog.routines.map(asProvided) },
    /** OIDs of the routines that were there before the project's own SQL. */
    provided,
    statements: count,
    failed,
  };
}

/** What stands in for an extension that the embedded server lacks counts as that extension's. */
function asProvided(routine) {
  return platformSchemas.includes(routine.schema) ? { ...routine, extension: routine.schema } : routine;
}

function sqlFiles({ sql }, folder) {
  return sql.flatMap((pattern) => {
    if (existsSync(join(folder, pattern)) && statSync(join(folder, pattern)).isFile()) return [pattern];
    return globSync(pattern, { cwd: folder }).sort();
  });
}

function readText(path, { replace = {} }) {
  let text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  for (const [placeholder, value] of Object.entries(replace)) text = text.replaceAll(placeholder, value);
  return text;
}

function extensionsIn(text) {
  const pattern = /\bcreate\s+extension\s+(?:if\s+not\s+exists\s+)?"?([\w-]+)"?/gi;
  return [...text.matchAll(pattern)].map(([, name]) => name.toLowerCase());
}

async function newSession(db, settings) {
  await db.query('DISCARD ALL');
  for (const setting of settings) await db.query(setting);
}

/** The message of PostgreSQL, or null. */
async function run(db, text) {
  try {
    await db.query(text);
    return null;
  } catch (error) {
    if (!(error instanceof DatabaseFailure)) throw error;
    return error.error.message;
  }
}

/** Until a whole turn brings nothing forward. */
async function again(db, failed, settings) {
  for (;;) {
    await newSession(db, settings);
    const left = [];
    for (const statement of failed) {
      const message = statement.text === '' ? statement.message : await run(db, statement.text);
      if (message !== null) left.push({ ...statement, message });
    }
    if (left.length === failed.length) return left;
    failed = left;
  }
}
