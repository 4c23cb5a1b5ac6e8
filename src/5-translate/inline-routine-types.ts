/** An argument's SQL with the type that its parameter has. */
import type { Catalog, Column, Relation } from '../1-read/catalog.js';
import type { Binding } from '../2-find/resolved-site.js';
import type { EmbeddedArgument, EmbeddedCall, EmbeddedTable } from '../sql/embedded-call.js';
import { readConstant, sameType, typeName } from './arguments.js';
import type { InlineInput } from './inline-routine.js';

/** The text with a cast to the declared type, unless it has exactly that. */
export function typed(
  text: string,
  atomic: boolean,
  facts: EmbeddedArgument | null,
  binding: Binding,
  { catalog, place }: InlineInput,
): string {
  const declared = binding.parameter.type;
  if (facts !== null && columnOf(text, facts, place.call, catalog)?.column.type === declared) return text;
  const casts = binding.argument?.casts ?? [];
  const last = casts[casts.length - 1];
  if (last !== undefined && sameType(catalog, last, declared)) return text;
  const written = /::([\w. "[\]]+)$/.exec(text.trim())?.[1];
  if (atomic && written !== undefined && sameType(catalog, written, declared)) return text;
  const constant = readConstant(text, declared, catalog);
  if (constant?.kind === 'boolean' && declared === 16) return text;
  if (constant?.kind === 'number' && declared === 23 && /^\d{1,9}$/.test(text)) return text;
  const bare = atomic && !text.startsWith('-') ? text : `(${text})`;
  return `${bare}::${typeName(catalog, declared)}`;
}

/** The column, with its table, that an argument without a cast of its own is; null when that is not sure. */
export function columnOf(
  text: string,
  facts: EmbeddedArgument,
  { tables, otherSources }: EmbeddedCall,
  catalog: Catalog,
): { readonly table: string; readonly column: Column } | null {
  if (!facts.atomic || tables === null || !/^[\w."$]+$/.test(text)) return null;
  const [qualified] = facts.columns;
  if (qualified === undefined && otherSources) return null;
  const name = qualified?.column ?? facts.bareNames[0];
  const own = tables.filter((table) => qualified === undefined || table.name === qualified.table);
  const found = own.map((table) => ({ table: table.name, relation: relationOf(table, catalog) }));
  if (found.some(({ relation }) => relation === undefined)) return null;
  const columns = found.flatMap(({ table, relation }) =>
    (relation?.columns ?? []).flatMap((column) => (column.name === name ? [{ table, column }] : [])),
  );
  return columns.length === 1 ? (columns[0] ?? null) : null;
}

function relationOf({ schema, table }: EmbeddedTable, catalog: Catalog): Relation | undefined {
  const schemas = schema === null ? catalog.searchPath : [schema];
  const found = schemas.map((one) =>
    catalog.relations.find((relation) => relation.schema === one && relation.name === table),
  );
  return found.find((relation) => relation !== undefined);
}
