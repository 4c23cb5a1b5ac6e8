/**
 * What the user's TypeScript project offers: its Drizzle tables, clients, driver and transaction helper.
 * Filled by read-user-project.ts.
 */

export type Driver = 'node-postgres' | 'postgres-js' | 'pglite';

export interface UserProject {
  /** Folder of the outermost package.json that governs the given paths (the workspace root). */
  readonly root: string;
  /** package.json whose node_modules give drizzle-orm and the driver. */
  readonly packageFile: string;
  readonly tsconfig: string | null;
  /** Installed drizzle-orm version, or null when there is none. */
  readonly drizzleVersion: string | null;
  readonly tables: readonly DrizzleTable[];
  readonly clients: readonly DrizzleClient[];
  /** Sentences: why clients that the project has do not serve these files. */
  readonly unusedClients?: string;
  /** `casing` of the `drizzle()` call, when it has one. */
  readonly casing?: 'snake_case' | 'camelCase';
  readonly transactionHelpers: readonly TransactionHelper[];
  /** Sentences: what was read from source because loading failed, and why. */
  readonly notes: readonly string[];
}

export interface DrizzleTable {
  /** Absolute path of the file that declares it. */
  readonly file: string;
  readonly exportName: string;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly DrizzleColumn[];
  /** `loaded` from the module, or `read` from its syntax. */
  readonly origin: 'loaded' | 'read';
}

export interface DrizzleColumn {
  /** Key in the table object: `updatedAt`. */
  readonly property: string;
  /** Name in the database: `updated_at`. */
  readonly name: string;
  /** Drizzle's class: `PgInteger`, `PgTimestamp`, `PgNumeric`, `PgArray` … */
  readonly columnType: string;
  /** Drizzle's data type: `number`, `string`, `date`, `boolean`, `bigint`, `json`, `array`, `custom`, `buffer`. */
  readonly dataType: string;
  /** getSQLType(): `integer`, `numeric(12, 2)`, `text[]`. Empty when only read from source. */
  readonly sqlType: string;
  /** Drizzle's class of an array's elements; `PgArray` for an array of arrays, absent when not known. */
  readonly elementType?: string;
  readonly notNull: boolean;
  /** The type of `.values()` wants it: NOT NULL, with no default that the schema knows. Absent when not known. */
  readonly required?: boolean;
  /** `$defaultFn` is set: an insert that omits the column calls JavaScript. */
  readonly runtimeDefault: boolean;
  /** `$onUpdate` is set: every update sets the column. */
  readonly onUpdate: boolean;
}

export interface DrizzleClient {
  readonly file: string;
  readonly exportName: string;
  readonly driver: Driver;
}

export interface TransactionHelper {
  readonly file: string;
  readonly exportName: string;
}
