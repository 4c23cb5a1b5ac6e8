/**
 * The thread in which an embedded PostgreSQL lives: an endless query blocks its thread for good, and
 * only ending the thread ends the query. It imports nothing of this program.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite, type Extension } from '@electric-sql/pglite';

/** What the thread is started with; `extensions` are file URLs by the name of the export that they have. */
export interface PgliteWorkerData {
  readonly dataDir: Uint8Array<ArrayBuffer> | null;
  readonly extensions: readonly { readonly name: string; readonly url: string }[];
}

export type PgliteRequest =
  | { readonly kind: 'exchange'; readonly id: number; readonly chunk: Uint8Array }
  | { readonly kind: 'dump'; readonly id: number };

export type PgliteAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'data'; readonly id: number; readonly data: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'done'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number | null; readonly message: string };

const port = parentPort;
if (port) {
  const say = (answer: PgliteAnswer): void =>
    port.postMessage(answer, answer.kind === 'data' ? [answer.data.buffer] : []);
  try {
    const pglite = await start(workerData as PgliteWorkerData);
    port.on('message', (request: PgliteRequest) => {
      answer(pglite, request, say).then(
        () => say({ kind: 'done', id: request.id }),
        (error: unknown) => say({ kind: 'failed', id: request.id, message: messageOf(error) }),
      );
    });
    say({ kind: 'ready' });
  } catch (error) {
    say({ kind: 'failed', id: null, message: messageOf(error) });
  }
}

async function start({ dataDir, extensions }: PgliteWorkerData): Promise<PGlite> {
  const loaded: Record<string, Extension> = {};
  for (const { name, url } of extensions) {
    const module = (await import(url)) as Record<string, Extension>;
    const extension = module[name];
    if (extension) loaded[name] = extension;
  }
  return PGlite.create({
    ...(dataDir === null ? {} : { loadDataDir: new Blob([dataDir]) }),
    extensions: loaded,
  });
}

async function answer(
  pglite: PGlite,
  request: PgliteRequest,
  say: (answer: PgliteAnswer) => void,
): Promise<void> {
  if (request.kind === 'exchange') {
    return pglite.execProtocolRawStream(request.chunk, {
      // The bytes are a view of the server's memory: only a copy may leave the thread.
      onRawData: (data) => say({ kind: 'data', id: request.id, data: new Uint8Array(data) }),
    });
  }
  const dump = await pglite.dumpDataDir('none');
  say({ kind: 'data', id: request.id, data: new Uint8Array(await dump.arrayBuffer()) });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
