/** The columns of a result row at a site, as PostgreSQL names them. */
import type { Catalog, Routine } from '../1-read/catalog.js';
import type { RoutineCall, SiteRefusal } from './call-site.js';
import type { OutputColumn, SiteOutput } from './resolved-site.js';

const voidType = 2278;

interface ResultColumn {
  readonly name: string;
  readonly type: number;
}

/** What the statement gives of the routine's result, or why that cannot be told. */
export function resolveOutput(
  call: RoutineCall,
  routine: Routine,
  catalog: Catalog,
): SiteOutput | SiteRefusal {
  const columns = resultColumns(routine, catalog);
  if (call.form === 'call')
    return { shape: columns === null ? 'void' : 'row', columns: asOutput(columns ?? []) };
  const shape = routine.returnType === voidType ? 'void' : 'scalar';
  if (call.form === 'scalar') {
    return { shape, columns: [{ key: call.scalarKey, source: routine.name, type: routine.returnType }] };
  }
  if (columns === null && routine.returnType === 2249) {
    return {
      reason: 'call-parse-error',
      detail: 'the routine gives records whose columns the call does not name',
    };
  }
  const own = columns ?? [{ name: scalarColumn(call, routine), type: routine.returnType }];
  const named = own.map(({ name, type }, index) => ({
    name: call.columnAliases?.[index] ?? name,
    source: columns === null ? routine.name : name,
    type,
  }));
  const chosen = choose(call, named, columns !== null);
  return 'reason' in chosen ? chosen : { shape: columns === null ? shape : 'row', columns: chosen };
}

/** Columns of a row result in order; null for a scalar or void one. */
function resultColumns(routine: Routine, catalog: Catalog): readonly ResultColumn[] | null {
  const out = routine.arguments.filter(({ mode }) => mode === 'out' || mode === 'inout' || mode === 'table');
  const columns = out.map(({ name, type }, index) => ({ name: name ?? `column${String(index + 1)}`, type }));
  if (routine.kind === 'procedure') return columns.length === 0 ? null : columns;
  if (columns.length > 1) return columns;
  let type = catalog.types.get(routine.returnType);
  while (type?.kind === 'domain') type = catalog.types.get(type.baseType);
  if (type?.kind !== 'composite') return null;
  return catalog.relations.find((relation) => relation.rowType === type.oid)?.columns ?? null;
}

/** A single named OUT parameter gives the name; else the alias of FROM; else the routine. */
function scalarColumn(call: RoutineCall, routine: Routine): string {
  const out = routine.arguments.find(({ mode }) => mode === 'out' || mode === 'inout' || mode === 'table');
  return out?.name ?? call.tableAlias ?? routine.name;
}

function choose(
  call: RoutineCall,
  columns: readonly (ResultColumn & { readonly source: string })[],
  composite: boolean,
): readonly OutputColumn[] | SiteRefusal {
  if (call.columns === null) return columns.map(({ name, source, type }) => ({ key: name, source, type }));
  const chosen: OutputColumn[] = [];
  for (const { name, alias } of call.columns) {
    const column = columns.find((one) => one.name === name);
    if (column !== undefined) chosen.push({ key: alias, source: column.source, type: column.type });
    else if (composite && name === (call.tableAlias ?? call.name)) {
      return { reason: 'embedded', detail: `\`${name}\` is a whole row in one column` };
    } else return { reason: 'call-parse-error', detail: `the result has no column ${name}` };
  }
  return chosen;
}

function asOutput(columns: readonly ResultColumn[]): readonly OutputColumn[] {
  return columns.map(({ name, type }) => ({ key: name, source: name, type }));
}
