/**
 * What the database's catalogs say of its routines, relations and types, as plain readonly data.
 * Filled by read-catalog.ts in one round trip. Objects of pg_catalog and information_schema are
 * only present where a user object refers to them (types) or as names (built-in routines).
 */

export interface Catalog {
  /** `server_version_num`, e.g. 150018. */
  readonly serverVersionNumber: number;
  /** The schemas an unqualified name is looked up in, in order, pg_catalog included. */
  readonly searchPath: readonly string[];
  /** Schemas that the login has no USAGE on: they are on no search path of its own. */
  readonly closedSchemas?: readonly string[];
  readonly currentUser: string;
  readonly routines: readonly Routine[];
  readonly relations: readonly Relation[];
  /** By OID; every type that a routine, column or array element mentions, and all of pg_catalog's. */
  readonly types: ReadonlyMap<number, PgType>;
  /** Built-in (pg_catalog) routine names with what is true of at least one overload. */
  readonly builtins: ReadonlyMap<string, Builtin>;
  readonly extensions: readonly string[];
  /** Sentences on what this login may not see. */
  readonly notVisible: readonly string[];
}

export interface Routine {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly kind: 'function' | 'procedure' | 'aggregate' | 'window';
  readonly language: string;
  /** All arguments in declaration order, OUT and TABLE columns included. */
  readonly arguments: readonly RoutineArgument[];
  /** Result type OID (2278 is void, 2249 record). */
  readonly returnType: number;
  readonly returnsSet: boolean;
  readonly volatility: 'immutable' | 'stable' | 'volatile';
  readonly strict: boolean;
  readonly securityDefiner: boolean;
  readonly leakproof: boolean;
  /** `SET name = value` clauses as `name=value`. */
  readonly configuration: readonly string[];
  /** prosrc; empty for BEGIN ATOMIC. */
  readonly source: string;
  /** pg_get_function_sqlbody for BEGIN ATOMIC, else null. */
  readonly sqlBody: string | null;
  /** pg_get_functiondef, or null when it cannot be printed (aggregates). */
  readonly definition: string | null;
  /** Name of the extension that owns it, or null. */
  readonly extension: string | null;
  readonly owner: string;
  /** May the login execute it (has_function_privilege and USAGE on its schema)? */
  readonly executable: boolean;
  /** Objects that depend on it by pg_depend: `view public.v`, `trigger t on public.x`, `policy …`. */
  readonly usedBy: readonly string[];
  /** Set where the types of one call stand for its polymorphic ones. */
  readonly polymorphic?: {
    /** The routine as the database has it. */
    readonly declared: Routine;
    /** What stands for `anyelement`, and for `anycompatible`. */
    readonly types: readonly number[];
    /** Other calls give it other types, so that its function is named after these. */
    readonly named: boolean;
  };
  /** Set where the body was given as arguments what it read of its caller. */
  readonly identity?: RoutineIdentity;
}

/** What a routine read of its caller's identity, which are its last input arguments now. */
export interface RoutineIdentity {
  /** The routine as the database has it. */
  readonly declared: Routine;
  /** One for each further argument, in their order. */
  readonly sources: readonly IdentitySource[];
}

/**
 * Something that a body reads of its caller. claim: of the request's token, at `path`, as text or as a document ·
 * claims: the whole token · setting: `current_setting` · role: CURRENT_USER or SESSION_USER.
 */
export interface IdentitySource {
  readonly kind: 'claim' | 'claims' | 'setting' | 'role';
  /** As it is written in SQL and in the configuration: `auth.uid()`, `auth.jwt() ->> 'org_id'`. */
  readonly key: string;
  /** Keys into the token; the name of the setting or of the role. */
  readonly path: readonly string[];
  /** Type OID of what PostgreSQL gives. */
  readonly type: number;
  /** Nothing is an error: `current_setting('a.b')` without `true`. */
  readonly required: boolean;
}

export interface RoutineArgument {
  readonly name: string | null;
  readonly type: number;
  readonly mode: 'in' | 'out' | 'inout' | 'variadic' | 'table';
  /** SQL text of the default, or null. */
  readonly default: string | null;
}

export interface Relation {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly kind:
    'table' | 'partitioned-table' | 'view' | 'materialized-view' | 'foreign-table' | 'composite' | 'sequence';
  readonly rowType: number;
  readonly columns: readonly Column[];
  readonly keys: readonly UniqueKey[];
  readonly foreignKeys: readonly ForeignKey[];
  /** Names of its exclusion constraints. */
  readonly exclusions?: readonly string[];
  /** Names of the columns that its CHECKs read; null for one that reads the whole row. */
  readonly checked?: readonly (string | null)[];
  /** It has no rules, child tables or parent, and no CHECK that its rows may break. */
  readonly alone?: boolean;
  readonly triggers: readonly Trigger[];
  readonly policies: readonly Policy[];
  readonly rowSecurity: boolean;
  readonly forceRowSecurity: boolean;
  readonly owner: string;
  readonly extension: string | null;
}

export interface Column {
  readonly name: string;
  /** attnum, 1-based. */
  readonly number: number;
  readonly type: number;
  readonly typmod: number;
  readonly notNull: boolean;
  readonly default: string | null;
  readonly generated: boolean;
  readonly identity: 'always' | 'by-default' | null;
}

/** A unique index that is valid and covers every row when `predicate` is null. */
export interface UniqueKey {
  readonly name: string;
  /** Column names; null for an expression. */
  readonly columns: readonly (string | null)[];
  readonly primary: boolean;
  readonly predicate: string | null;
  readonly deferrable: boolean;
  readonly nullsNotDistinct: boolean;
}

export interface ForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly references: {
    readonly schema: string;
    readonly table: string;
    readonly columns: readonly string[];
  };
  /** Rows may break it until the transaction ends. */
  readonly deferrable: boolean;
}

export interface Trigger {
  readonly name: string;
  readonly events: readonly ('insert' | 'update' | 'delete' | 'truncate')[];
  readonly timing: 'before' | 'after' | 'instead of';
  readonly level: 'row' | 'statement';
  readonly routine: number;
  readonly definition: string;
}

export interface Policy {
  readonly name: string;
  readonly command: string;
  readonly roles: readonly string[];
  readonly using: string | null;
  readonly check: string | null;
}

export interface PgType {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** As format_type prints it without a modifier: `integer`, `timestamp with time zone`, `app.status`. */
  readonly sqlName: string;
  readonly kind: 'base' | 'enum' | 'domain' | 'composite' | 'range' | 'multirange' | 'pseudo';
  /** pg_type.typcategory, e.g. `N`, `S`, `A`. */
  readonly category: string;
  readonly preferred: boolean;
  /** Element type of an array, or 0. */
  readonly element: number;
  readonly array: number;
  readonly enumLabels: readonly string[];
  readonly baseType: number;
  readonly notNull: boolean;
  /** The CHECKs of a domain as expressions over VALUE, those of its base left out. */
  readonly checks: readonly string[];
  /** pg_class OID of a composite, or 0. */
  readonly relation: number;
}

export interface Builtin {
  /** Some overload is volatile. */
  readonly volatile: boolean;
  readonly returnsSet: boolean;
  readonly aggregate: boolean;
  readonly window: boolean;
}
