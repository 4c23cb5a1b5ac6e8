/** What a transform is told of the routines of a database: a JSON file, or the value itself. */
import { readFileSync } from 'node:fs';

export interface Routine {
  readonly schema: string;
  readonly name: string;
  readonly arguments: readonly {
    readonly name: string;
    /** As PostgreSQL's format_type writes it. */
    readonly type: string;
    readonly optional?: boolean;
  }[];
  readonly returns:
    | { readonly kind: 'void' }
    | { readonly kind: 'scalar'; readonly type: string }
    | {
        readonly kind: 'rows';
        readonly columns: readonly { readonly name: string; readonly type: string }[];
      };
  /** Why its calls stay as they are. */
  readonly leave?: string;
}

/** By `schema.name`; null for an overloaded one. Null for no option. Throws when the file cannot be read. */
export function readRoutines(option: unknown): ReadonlyMap<string, Routine | null> | null {
  if (option === undefined) return null;
  const list = (
    typeof option === 'string' ? JSON.parse(readFileSync(option, 'utf8')) : option
  ) as readonly Routine[];
  const routines = new Map<string, Routine | null>();
  for (const routine of list) {
    const key = `${routine.schema}.${routine.name}`;
    routines.set(key, routines.has(key) ? null : routine);
  }
  return routines;
}
