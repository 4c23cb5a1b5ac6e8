/**
 * What the proof runs on: the clone, the checks of its tables and the thread. The thread takes seconds to
 * start, in which it needs nothing of the main thread, so it is started before the types are looked at.
 */
import type { Driver, UserProject } from '../1-read/user-project.js';
import type { Body } from '../3-parse/body.js';
import type { ProofProject } from '../7-prove/pair.js';
import { openProofSession, type ProofSession } from '../7-prove/proof-session.js';
import { readChecks } from '../7-prove/read-checks.js';
import { readDeferrable } from '../7-prove/read-deferrable.js';
import type { Judged } from './judge-routines.js';
import { openClone, type CloneInput, type OpenedClone } from './open-clone.js';

export interface ProofBench {
  readonly checks: Awaited<ReturnType<typeof readChecks>>;
  /** Bodies of the routines that were read, by OID. */
  readonly bodies: ReadonlyMap<number, Body>;
  /** Sentences on what could not be copied. */
  readonly notes: readonly string[];
  /** Tables with constraints or triggers that may be deferred, by pg_class OID. */
  readonly deferrable: ReadonlySet<number>;
  /** `server_version` of the database that was read. */
  readonly databaseVersion: string;
  /** What the proof runs on. */
  readonly opened: OpenedClone;
  /** The session of this Drizzle and driver; that of another one is closed, for each takes some 750 MB. */
  session(project: ProofProject): Promise<ProofSession>;
  /** Sentences on what could not be removed. */
  close(): Promise<readonly string[]>;
}

/** Null when nothing can be proven: the proof is switched off, or no routine is one statement. */
export async function openProofBench(
  judged: ReadonlyMap<number, Judged>,
  input: CloneInput,
): Promise<ProofBench | null> {
  const some = [...judged.values()].some(({ verdict }) => verdict.kind !== 'keep');
  if (input.options.prove === 'off' || !some) return null;
  const opened = await openClone(input);
  try {
    const { serverVersion: databaseVersion } = input.db;
    const deferrable = await readDeferrable(input.db);
    return proofBench(opened, {
      checks: await readChecks(input.db),
      bodies: bodiesOf(judged),
      deferrable,
      databaseVersion,
    });
  } catch (error) {
    await opened.close();
    throw error;
  }
}

export function bodiesOf(judged: ReadonlyMap<number, Judged>): ProofBench['bodies'] {
  return new Map(
    [...judged].flatMap(([oid, { body }]) => (body === undefined ? [] : [[oid, body] as const])),
  );
}

/** What the sites of a project run with; `driver` is that of a site's own client, where it is known. */
export function runtimeOf(
  { packageFile, clients, casing }: UserProject,
  driver: Driver | null = null,
): ProofProject {
  return {
    packageFile,
    driver: driver ?? clients[0]?.driver ?? 'node-postgres',
    ...(casing === undefined ? {} : { casing }),
  };
}

function proofBench(
  opened: OpenedClone,
  known: Pick<ProofBench, 'checks' | 'bodies' | 'deferrable' | 'databaseVersion'>,
): ProofBench {
  let open: { readonly key: string; readonly session: ProofSession } | null = null;
  const close = async (): Promise<void> => {
    const old = open;
    open = null;
    await old?.session.close();
  };
  return {
    ...known,
    notes: opened.notes,
    opened,
    async session(project) {
      const key = JSON.stringify(project);
      if (open?.key === key) return open.session;
      await close();
      const session = openProofSession(opened.clone, project, opened.endSessions);
      open = { key, session };
      session.start();
      return session;
    },
    async close() {
      await close();
      return opened.close();
    },
  };
}
