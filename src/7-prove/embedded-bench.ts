/** An embedded PostgreSQL made from the clone's dump, with the user's drizzle-orm and driver on it. */
import { PGlite, type Extension } from '@electric-sql/pglite';
import { quoteLiteral } from '../sql/quote-literal.js';
import { cloneSession, plansOfFirstCalls } from './clone-session.js';
import { embeddedTexts } from './embedded-texts.js';
import type { ProofProject } from './pair.js';
import type { Bench } from './run-pair.js';
import { transactionServer } from './transaction-server.js';
import { startUserRuntime } from './user-runtime.js';

export interface EmbeddedData {
  readonly kind: 'embedded';
  readonly dump: Uint8Array;
  /** File URLs of PGlite's extensions by the name of their export. */
  readonly extensions: readonly { readonly name: string; readonly url: string }[];
  readonly searchPath: string | null;
}

export async function startEmbeddedBench(
  data: EmbeddedData,
  project: ProofProject,
  at: Bench['at'],
): Promise<Bench> {
  const extensions: Record<string, Extension> = {};
  for (const { name, url } of data.extensions) {
    const extension = ((await import(url)) as Record<string, Extension>)[name];
    if (extension) extensions[name] = extension;
  }
  const pglite = await PGlite.create({ loadDataDir: new Blob([new Uint8Array(data.dump)]), extensions });
  const session = cloneSession(embeddedTexts(pglite));
  const server = transactionServer(pglite);
  const runtime = await startUserRuntime(project, server);
  if (data.searchPath !== null) {
    await session.exec(`SELECT set_config('search_path', ${quoteLiteral(data.searchPath)}, false)`);
  }
  // Compiled to WebAssembly, PostgreSQL has less of a stack than it believes, and a session that overflows it is lost.
  await session.exec(`SET max_stack_depth = '300kB'`);
  await session.exec(plansOfFirstCalls);
  server.enter();
  return { session, server, runtime, at };
}
