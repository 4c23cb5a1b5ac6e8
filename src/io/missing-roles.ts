/** The roles that SQL files name: the embedded server has none of those that a cluster has. */
import type { Database } from './database.js';

export interface MissingRoles {
  /** Makes those that are missing, without login, and tells the name of each. */
  make(names: readonly string[], tell: (name: string) => void): Promise<void>;
  /** Was it made here? A later file may create a role that an earlier one named. */
  made(name: string): boolean;
}

export function missingRoles(database: Database): MissingRoles {
  let known: ReadonlySet<string> = new Set();
  const made = new Set<string>();
  return {
    async make(names, tell) {
      if (names.every((name) => known.has(name))) return;
      const [set] = await database.query('SELECT rolname FROM pg_catalog.pg_roles');
      const found = new Set(set?.rows.map(({ rolname }) => String(rolname)));
      for (const name of names) {
        if (found.has(name)) continue;
        await database.query(`CREATE ROLE "${name.replaceAll('"', '""')}" NOLOGIN`);
        found.add(name);
        made.add(name);
        tell(name);
      }
      known = found;
    },
    made: (name) => made.has(name),
  };
}
