/**
 * Reads the tables of loaded modules with the user's own Drizzle, 0.44 and 0.45. Runs in the child process
 * of io/load-module.ts, so it has no relative value imports and its answer is plain data.
 */
import type { LoadedModules } from '../io/load-module.js';

/** One table object; several exports may lead to it. */
export interface LoadedTable {
  readonly places: readonly { readonly file: string; readonly exportName: string }[];
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly LoadedColumn[];
}

export interface LoadedColumn {
  readonly property: string;
  readonly name: string;
  /** The schema gives no name: `drizzle({ casing })` decides it. */
  readonly keyAsName: boolean;
  readonly columnType: string;
  readonly dataType: string;
  readonly sqlType: string;
  readonly elementType?: string;
  readonly notNull: boolean;
  readonly required: boolean;
  readonly runtimeDefault: boolean;
  readonly onUpdate: boolean;
}

interface ColumnObject {
  readonly name: string;
  readonly keyAsName?: boolean;
  readonly columnType: string;
  readonly dataType: string;
  /** Of an array. */
  readonly baseColumn?: { readonly columnType: string };
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  readonly generated?: unknown;
  readonly defaultFn?: unknown;
  readonly onUpdateFn?: unknown;
  getSQLType(): string;
}

interface DrizzleCore {
  is(value: unknown, type: unknown): boolean;
  getTableColumns(table: object): Readonly<Record<string, ColumnObject>>;
}

interface DrizzlePg {
  readonly PgTable: unknown;
  getTableConfig(table: object): { readonly name: string; readonly schema: string | undefined };
}

/**
 * The tables among the exports, in order of first appearance.
 * @public Imported by the child process, by its path.
 */
export async function readModules({ modules, load }: LoadedModules): Promise<readonly LoadedTable[]> {
  const places = new Map<object, { file: string; exportName: string }[]>();
  const tables = new Map<object, Omit<LoadedTable, 'places'>>();
  for (const { file, exports } of modules) {
    const core = (await load('drizzle-orm', file)) as DrizzleCore;
    const pg = (await load('drizzle-orm/pg-core', file)) as DrizzlePg;
    for (const [exportName, value] of Object.entries(exports)) {
      if (typeof value !== 'object' || value === null || !core.is(value, pg.PgTable)) continue;
      const known = places.get(value);
      if (known) known.push({ file, exportName });
      else {
        places.set(value, [{ file, exportName }]);
        tables.set(value, describe(value, core, pg));
      }
    }
  }
  return [...tables].map(([table, described]) => ({ ...described, places: places.get(table) ?? [] }));
}

function describe(table: object, core: DrizzleCore, pg: DrizzlePg): Omit<LoadedTable, 'places'> {
  const { name, schema } = pg.getTableConfig(table);
  const columns = Object.entries(core.getTableColumns(table)).map(([property, column]) => ({
    property,
    name: column.name,
    keyAsName: column.keyAsName ?? false,
    columnType: column.columnType,
    dataType: column.dataType,
    sqlType: column.getSQLType(),
    ...(column.baseColumn && { elementType: column.baseColumn.columnType }),
    notNull: column.notNull,
    required: column.notNull && !column.hasDefault && column.generated === undefined,
    runtimeDefault: column.defaultFn !== undefined,
    onUpdate: column.onUpdateFn !== undefined,
  }));
  return { schema: schema ?? 'public', name, columns };
}
