/** A copy on the scratch server, with the user's drizzle-orm and driver on it. */
import type { ProofProject, ScratchClone } from './pair.js';
import type { Bench } from './run-pair.js';
import { openScratchCopies } from './scratch-copies.js';
import { transactionServer, type ProtocolServer } from './transaction-server.js';
import { startUserRuntime } from './user-runtime.js';

export async function startScratchBench(
  clone: ScratchClone,
  project: ProofProject,
  at: Bench['at'],
): Promise<Bench> {
  const copies = await openScratchCopies(clone);
  const { link, session } = await copies.make();
  const server = transactionServer(link);
  let current: ProtocolServer = server;
  const runtime = await startUserRuntime(project, {
    execProtocolRawStream: (chunk, options) => current.execProtocolRawStream(chunk, options),
  });
  server.enter();
  return {
    session,
    server,
    runtime,
    at,
    real: {
      copies,
      async through(target, work) {
        current = target;
        try {
          return await work();
        } finally {
          current = server;
        }
      },
    },
  };
}
