/** What a scratch server adds to the proof of one pair: runs to COMMIT, races, crossing calls and latency. */
import type { Catalog, Routine } from '../1-read/catalog.js';
import type { BodyFacts } from '../7-prove/body-facts.js';
import type { Difference, Evidence } from '../7-prove/evidence.js';
import type { Pair } from '../7-prove/pair.js';
import { readsRole } from '../7-prove/print-identity.js';
import type { ProofSession } from '../7-prove/proof-session.js';
import { callsOut, notifiedChannels, reachedRoutines } from '../7-prove/reached-routines.js';
import type { RaceTable, ServerRequest, ServerResult } from '../7-prove/server/server-request.js';
import { quoteIdentifier } from '../sql/identifier.js';
import type { ProofBench } from './proof-bench.js';

export interface ServerFacts {
  /** Whether these are still left uncompared. */
  readonly locks: boolean;
  readonly notifies: boolean;
  readonly difference: Difference | null;
  /** Other things that were not compared. */
  readonly notes: readonly string[];
  readonly latency?: NonNullable<Evidence['latency']>;
}

interface Input {
  readonly routine: Routine;
  readonly facts: BodyFacts;
  readonly catalog: Catalog;
  readonly bench: ProofBench;
}

/** Milliseconds for each kind of request; a server may be far away. */
const deadlineMs = 120_000;

/** Why the routine must not be run at all, or null. */
export function refusedToRun(
  routine: Routine,
  facts: BodyFacts,
  { catalog, bench }: Omit<Input, 'routine' | 'facts'>,
): string | null {
  if (bench.opened.clone.kind === 'scratch' && readsRole(routine)) {
    return 'the role of the caller, which only the embedded server can take; leave --scratch out';
  }
  const reached = reachedRoutines(routine, catalog);
  const out = callsOut(reached);
  if (out !== null) return out;
  return lackingOf(reached, facts, catalog, bench);
}

/** With the embedded server nothing is compared here. */
export async function proveOnServer(pair: Pair, session: ProofSession, input: Input): Promise<ServerFacts> {
  const { routine, facts, catalog, bench } = input;
  const versions = versionNotes(bench);
  const { clone } = bench.opened;
  const { locks } = facts;
  if (clone.kind !== 'scratch') return { locks, notifies: facts.notifies, difference: null, notes: versions };
  const channels = notifiedChannels(reachedRoutines(routine, catalog));
  const tables = raceTables(facts, catalog);
  const ask = (what: ServerRequest['what']): Promise<ServerResult> =>
    askServer(session, {
      what,
      pair: { ...pair, counting: [], cases: pair.cases },
      tables,
      channels: channels ?? [],
    });
  const notes: string[] = [...versions];
  const deferrable = facts.relations.some((oid) => bench.deferrable.has(oid));
  const notifies = facts.notifies || channels === null || channels.length > 0;
  const isolated = /isolationLevel|accessMode/.test(pair.after);

  let leftNotifies = notifies;
  if (notifies || deferrable || isolated) {
    const result = await ask('committed');
    const difference = differenceOf(result, 'run');
    if (difference !== null) return { locks, notifies, difference, notes };
    leftNotifies = notifies && (channels === null || result.status !== 'same');
    notes.push(...result.notes, ...(result.reason === null ? [] : [`runs to COMMIT (${result.reason})`]));
  }
  let leftLocks = locks;
  if (locks) {
    for (const what of ['races', 'crossing'] as const) {
      const result = await ask(what);
      const difference = differenceOf(result, 'races');
      if (difference !== null) return { locks, notifies: leftNotifies, difference, notes };
      if (what === 'races') leftLocks = result.status !== 'same';
      if (result.reason !== null) notes.push(`${what} (${result.reason})`);
    }
  }
  const { latency } = await ask('latency');
  return {
    locks: leftLocks,
    notifies: leftNotifies,
    difference: null,
    notes,
    ...(latency === undefined ? {} : { latency }),
  };
}

async function askServer(session: ProofSession, request: ServerRequest): Promise<ServerResult> {
  const answer = await session.ask({ kind: 'server', request }, deadlineMs);
  if (answer.kind === 'server') return answer.result;
  const reason = answer.kind === 'none' ? answer.reason : answer.kind;
  return { status: 'not_run', runs: 0, difference: null, notes: [], reason };
}

function differenceOf({ difference }: ServerResult, level: Difference['level']): Difference | null {
  if (difference === null) return null;
  const { case: name, summary, before, after, input } = difference;
  return { level, summary: `${summary} (case "${name}")`, before, after, input };
}

function raceTables(facts: BodyFacts, catalog: Catalog): readonly RaceTable[] {
  return facts.relations.flatMap((oid): RaceTable[] => {
    const relation = catalog.relations.find((one) => one.oid === oid);
    if (relation === undefined || relation.kind !== 'table') return [];
    const literals = relation.columns.map(
      ({ name }) => [name, facts.columnLiterals.get(`${String(oid)}.${name}`) ?? []] as const,
    );
    const name = `${quoteIdentifier(relation.schema)}.${quoteIdentifier(relation.name)}`;
    return [{ name, literals: Object.fromEntries(literals) }];
  });
}

/** The first object that the copy lacks and that the routine, or one that it calls, names. */
function lackingOf(
  reached: readonly Routine[],
  { relations }: BodyFacts,
  catalog: Catalog,
  { opened }: ProofBench,
): string | null {
  const names = new Set([
    ...reached.map(({ schema, name }) => `routine ${schema}.${name}`),
    ...catalog.relations.flatMap(({ oid, schema, name }) =>
      relations.includes(oid) ? [`table ${schema}.${name}`, `view ${schema}.${name}`] : [],
    ),
  ]);
  const found = opened.lacking.find(
    ({ object }) => names.has(object.replace(/\(.*$/, '').replaceAll('"', '')) || isWritten(object, reached),
  );
  return found === undefined ? null : `the copy lacks ${found.object}: ${found.message}`;
}

/** What has no row of its own in the facts of a body is looked for by its name, so rather one routine too many. */
function isWritten(object: string, reached: readonly Routine[]): boolean {
  const named = /^(?:operator|collation|text search (?:configuration|dictionary)) (?:.*\.)?([^.(]+)/.exec(
    object,
  );
  const name = named?.[1]?.replaceAll('"', '');
  return name !== undefined && reached.some(({ source }) => source.includes(name));
}

/** Another major version may do another thing. */
function versionNotes({ opened, databaseVersion }: ProofBench): readonly string[] {
  const ran = opened.serverVersion;
  if (ran === null || Number.parseInt(ran, 10) === Number.parseInt(databaseVersion, 10)) return [];
  return [`PostgreSQL ${databaseVersion} of the database (run on ${ran})`];
}
