/**
 * Reads the tables of loaded modules with the user's own Drizzle 1.0, whose columns name their data type in
 * two words, keep array dimensions apart and are cased when the table is made. The answer is in the terms
 * of 0.4x. Runs in the child process of io/load-module.ts.
 */
import type { LoadedModules } from '../io/load-module.js';
import type { LoadedColumn, LoadedTable } from './load-tables-drizzle-0.js';

interface ColumnObject {
  readonly name: string;
  readonly columnType: string;
  /** `number int32`, `object date`, `string`. */
  readonly dataType: string;
  readonly dimensions?: number;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  readonly generated?: unknown;
  readonly defaultFn?: unknown;
  readonly onUpdateFn?: unknown;
  getSQLType(): string;
}

interface DrizzleCore {
  is(value: unknown, type: unknown): boolean;
  getColumns?(table: object): Readonly<Record<string, ColumnObject>>;
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
  const found = new Map<object, LoadedTable>();
  for (const { file, exports } of modules) {
    const core = (await load('drizzle-orm', file)) as DrizzleCore;
    const pg = (await load('drizzle-orm/pg-core', file)) as DrizzlePg;
    for (const [exportName, value] of Object.entries(exports)) {
      if (typeof value !== 'object' || value === null || !core.is(value, pg.PgTable)) continue;
      const known = found.get(value);
      const places = [...(known?.places ?? []), { file, exportName }];
      const { name, schema } = pg.getTableConfig(value);
      const columns = known?.columns ?? describeColumns((core.getColumns ?? core.getTableColumns)(value));
      found.set(value, { places, schema: schema ?? 'public', name, columns });
    }
  }
  return [...found.values()];
}

function describeColumns(columns: Readonly<Record<string, ColumnObject>>): readonly LoadedColumn[] {
  return Object.entries(columns).map(([property, column]) => {
    const dimensions = column.dimensions ?? 0;
    return {
      property,
      name: column.name,
      keyAsName: false,
      columnType: dimensions > 0 ? 'PgArray' : column.columnType,
      dataType: dimensions > 0 ? 'array' : formerDataType(column.dataType),
      sqlType: column.getSQLType() + '[]'.repeat(dimensions),
      ...(dimensions > 0 && { elementType: dimensions > 1 ? 'PgArray' : column.columnType }),
      notNull: column.notNull,
      required: column.notNull && !column.hasDefault && column.generated === undefined,
      runtimeDefault: column.defaultFn !== undefined,
      onUpdate: column.onUpdateFn !== undefined,
    };
  });
}

function formerDataType(dataType: string): string {
  const [kind = '', constraint = ''] = dataType.split(' ');
  return kind === 'object' ? (['date', 'buffer'].includes(constraint) ? constraint : 'json') : kind;
}
