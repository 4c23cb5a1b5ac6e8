/**
 * The one port to a PostgreSQL: a live server or the embedded one, both through pg's wire client.
 * Implementations: live-database.ts, embedded-database.ts; open-source.ts chooses.
 */

export interface Database {
  readonly kind: 'live' | 'embedded';
  /** What a person may read: `host:port/name` or the SQL files. Never holds a password. */
  readonly label: string;
  /** As `SHOW server_version` prints it, e.g. `15.18`. */
  readonly serverVersion: string;
  /** What was left out or noticed while opening (skipped statements, created roles). */
  readonly notes: readonly string[];
  /**
   * Sends one string by the simple protocol, in one round trip; it may hold several statements.
   * Gives one result set a statement. Throws `DatabaseFailure`.
   */
  query(text: string): Promise<readonly ResultSet[]>;
  /**
   * Parse + Describe + Sync of unnamed statements, outside a transaction; nothing is executed.
   * Answers stand in the order of the requests.
   */
  describe(requests: readonly DescribeRequest[]): Promise<readonly DescribeAnswer[]>;
  close(): Promise<void>;
}

export interface ResultSet {
  readonly command: string;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

export interface DescribeRequest {
  readonly text: string;
  /** Type OIDs of the parameters; 0 or missing leaves the choice to PostgreSQL. */
  readonly parameterTypes?: readonly number[];
}

export type DescribeAnswer =
  | {
      readonly ok: true;
      readonly parameters: readonly number[];
      readonly columns: readonly DescribedColumn[];
    }
  | { readonly ok: false; readonly failure: PostgresError };

export interface DescribedColumn {
  readonly name: string;
  readonly type: number;
  readonly typmod: number;
  readonly table: number;
  readonly column: number;
}

/** The fields of an ErrorResponse (PostgreSQL manual, 54.8) that a person or a proof needs. */
export interface PostgresError {
  readonly sqlstate: string;
  readonly message: string;
  readonly detail: string | null;
  readonly hint: string | null;
  /** 1-based character position in the statement, or null. */
  readonly position: number | null;
}

export class DatabaseFailure extends Error {
  constructor(readonly error: PostgresError) {
    super(error.message);
    this.name = 'DatabaseFailure';
  }
}
