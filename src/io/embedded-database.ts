/**
 * An embedded PostgreSQL (PGlite) in a thread of its own, behind pg's wire client. Loading SQL files
 * into it is load-sql-files.ts's work.
 */
import type { Duplex } from 'node:stream';
import type { Worker } from 'node:worker_threads';
import type pg from 'pg';
import type { Database } from './database.js';
import { MigrateError } from '../errors.js';
import { emptyDatabase } from './empty-database.js';
import { pgliteExtension } from './pglite-extensions.js';
import { exchangeStream } from './pglite-stream.js';
import type { PgliteAnswer, PgliteRequest, PgliteWorkerData } from './pglite-worker.js';
import { startWorker } from './start-worker.js';
import { connectClient, describeStatements, makeClient, simpleQuery } from './wire-client.js';

export interface EmbeddedDatabase extends Database {
  readonly kind: 'embedded';
  /** The names of the extensions it was created with; a database started from its dump needs the same. */
  readonly extensions: readonly string[];
  /** The data directory as an uncompressed tar, for `startEmbedded({ dataDir })`. Outside a transaction only. */
  dump(): Promise<Uint8Array>;
  /** Ends the thread, and with it a query that does not end. What waits for an answer rejects. */
  terminate(): Promise<void>;
}

export interface EmbeddedOptions {
  /** A dump of another embedded database, made with the same extensions. */
  readonly dataDir?: Uint8Array;
  /** Names as in CREATE EXTENSION; those that PGlite lacks are left out. */
  readonly extensions: readonly string[];
  readonly label?: string;
}

/** Starts the server (some 750 MB; below a second, or about 3 s where the build kept no empty database) and connects. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const found = options.extensions.flatMap((name) => pgliteExtension(name) ?? []);
  const dump = options.dataDir ?? emptyDatabase();
  const data: PgliteWorkerData = {
    dataDir: dump === null ? null : new Uint8Array(dump),
    extensions: found,
  };
  const thread = await openThread(data);
  const client = makeClient({
    stream: () => thread.stream(),
    user: 'postgres',
    database: 'postgres',
    ssl: false,
  });
  client.on('error', () => {});
  const serverVersion = await connectClient(client);
  return embedded(thread, client, serverVersion, options);
}

function embedded(
  thread: Thread,
  client: pg.Client,
  serverVersion: string,
  options: EmbeddedOptions,
): EmbeddedDatabase {
  return {
    kind: 'embedded',
    label: options.label ?? 'embedded',
    serverVersion,
    notes: [],
    extensions: options.extensions,
    query: (text) => simpleQuery(client, text),
    describe: (requests) => describeStatements(client, requests),
    dump: () => thread.dump(),
    close: () => thread.end(),
    terminate: () => thread.end(),
  };
}

interface Thread {
  stream(): Duplex;
  dump(): Promise<Uint8Array>;
  end(): Promise<void>;
}

interface Waiting {
  readonly push: (data: Uint8Array) => void;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

async function openThread(data: PgliteWorkerData): Promise<Thread> {
  const worker = startWorker(new URL('./pglite-worker.js', import.meta.url), { workerData: data });
  const waiting = new Map<number, Waiting>();
  await ready(worker);
  worker.unref();
  let next = 0;
  let ended: Error | null = null;
  const streams = new Set<Duplex>();

  worker.on('message', (answer: PgliteAnswer) => {
    if (answer.kind === 'ready' || answer.id === null) return;
    const request = waiting.get(answer.id);
    if (answer.kind === 'data') return request?.push(answer.data);
    waiting.delete(answer.id);
    if (waiting.size === 0) worker.unref();
    if (answer.kind === 'done') request?.resolve();
    else request?.reject(new Error(answer.message));
  });
  const fail = (error: Error): void => {
    ended ??= error;
    for (const request of waiting.values()) request.reject(error);
    waiting.clear();
    for (const stream of streams) stream.destroy(error);
  };
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('the embedded database has ended')));

  const ask = (request: (id: number) => PgliteRequest, push: (data: Uint8Array) => void): Promise<void> =>
    new Promise((resolve, reject) => {
      if (ended) return reject(ended);
      const id = next++;
      waiting.set(id, { push, resolve, reject });
      worker.ref();
      worker.postMessage(request(id));
    });

  return {
    stream() {
      const stream = exchangeStream((chunk, push) =>
        ask((id) => ({ kind: 'exchange', id, chunk: new Uint8Array(chunk) }), push),
      );
      streams.add(stream);
      return stream;
    },
    async dump() {
      let tar: Uint8Array = new Uint8Array();
      await ask(
        (id) => ({ kind: 'dump', id }),
        (data) => (tar = data),
      );
      return tar;
    },
    async end() {
      // A thread that was unreferenced does not hold the process while it ends, referenced again or not.
      const hold = setInterval(() => {}, 1000);
      await worker.terminate();
      clearInterval(hold);
    },
  };
}

function ready(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (message: string): void =>
      reject(
        new MigrateError('embedded-start', 'The embedded PostgreSQL did not start', { detail: message }),
      );
    worker.once('error', (error) => failed(error instanceof Error ? error.message : String(error)));
    worker.once('message', (answer: PgliteAnswer) => {
      if (answer.kind === 'ready') resolve();
      else failed('message' in answer ? answer.message : answer.kind);
    });
  });
}

/** What `openSource` gives for SQL files. */
export function isEmbedded(database: Database): database is EmbeddedDatabase {
  return database.kind === 'embedded';
}
