/**
 * A socket-like stream whose other end is a PGlite, so that pg and postgres.js talk to it as to a
 * server and use their own encoders and decoders. PGlite's own query() has others and stays unused.
 */
import { Duplex } from 'node:stream';
import type { PGlite } from '@electric-sql/pglite';

/** Takes the bytes of one or more messages and gives the answer's bytes to `push` as they come. */
export type Exchange = (chunk: Uint8Array, push: (answer: Uint8Array) => void) => Promise<void>;

/**
 * For pg: `new pg.Client({ stream: () => pgliteStream(pglite) })`.
 * For postgres.js: `postgres({ socket: () => pgliteStream(pglite), prepare: false, fetch_types: false, max: 1 })`.
 * Works in any thread; the PGlite has to live in the same one and stays open when the stream ends.
 */
export function pgliteStream(pglite: PGlite): Duplex {
  return exchangeStream((chunk, push) => pglite.execProtocolRawStream(chunk, { onRawData: push }));
}

/** The same over any way to exchange bytes, e.g. with a PGlite in another thread. */
export function exchangeStream(exchange: Exchange): Duplex {
  const stream = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      if (isTerminate(chunk)) return done();
      // postgres.js loses an answer that comes while its own write is still on the stack.
      Promise.resolve()
        .then(() => exchange(chunk, (answer) => stream.push(Buffer.from(answer))))
        .then(
          () => done(),
          (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
        );
    },
    final(done) {
      stream.push(null);
      done();
    },
  });
  const socket = {
    connect: () => {
      queueMicrotask(() => stream.emit('connect'));
      return stream;
    },
    setNoDelay: () => stream,
    setKeepAlive: () => stream,
    setTimeout: () => stream,
    ref: () => stream,
    unref: () => stream,
    readyState: 'open',
  };
  return Object.assign(stream, socket);
}

/** A Terminate message would end the only backend there is. */
function isTerminate(chunk: Uint8Array): boolean {
  return chunk.length === 5 && chunk[0] === 0x58;
}
