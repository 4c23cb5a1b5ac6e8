/** What the rules on bodies know of a database: its catalog, and what holds for the login whose calls are judged. */
import type { Catalog, Relation, Routine } from '../../1-read/catalog.js';

export interface BodyDatabase {
  readonly catalog: Catalog;
  readonly role: Login;
  /** Of each view by OID. */
  readonly views: ReadonlyMap<number, View>;
  /** Roles that row security does not hold for: superusers and those with BYPASSRLS. */
  readonly bypassing: ReadonlySet<string>;
  /** Settings that ALTER ROLE or ALTER DATABASE gives every session of the login, by name. */
  readonly settings: ReadonlyMap<string, string>;
  /** The schemas along which an unqualified name of the login is looked up. */
  readonly searchPath: readonly string[];
  /** Where the source defines a routine, `migrations/2.sql:14` for the first line of its body; null when not known. */
  readonly definedAt: (routine: Routine, line: number) => string | null;
  /** Changes when an answer could. */
  readonly digest: string;
}

export interface Login {
  readonly name: string;
  /** Routines that it may execute, USAGE on the schema left aside. */
  readonly routines: ReadonlySet<number>;
  readonly schemas: ReadonlySet<string>;
  /** What it may do with a relation, on at least one column: `select`, `insert`, `update`, `delete`, `truncate`. */
  readonly relations: ReadonlyMap<number, ReadonlySet<string>>;
  /** Roles whose rights it has, itself included. */
  readonly memberOf: ReadonlySet<string>;
}

export interface View {
  readonly relation: Relation;
  readonly definition: string;
  /** Runs with the rights of whoever reads it. */
  readonly securityInvoker: boolean;
}
