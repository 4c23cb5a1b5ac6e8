/** Definitions into the template of a scratch server, where roles are neither made nor granted anything. */
import type { Database } from '../io/database.js';
import type { Definition, Definitions } from './definitions.js';
import { loadDefinitions, type LoadedClone } from './load-clone.js';

export interface LoadedScratch {
  readonly failures: LoadedClone['failures'];
  /** Sentences on what stands for what the server lacks. */
  readonly notes: readonly string[];
}

/** Policies for roles that the server lacks are those of the login itself there. */
export async function loadScratch(database: Database, definitions: Definitions): Promise<LoadedScratch> {
  const [set] = await database.query('SELECT quote_ident(rolname) AS role FROM pg_roles');
  const known = new Set(['PUBLIC', ...(set?.rows ?? []).map(({ role }) => String(role))]);
  const missing = new Set<string>();
  const statements = definitions.statements
    .filter(({ object }) => !object.startsWith('role '))
    .map((definition) => withKnownRoles(definition, known, missing));
  return {
    failures: await loadDefinitions(database, statements),
    notes: [...missing].map(
      (role) => `The scratch server lacks the role ${role}: its policies are there for the login itself`,
    ),
  };
}

function withKnownRoles(
  definition: Definition,
  known: ReadonlySet<string>,
  missing: Set<string>,
): Definition {
  if (!definition.object.startsWith('policy ')) return definition;
  const sql = definition.sql.replace(
    /( FOR (?:SELECT|INSERT|UPDATE|DELETE|ALL) TO )((?:"(?:[^"]|"")*"|[^\s,"]+)(?:, (?:"(?:[^"]|"")*"|[^\s,"]+))*)/,
    (_, before: string, roles: string) => {
      const names = roles.match(/"(?:[^"]|"")*"|[^\s,"]+/g) ?? [];
      const kept = names.map((name) => {
        if (known.has(name)) return name;
        missing.add(name);
        return 'CURRENT_USER';
      });
      return `${before}${[...new Set(kept)].join(', ')}`;
    },
  );
  return { ...definition, sql };
}
