/** Looks names up as PostgreSQL does: by schema when written, else along a search path. */
import type { Catalog, PgType, Relation, Routine } from '../1-read/catalog.js';

export interface NameLookup {
  readonly catalog: Catalog;
  /** pg_catalog is always in it. */
  readonly searchPath: readonly string[];
  relation(schema: string | null, name: string): Relation | null;
  relationByOid(oid: number): Relation | null;
  type(schema: string | null, name: string): PgType | null;
  /** Routines of that name: of the schema, or of the first schemas on the path; nearest first. */
  routines(schema: string | null, name: string): readonly Routine[];
}

/** Names resolved along `searchPath`, which need not name pg_catalog. */
export function nameLookup(catalog: Catalog, searchPath: readonly string[]): NameLookup {
  const path = searchPath.includes('pg_catalog') ? searchPath : ['pg_catalog', ...searchPath];
  const index = catalogIndex(catalog);
  const along = <T>(schema: string | null, get: (schema: string) => T | undefined): T | null => {
    for (const candidate of schema === null ? path : [schema]) {
      const found = get(candidate);
      if (found !== undefined) return found;
    }
    return null;
  };
  return {
    catalog,
    searchPath: path,
    relation: (schema, name) => along(schema, (each) => index.relations.get(key(each, name))),
    relationByOid: (oid) => index.relationsByOid.get(oid) ?? null,
    type: (schema, name) => along(schema, (each) => index.types.get(key(each, name))),
    routines: (schema, name) =>
      (schema === null ? path : [schema]).flatMap((each) => index.routines.get(key(each, name)) ?? []),
  };
}

/** The path that a routine's body runs under: its own SET search_path, else the login's. */
export function searchPathOf(routine: Pick<Routine, 'configuration'>, catalog: Catalog): readonly string[] {
  const setting = routine.configuration.find((entry) => /^search_path=/i.test(entry));
  if (setting === undefined) return catalog.searchPath;
  return (setting.slice(setting.indexOf('=') + 1).match(/"(?:[^"]|"")*"|[^,\s]+/g) ?? [])
    .map((part) => (part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part.toLowerCase()))
    .map((part) => (part === '$user' ? catalog.currentUser : part))
    .filter((part) => part !== '');
}

interface CatalogIndex {
  readonly relations: ReadonlyMap<string, Relation>;
  readonly relationsByOid: ReadonlyMap<number, Relation>;
  readonly types: ReadonlyMap<string, PgType>;
  readonly routines: ReadonlyMap<string, readonly Routine[]>;
}

const indexes = new WeakMap<Catalog, CatalogIndex>();

/** One index a catalog: hundreds of bodies are resolved against the same one. */
function catalogIndex(catalog: Catalog): CatalogIndex {
  const known = indexes.get(catalog);
  if (known) return known;
  const routines = new Map<string, Routine[]>();
  for (const routine of catalog.routines) {
    const name = key(routine.schema, routine.name);
    routines.set(name, [...(routines.get(name) ?? []), routine]);
  }
  const index: CatalogIndex = {
    relations: new Map(catalog.relations.map((relation) => [key(relation.schema, relation.name), relation])),
    relationsByOid: new Map(catalog.relations.map((relation) => [relation.oid, relation])),
    types: new Map([...catalog.types.values()].map((type) => [key(type.schema, type.name), type])),
    routines,
  };
  indexes.set(catalog, index);
  return index;
}

function key(schema: string, name: string): string {
  return `${schema}\0${name}`;
}
