/** What the translation of a body knows of the routines that the body calls. */
import type { Catalog, Routine } from '../1-read/catalog.js';
import type { SingleStatement } from '../4-classify/verdict.js';
import type { ModuleDraft } from './draft.js';

export interface Callees {
  /** The routine as a generated function, complete; null: its call stays a call of the database. */
  module(oid: number): ModuleDraft | null;
  /** The one statement that the routine is in effect; null: it is several, or must stay. */
  single(oid: number): SingleStatement | null;
  /** Does its body write, lock, or call what may? A routine whose body was not read may do anything. */
  acts(oid: number): boolean;
  /** Told which arguments a generated function is called with that may be NULL. */
  noteNullable?(oid: number, position: number): void;
}

/** What a person has to know of the calls that stay in the code. */
export function stayingHazard(
  staying: ReadonlySet<string>,
): readonly { readonly rule: string; readonly message: string }[] {
  if (staying.size === 0) return [];
  const names = [...staying].join(', ');
  return [{ rule: 'calls-routine', message: `The code calls ${names}, which must stay in the database.` }];
}

/**
 * May the routine's text take the place of its call? SECURITY DEFINER and SET give the body another role or
 * other settings, which no text in its place would have. One that takes its caller's identity as an argument can
 * not be called in the database any more: its text runs with the rights of the login, as that of a routine at a
 * call site does, and its names were resolved with its own search path already.
 */
export function runsAsCaller(routine: Routine): boolean {
  const plain = routine.kind === 'function' || routine.kind === 'procedure';
  const given = routine.identity !== undefined;
  const settings = routine.configuration.filter((one) => !given || !/^search_path=/i.test(one));
  return plain && (given || !routine.securityDefiner) && settings.length === 0 && routine.extension === null;
}

export function routineByOid(catalog: Catalog, oid: number | null): Routine | null {
  return oid === null ? null : (catalog.routines.find((each) => each.oid === oid) ?? null);
}
