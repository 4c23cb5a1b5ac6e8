/**
 * What the proof runs on: the clone, the checks of its tables and the thread. The thread takes seconds to
 * start, in which it needs nothing of the main thread, so it is started before the types are looked at.
 */
import type { Catalog } from '../1-read/catalog.js';
import type { Driver, UserProject } from '../1-read/user-project.js';
import type { Clone, ProofProject } from '../7-prove/pair.js';
import { openProofSession, type ProofSession } from '../7-prove/proof-session.js';
import { readChecks } from '../7-prove/read-checks.js';
import type { Database } from '../io/database.js';
import type { Options } from '../options.js';
import type { Judged } from './judge-routines.js';
import { openClone } from './open-clone.js';

export interface ProofBench {
  readonly checks: Awaited<ReturnType<typeof readChecks>>;
  /** Sentences on what could not be copied. */
  readonly notes: readonly string[];
  /** The session of this Drizzle and driver; that of another one is closed, for each takes some 750 MB. */
  session(project: ProofProject): Promise<ProofSession>;
  close(): Promise<void>;
}

/** Null when nothing can be proven: the proof is switched off, or no routine is one statement. */
export async function openProofBench(
  judged: ReadonlyMap<number, Judged>,
  { db, catalog, options }: { readonly db: Database; readonly catalog: Catalog; readonly options: Options },
): Promise<ProofBench | null> {
  const some = [...judged.values()].some(({ verdict }) => verdict.kind !== 'keep');
  if (options.prove === 'off' || !some) return null;
  const { clone, notes } = await openClone(db, catalog);
  return proofBench(clone, notes, await readChecks(db));
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

function proofBench(clone: Clone, notes: readonly string[], checks: ProofBench['checks']): ProofBench {
  let open: { readonly key: string; readonly session: ProofSession } | null = null;
  const close = async (): Promise<void> => {
    const old = open;
    open = null;
    await old?.session.close();
  };
  return {
    checks,
    notes,
    async session(project) {
      const key = JSON.stringify(project);
      if (open?.key === key) return open.session;
      await close();
      const session = openProofSession(clone, project);
      open = { key, session };
      session.start();
      return session;
    },
    close,
  };
}
