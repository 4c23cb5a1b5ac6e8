/** One declaration for each table of the database, where a project declares some twice (a generated copy, two packages). */
import type { DrizzleTable } from './user-project.js';

export interface ChosenTables {
  readonly tables: readonly DrizzleTable[];
  readonly notes: readonly string[];
}

/** Keeps the declaration whose file shares most of its path with `near`, the first of equals; the rest is named. */
export function chooseTables(tables: readonly DrizzleTable[], near: string): ChosenTables {
  const groups = new Map<string, DrizzleTable[]>();
  for (const table of tables) {
    const key = JSON.stringify([table.schema, table.name]);
    groups.set(key, [...(groups.get(key) ?? []), table]);
  }
  const chosen: DrizzleTable[] = [];
  const ignored = new Map<string, string[]>();
  for (const group of groups.values()) {
    const best = group.reduce((a, b) => (closeness(b.file, near) > closeness(a.file, near) ? b : a));
    chosen.push(best);
    for (const other of group) {
      if (other === best) continue;
      const pair = `${other.file} again; those of ${best.file} are used`;
      ignored.set(pair, [...(ignored.get(pair) ?? []), `${other.schema}.${other.name}`]);
    }
  }
  const notes = [...ignored].map(
    ([pair, names]) =>
      `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} declared in ${pair}. --schema chooses another.`,
  );
  return { tables: chosen, notes };
}

/** How many leading folders two paths share. */
function closeness(a: string, b: string): number {
  const left = a.split('/');
  const right = b.split('/');
  const differing = left.findIndex((part, index) => part !== right[index]);
  return differing < 0 ? left.length : differing;
}
