/** Reads what the rules on bodies need: the catalog, and in one more read-only round trip views, rights and settings. */
import type { Relation, Routine } from '../../1-read/catalog.js';
import { readCatalog } from '../../1-read/read-catalog.js';
import { searchPathOf } from '../../3-parse/name-lookup.js';
import { MigrateError } from '../../errors.js';
import { digestOf } from '../../io/check-cache.js';
import type { Database } from '../../io/database.js';
import { foldIdentifier } from '../../sql/identifier.js';
import type { BodyDatabase } from './body-database.js';
import { rightsQuery, type Rights } from './body-database-query.js';

export interface BodySource {
  readonly database: Database;
  /** Whose calls are judged; null is the login itself. */
  readonly role: string | null;
  /** The SQL files that the database was made of, in the order in which they ran. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

/** Throws MigrateError when the catalogs cannot be read or there is no such role. */
export async function readBodyDatabase({ database, role, files }: BodySource): Promise<BodyDatabase> {
  const catalog = await readCatalog(database);
  const expression = role === null ? 'current_user' : `'${role.replaceAll("'", "''")}'`;
  const sets = await database.query(
    [
      'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
      // Every name is printed with its schema then.
      `SET LOCAL search_path = ''`,
      rightsQuery(expression),
      'COMMIT',
    ].join(';\n'),
  );
  const rights = sets[2]?.rows[0]?.['result'] as Rights;
  if (rights.role === null)
    throw new MigrateError('no-such-role', `There is no role ${role ?? catalog.currentUser}`, {
      detail: database.label,
      hint: 'Name with --role the role that the application logs in as.',
    });
  const settings = settingsOf(rights.settings);
  const path = settings.get('search_path');
  const login = { ...catalog, currentUser: rights.role };
  const relations = new Map(catalog.relations.map((relation) => [relation.oid, relation]));
  return {
    catalog: login,
    role: {
      name: rights.role,
      routines: new Set(rights.routines),
      schemas: new Set(rights.schemas),
      relations: new Map(rights.relations.map((one) => [one.oid, new Set(one.rights)])),
      memberOf: new Set(rights.memberOf),
    },
    views: new Map(
      rights.views.flatMap((view) => {
        const relation: Relation | undefined = relations.get(view.oid);
        return relation === undefined ? [] : [[view.oid, { ...view, relation }] as const];
      }),
    ),
    bypassing: new Set(rights.bypassing),
    settings,
    searchPath:
      path === undefined
        ? catalog.searchPath
        : searchPathOf({ configuration: [`search_path=${path}`] }, login),
    definedAt: (routine, line) => placeIn(files, routine, line),
    digest: digestOf([
      JSON.stringify(rights),
      JSON.stringify([catalog.routines, catalog.relations, catalog.searchPath, catalog.currentUser]),
      ...files.map(({ name }) => name),
    ]),
  };
}

/** The first entry of a name wins. */
function settingsOf(entries: readonly string[]): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const entry of entries) {
    const at = entry.indexOf('=');
    const name = entry.slice(0, at).toLowerCase();
    if (!settings.has(name)) settings.set(name, entry.slice(at + 1));
  }
  return settings;
}

/** The last file that holds the body as it stands in the catalog, under the routine's name. */
function placeIn(
  files: BodySource['files'],
  { source, name: routine }: Routine,
  line: number,
): string | null {
  if (source.trim() === '') return null;
  for (const { name, text } of [...files].reverse()) {
    for (let at = text.lastIndexOf(source); at >= 0; at = at === 0 ? -1 : text.lastIndexOf(source, at - 1)) {
      const before = text.slice(0, at);
      const defined = [...before.matchAll(definition)].at(-1)?.[1]?.split('.').at(-1)?.trim();
      if (defined !== undefined && foldIdentifier(defined) === routine)
        return `${name}:${before.split('\n').length + line - 1}`;
    }
  }
  return null;
}

const definition = /\b(?:function|procedure)\s+((?:(?:"[^"]+"|[\w$]+)\s*\.\s*)?(?:"[^"]+"|[\w$]+))\s*\(/gi;
