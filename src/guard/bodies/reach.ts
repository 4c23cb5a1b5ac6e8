/**
 * Which bodies a statement reaches in the database: routines that it calls, views that it reads, triggers, defaults and
 * policies of the tables that it touches, and so on from each of them.
 */
import type { Relation, Routine } from '../../1-read/catalog.js';
import { searchPathOf } from '../../3-parse/name-lookup.js';
import type { BodyDatabase } from './body-database.js';
import { candidatesFor } from './candidates.js';
import { readText, type TextReading } from './read-text.js';
import type { RelationUse } from './relation-uses.js';

export interface Reached {
  /** How it is reached, from the statement on: `public.pay`, `trigger audit on public.orders`. */
  readonly path: readonly string[];
  /** Null for a view, a policy or a default. */
  readonly routine: Routine | null;
  readonly reading: TextReading;
  /** The role with whose rights it touches relations. */
  readonly role: string;
  /** The role that calls routines: a view calls them as whoever reads it. */
  readonly caller: string;
  /** The routines on the way, itself included. */
  readonly via: readonly Routine[];
  /** Along which its unqualified names are looked up. */
  readonly searchPath: readonly string[];
  /** Row security of this table, where it is a policy's expression. */
  readonly policyOf: Relation | null;
}

/** What a text of the login itself reaches; its own text is the first. Each body is given once a role. */
export function reach(database: BodyDatabase, reading: TextReading): readonly Reached[] {
  const role = database.role.name;
  const root: Reached = {
    path: [],
    routine: null,
    reading,
    role,
    caller: role,
    via: [],
    searchPath: database.searchPath,
    policyOf: null,
  };
  const seen = new Set<string>();
  const found: Reached[] = [root];
  for (let at = 0; at < found.length && at < 2000; at += 1) {
    const from = found[at];
    if (from === undefined) break;
    for (const next of nextOf(database, from)) {
      const key = `${next.key}\0${next.reached.role}\0${next.reached.caller}`;
      if (seen.has(key)) continue;
      seen.add(key);
      found.push(next.reached);
    }
  }
  return found;
}

interface Next {
  readonly key: string;
  readonly reached: Reached;
}

function nextOf(database: BodyDatabase, from: Reached): readonly Next[] {
  return [
    ...from.reading.calls.flatMap((call) =>
      candidatesFor(database, call, from.searchPath).map(({ routine }) =>
        intoRoutine(database, from, routine, nameOf(routine)),
      ),
    ),
    ...from.reading.relations.flatMap((use) => ofRelation(database, from, use)),
  ];
}

function intoRoutine(database: BodyDatabase, from: Reached, routine: Routine, step: string): Next {
  const text = routine.source === '' ? (routine.sqlBody ?? '') : routine.source;
  const readable = routine.extension === null && /^(?:sql|plpgsql)$/.test(routine.language);
  const own = routine.configuration.some((entry) => /^search_path=/i.test(entry));
  const role = routine.securityDefiner ? routine.owner : from.caller;
  return {
    key: `routine ${routine.oid}`,
    reached: {
      path: [...from.path, step],
      routine,
      reading: remembered(database, `routine ${routine.oid}`, readable ? text : ''),
      role,
      caller: role,
      via: [...from.via, routine],
      searchPath: own ? searchPathOf(routine, database.catalog) : from.searchPath,
      policyOf: null,
    },
  };
}

function ofRelation(database: BodyDatabase, from: Reached, use: RelationUse): readonly Next[] {
  const relation = relationFor(database, use, from.searchPath);
  if (relation === null) return [];
  const name = `${relation.schema}.${relation.name}`;
  const found: Next[] = [];
  const expression = (
    key: string,
    step: string,
    text: string,
    role: string,
    policyOf: Relation | null,
  ): void => {
    found.push({
      key,
      reached: {
        path: [...from.path, step],
        routine: null,
        reading: remembered(database, key, `SELECT ${text}`),
        role,
        caller: role,
        via: from.via,
        searchPath: from.searchPath,
        policyOf,
      },
    });
  };
  const view = database.views.get(relation.oid);
  if (view !== undefined && use.use === 'select') {
    const role = view.securityInvoker ? from.role : relation.owner;
    const key = `view ${relation.oid}`;
    const reading = remembered(database, key, view.definition);
    const { searchPath, caller, via } = from;
    const path = [...from.path, `view ${name}`];
    found.push({
      key,
      reached: { path, routine: null, reading, role, caller, via, searchPath, policyOf: null },
    });
  }
  for (const trigger of relation.triggers.filter(({ events }) => events.some((event) => event === use.use))) {
    const routine = database.catalog.routines.find(({ oid }) => oid === trigger.routine);
    if (routine !== undefined)
      found.push(
        intoRoutine(database, from, routine, `trigger ${trigger.name} on ${name} → ${nameOf(routine)}`),
      );
  }
  if (use.use === 'insert') {
    for (const column of relation.columns) {
      if (column.default !== null && !column.generated)
        expression(
          `default ${relation.oid} ${column.name}`,
          `default of ${name}.${column.name}`,
          column.default,
          from.role,
          null,
        );
    }
  }
  for (const policy of policiesFor(database, relation, use, from.role)) {
    const text = [policy.using, policy.check].filter((one) => one !== null).join(', ');
    if (text !== '')
      expression(
        `policy ${relation.oid} ${policy.name}`,
        `policy ${policy.name} on ${name}`,
        text,
        from.role,
        relation,
      );
  }
  return found;
}

/** The policies that hold for the role; none where row security does not. */
export function policiesFor(
  { bypassing, role: login }: BodyDatabase,
  relation: Relation,
  { use }: RelationUse,
  role: string,
): Relation['policies'] {
  if (!isSecured({ bypassing }, relation, role)) return [];
  return relation.policies.filter(({ command, roles }) => {
    const asked =
      command === 'ALL' || command === use.toUpperCase() || (command === 'SELECT' && use !== 'insert');
    return (
      asked &&
      roles.some(
        (one) => one === 'public' || one === role || (role === login.name && login.memberOf.has(one)),
      )
    );
  });
}

/** Whether row security holds for the role. */
export function isSecured(
  { bypassing }: Pick<BodyDatabase, 'bypassing'>,
  relation: Relation,
  role: string,
): boolean {
  if (!relation.rowSecurity || bypassing.has(role)) return false;
  return relation.owner !== role || relation.forceRowSecurity;
}

/** The relation that a use means, or null. */
export function relationFor(
  { catalog }: BodyDatabase,
  { schema, name }: RelationUse,
  searchPath: readonly string[],
): Relation | null {
  const named = catalog.relations.filter((one) => one.name === name);
  if (schema !== null) return named.find((one) => one.schema === schema) ?? null;
  for (const each of searchPath) {
    const found = named.find((one) => one.schema === each);
    if (found !== undefined) return found;
  }
  return null;
}

export function nameOf({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${schema}.${name}`;
}

const readings = new WeakMap<BodyDatabase, Map<string, TextReading>>();

/** Each body is scanned once. */
function remembered(database: BodyDatabase, key: string, text: string): TextReading {
  let known = readings.get(database);
  if (known === undefined) readings.set(database, (known = new Map<string, TextReading>()));
  let reading = known.get(key);
  if (reading === undefined) known.set(key, (reading = readText(text)));
  return reading;
}
