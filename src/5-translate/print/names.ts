/** Where the printer gets the names that only the place of a translation knows. */
export interface Names {
  /** Local name for an import; calling it records the need. */
  import(module: string, name: string, typeOnly: boolean): string;
  /** Local name of the user's Drizzle table. */
  table(schema: string, table: string): string;
  /** Local name of a generated routine or support function. */
  routine(module: string, name: string): string;
  /** `db`, `tx`, `this.db`. */
  readonly executor: string;
  /** `executeTransaction` or `db.transaction`. */
  readonly transaction: string;
  /** TypeScript text of an input argument. */
  argument(position: number): string;
}
