/**
 * The one closed list of reasons for not rewriting something. The gravest of several wins.
 * A reason is data; its sentence and what a person can do are written here and nowhere else.
 */

export interface Reason {
  /** Of a routine (its body forbids it) or of a site (its surroundings do). */
  readonly level: 'routine' | 'site';
  /** Status that a site with this reason gets. */
  readonly status: 'kept' | 'unresolved';
  /** Higher is graver. */
  readonly gravity: number;
  readonly sentence: string;
  /** What a person can do. */
  readonly remedy: string;
}

const routine = (gravity: number, sentence: string, remedy: string): Reason => ({
  level: 'routine',
  status: 'kept',
  gravity,
  sentence,
  remedy,
});

const site = (gravity: number, sentence: string, remedy: string): Reason => ({
  level: 'site',
  status: 'kept',
  gravity,
  sentence,
  remedy,
});

const unresolved = (gravity: number, sentence: string, remedy: string): Reason => ({
  level: 'site',
  status: 'unresolved',
  gravity,
  sentence,
  remedy,
});

export const reasons = {
  'dynamic-sql': routine(
    95,
    'The body builds SQL text and executes it.',
    'Keep the call, or write the statements that it can become by hand.',
  ),
  'transaction-control': routine(
    94,
    'The body commits or rolls back.',
    'Call it outside a transaction; split it by hand where each part may commit alone.',
  ),
  'session-state': routine(
    93,
    'The body changes or reads state of the session, which a transaction-mode pooler hands to other clients.',
    'Use the transaction-level form (pg_advisory_xact_lock, SET LOCAL) or a direct connection.',
  ),
  ddl: routine(92, 'The body changes the schema.', 'Keep it in the database, or move it to a migration.'),
  'temp-table': routine(
    91,
    'The body makes a temporary table.',
    'Replace the temporary table by a common table expression or a real table.',
  ),
  cursor: routine(90, 'The body opens a cursor.', 'Replace the cursor by a query.'),
  'not-sql-language': routine(98, 'The routine is not written in SQL or PL/pgSQL.', 'Keep the call.'),
  'external-effect': routine(
    96,
    'The body acts outside the transaction (dblink, pg_net, a background worker).',
    'Keep the call, or move the effect into the application by hand.',
  ),
  'extension-owned': routine(99, 'The routine belongs to an extension.', 'Keep the call.'),
  'trigger-function': routine(97, 'The routine is a trigger function.', 'Keep it; triggers go on firing.'),
  identity: routine(
    80,
    'The body depends on who calls (auth.uid(), current_setting, current_user).',
    'Pass the identity as an argument, or keep the call inside a transaction that sets it.',
  ),
  polymorphic: routine(
    79,
    'The routine takes or gives a polymorphic type, and the call does not show which.',
    'Cast the arguments at the call to types that are no domains, or make a version for the type in use.',
  ),
  recursive: routine(
    78,
    'The routine calls itself, if only by way of others, where no step of a function can.',
    'Keep the call, make the call of itself an assignment of its own in PL/pgSQL, or use WITH RECURSIVE.',
  ),
  snapshot: routine(
    70,
    'The body reads several times on one snapshot, which several statements do not have.',
    'Call it outside a transaction, or join the reads into one statement.',
  ),
  'table-not-in-schema': routine(
    60,
    'The body uses a table or column that the Drizzle schema lacks.',
    'Add it to the schema and run again.',
  ),
  'schema-side-effect': routine(
    59,
    'The Drizzle schema sets a column in JavaScript ($onUpdate, $defaultFn) that the body leaves to the database.',
    'Set the column in the body, or remove the schema option.',
  ),
  unsupported: routine(
    50,
    'The body uses a construct that is not translated.',
    'Keep the call, or translate it by hand.',
  ),
  'body-parse-error': routine(
    100,
    'The body does not parse.',
    'Look at the message; the routine may not run either.',
  ),

  'routine-not-found': unresolved(
    100,
    'The database has no routine of this name that the call could mean.',
    'Create it, or remove the call: it fails today.',
  ),
  'not-visible': unresolved(
    99,
    'The login may not see this routine or its schema.',
    'Use a login with USAGE on the schema.',
  ),
  'ambiguous-overload': unresolved(
    98,
    'Several routines fit the call.',
    'Cast the arguments so that one fits.',
  ),
  'computed-name': unresolved(
    97,
    'The routine name is computed.',
    'Write the name as a literal, or one call for each name.',
  ),
  'call-parse-error': unresolved(
    96,
    'The SQL of the call could not be read.',
    'Look at the message; the call may fail today.',
  ),

  'client-side': site(
    90,
    'The call runs in the browser, where no database client is.',
    'Make a server function and call that.',
  ),
  embedded: site(
    80,
    'The routine is called inside a larger statement.',
    'Move the larger statement to the query builder by hand.',
  ),
  'rpc-not-yet': site(
    79,
    'This form of a call through .rpc() is not rewritten yet.',
    'Await the plain request and read { data, error }, or use execute.',
  ),
  'several-routines': site(
    77,
    'The name is one of several, chosen while it runs.',
    'Write one call for each name, then run again.',
  ),
  'never-sent': site(78, 'The request is never awaited: it has never run.', 'Await it, or remove it.'),
  'builder-escapes': site(
    70,
    'The un-awaited request is stored, passed on or returned.',
    'Await it where it is made.',
  ),
  'response-metadata': site(
    69,
    'The code reads more of the response than its rows.',
    'Read only the rows, then run again.',
  ),
  'no-client': site(
    60,
    'No Drizzle client is known to take the place of the one that is called.',
    'Name one with --client name@path.',
  ),
  'type-error': site(
    50,
    'The rewritten file would have a new type error.',
    'Look at the diagnostic; change the types round the call.',
  ),
  'proof-differs': site(95, 'Old and new did not do the same.', 'Look at the counter-example in the report.'),
} as const satisfies Record<string, Reason>;

export type ReasonId = keyof typeof reasons;

/** The gravest first. */
export function byGravity(a: { readonly id: ReasonId }, b: { readonly id: ReasonId }): number {
  return reasons[b.id].gravity - reasons[a.id].gravity;
}
