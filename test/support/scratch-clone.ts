import { openProofSession, type ProofSession } from '../../src/7-prove/proof-session.js';
import { openLive } from '../../src/io/live-database.js';
import { openScratchServer, type ScratchServer } from '../../src/io/scratch-server.js';
import { createDatabase } from './postgres.js';
import { root } from './project-copy.js';

export interface ScratchBench {
  readonly server: ScratchServer;
  readonly session: ProofSession;
  close(): Promise<void>;
}

/** A proof session on a template that holds what `sql` defines; `login` is the URL that --scratch would have. */
export async function openScratchBench(
  url: string,
  sql: string,
  driver: 'node-postgres' | 'postgres-js' = 'node-postgres',
  login = url,
): Promise<ScratchBench> {
  const db = await openLive(await createDatabase(url));
  const server = await openScratchServer(login, db);
  await db.close();
  await server.withTemplate((template) => template.query(sql));
  const session = openProofSession(
    { kind: 'scratch', url: server.url, template: server.template },
    { packageFile: `${root}/package.json`, driver },
    server.dropCopies,
  );
  return {
    server,
    session,
    async close() {
      await session.close();
      await server.close();
    },
  };
}
