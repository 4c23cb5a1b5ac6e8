/**
 * The routines of a database as `rpc-to-execute` wants them told. What PostgREST gives its caller in another form than
 * a query does, or lets another role do, has the reason for which its calls stay.
 */
import type { PgType, Routine, RoutineArgument } from '../1-read/catalog.js';
import type { BodyDatabase } from './bodies/body-database.js';
import { nameOf, reach, relationFor } from './bodies/reach.js';
import { readText } from './bodies/read-text.js';

/** See transforms/shared/routines.ts, which imports nothing from here. */
export interface CodemodRoutine {
  readonly schema: string;
  readonly name: string;
  readonly arguments: readonly { readonly name: string; readonly type: string; readonly optional: boolean }[];
  readonly returns: CodemodResult;
  /** Why its calls stay, after "is left: ". */
  readonly leave?: string;
}

type CodemodResult =
  | { readonly kind: 'void' }
  | { readonly kind: 'scalar'; readonly type: string }
  | { readonly kind: 'rows'; readonly columns: readonly { readonly name: string; readonly type: string }[] };

/** The functions whose names the text of a file holds. */
export function codemodRoutines(database: BodyDatabase, text: string): readonly CodemodRoutine[] {
  // Who calls is nobody that the database knows, so that it is told from an owner of the same name.
  const asked = { ...database, role: { ...database.role, name: '' } };
  return database.catalog.routines
    .filter(({ kind, extension, name }) => kind === 'function' && extension === null && text.includes(name))
    .map((routine) => tell(asked, routine));
}

function tell(database: BodyDatabase, routine: Routine): CodemodRoutine {
  const { schema, name } = routine;
  const inputs = routine.arguments.filter(({ mode }) => mode !== 'out' && mode !== 'table');
  const returns = resultOf(database, routine);
  const leave =
    (typeof returns === 'string' ? returns : null) ??
    inputs.map((input) => reasonOf(database, input)).find((reason) => reason !== null) ??
    securedBy(database, routine);
  return {
    schema,
    name,
    arguments: inputs.map((input) => ({
      name: input.name ?? '',
      type: typeOf(database, input.type)?.sqlName ?? '',
      optional: input.default !== null,
    })),
    returns: typeof returns === 'string' ? { kind: 'void' } : returns,
    ...(leave === null ? {} : { leave }),
  };
}

/** Composite values and arrays of documents have a text that only PostgreSQL writes. */
function reasonOf(database: BodyDatabase, { name, type, mode }: RoutineArgument): string | null {
  if (name === null || name === '') return 'an argument has no name';
  if (mode === 'variadic') return `its argument ${name} is VARIADIC`;
  const declared = base(database, type);
  const element = declared === null ? null : base(database, declared.element);
  const kinds = [declared?.kind, element?.kind];
  if (declared === null || kinds.includes('pseudo')) return `its argument ${name} takes any type`;
  if (kinds.includes('composite')) return `its argument ${name} is a composite value`;
  return null;
}

function resultOf(database: BodyDatabase, routine: Routine): CodemodResult | string {
  const outs = routine.arguments.filter(({ mode }) => mode === 'out' || mode === 'inout' || mode === 'table');
  const result = typeOf(database, routine.returnType);
  const relation = database.catalog.relations.find(({ oid }) => oid === result?.relation) ?? null;
  if (result?.sqlName === 'void') return { kind: 'void' };
  if (!routine.returnsSet) {
    if (outs.length > 0 || relation !== null) return 'PostgREST gives its one row as an object';
    if (result === null || base(database, result.oid)?.kind === 'pseudo') return 'its result has no type';
    return { kind: 'scalar', type: shownType(database, result.oid) };
  }
  const columns: readonly { readonly name: string | null; readonly type: number }[] =
    relation?.columns ?? outs;
  if (columns.length === 0 || (relation === null && columns.length === 1))
    return 'PostgREST gives a list of values, and a query gives rows';
  return {
    kind: 'rows',
    columns: columns.map(({ name, type }) => ({ name: name ?? '', type: shownType(database, type) })),
  };
}

/**
 * PostgREST runs as the role of the token and a pool as its login: the rows that a policy shows to the one are not
 * those of the other. A body that runs as its owner sees the same from both.
 */
function securedBy(database: BodyDatabase, routine: Routine): string | null {
  const given = routine.arguments
    .filter((one) => one.mode !== 'out' && one.mode !== 'table' && one.default === null)
    .map(({ name }) => `${quoted(name ?? '')} => $1`);
  const call = `SELECT ${quoted(routine.schema)}.${quoted(routine.name)}(${given.join(', ')})`;
  for (const { reading, role, searchPath } of reach(database, readText(call))) {
    if (role !== database.role.name) continue;
    for (const use of reading.relations) {
      const relation = relationFor(database, use, searchPath);
      if (relation?.rowSecurity === true)
        return `row security of ${nameOf(relation)} asks who calls, which is the login of the pool then`;
    }
  }
  return null;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Labels of an enum travel as text both ways. */
function shownType(database: BodyDatabase, oid: number): string {
  const found = base(database, oid);
  return found?.kind === 'enum' ? 'text' : (found?.sqlName ?? '');
}

/** The type below domains. */
function base(database: BodyDatabase, oid: number): PgType | null {
  const found = typeOf(database, oid);
  return found?.kind === 'domain' ? base(database, found.baseType) : found;
}

function typeOf({ catalog }: BodyDatabase, oid: number): PgType | null {
  return catalog.types.get(oid) ?? null;
}
