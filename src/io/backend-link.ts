/**
 * One connection to a real server that takes both: the harness's own texts, through pg, and the bytes of
 * another driver, which believes that it has connected itself. Both meet the same session.
 */
import type { Socket } from 'node:net';
import type pg from 'pg';
import { connectLive } from './live-database.js';
import { messageReader, startupAnswer } from './backend-messages.js';
import { unguardedSocket } from './unguarded-socket.js';

/** Rows of one statement, each value as the server printed it. */
export type TextRows = readonly (readonly (string | null)[])[];

export interface BackendLink {
  /** Process id of the server's side, as pg_stat_activity shows it. */
  readonly pid: number;
  readonly serverVersion: string;
  /** Runs a string by the simple protocol; rows of each statement. Throws pg's DatabaseError. */
  query(sql: string): Promise<readonly TextRows[]>;
  /** Bytes of frontend messages; resolves when all that answers them has been given to `onRawData`. */
  execProtocolRawStream(
    chunk: Uint8Array,
    options: { readonly onRawData: (data: Uint8Array) => void },
  ): Promise<void>;
  /** `channel: payload` of what arrived since the last call, in order. */
  takeNotifications(): readonly string[];
  /** What the driver has sent since the last call. */
  takeTraffic(): Traffic;
  close(): Promise<void>;
}

export interface Traffic {
  readonly statements: number;
  /** How often the driver waited for an answer. */
  readonly roundTrips: number;
}

/** Connects to the database of the URL, or to another of its server, from inside or outside the proof's thread. */
export async function openBackendLink(url: string, database?: string): Promise<BackendLink> {
  const { client, version } = await connectLive(url, {
    ...(database === undefined ? {} : { database }),
    application_name: 'migrate-rpc proof',
    stream: unguardedSocket,
    types: { getTypeParser: () => String },
  });
  const { connection, processID } = client as unknown as {
    connection: { stream: Socket };
    processID: number;
  };
  const { stream } = connection;
  const own = stream.listeners('data') as ((data: Buffer) => void)[];
  const notifications: string[] = [];
  client.on('notification', ({ channel, payload }) => notifications.push(`${channel}: ${payload ?? ''}`));
  let lost: Error | null = null;
  let waiting: ((error: Error) => void) | null = null;
  const onLoss = (): void => {
    lost ??= new Error('the scratch server closed the connection');
    waiting?.(lost);
  };
  stream.on('close', onLoss);
  stream.on('error', onLoss);
  const exchange = openExchange(stream, notifications, own, {
    lost: () => lost,
    wait: (reject) => (waiting = reject),
  });
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work);
    turn = result.catch(() => {});
    return result;
  };
  return {
    pid: processID,
    serverVersion: version,
    query: (sql) =>
      inTurn(async () => {
        if (lost !== null) throw lost;
        const results = await client.query({ text: sql, rowMode: 'array' });
        return [results as unknown as pg.QueryArrayResult<(string | null)[]>].flat().map(({ rows }) => rows);
      }),
    execProtocolRawStream: (chunk, { onRawData }) => inTurn(() => exchange.send(chunk, onRawData)),
    takeNotifications: () => notifications.splice(0),
    takeTraffic: exchange.takeTraffic,
    close: () => client.end().catch(() => {}),
  };
}

interface Loss {
  lost(): Error | null;
  wait(reject: ((error: Error) => void) | null): void;
}

/** While bytes of the driver are on their way, pg does not listen. */
function openExchange(
  stream: Socket,
  notifications: string[],
  own: readonly ((data: Buffer) => void)[],
  loss: Loss,
): {
  send(chunk: Uint8Array, onRawData: (data: Uint8Array) => void): Promise<void>;
  takeTraffic(): Traffic;
} {
  let pending: Buffer = Buffer.alloc(0);
  /** Held back until a Sync or Flush: a long answer would else begin while pg still listens. */
  let held: Buffer[] = [];
  let open = 0;
  let statements = 0;
  let roundTrips = 0;

  /** Sends, and waits for ReadyForQuery (after Query and Sync) or for what a Flush makes come. */
  function ask(
    message: Buffer,
    until: 'ready' | 'flushed',
    onRawData: (data: Uint8Array) => void,
  ): Promise<void> {
    const lost = loss.lost();
    if (lost !== null) return Promise.reject(lost);
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        loss.wait(null);
        stream.off('data', onData);
        for (const listener of own) stream.on('data', listener);
      };
      const read = messageReader((type, body) => {
        if (type === 'A') notifications.push(notificationText(body));
        if (answers.includes(type) && open > 0) open -= 1;
        if (type === 'E') open = 0;
        if (type === 'Z') open = 0;
        if (type === 'Z' || (until === 'flushed' && open === 0)) done = true;
      });
      let done = false;
      const onData = (data: Buffer): void => {
        onRawData(data);
        read(data);
        if (!done) return;
        finish();
        resolve();
      };
      for (const listener of own) stream.off('data', listener);
      stream.on('data', onData);
      loss.wait((error) => {
        finish();
        reject(error);
      });
      roundTrips += 1;
      stream.write(Buffer.concat([...held, message]));
      held = [];
    });
  }

  async function handle(message: Buffer, onRawData: (data: Uint8Array) => void): Promise<void> {
    const type = String.fromCharCode(message[0] ?? 0);
    if (type === 'X') return;
    if (type === 'Q' || type === 'P') statements += 1;
    if (type === 'Q' || type === 'S') return ask(message, 'ready', onRawData);
    if (type === 'H') return open > 0 ? ask(message, 'flushed', onRawData) : undefined;
    if (requests.includes(type)) open += 1;
    held.push(message);
  }

  return {
    async send(chunk, onRawData) {
      pending = Buffer.concat([pending, chunk]);
      for (;;) {
        // A start-up message alone has no type before its length.
        const header = pending[0] === 0 ? 0 : 1;
        if (pending.length < header + 4) return;
        const length = header + pending.readInt32BE(header);
        if (pending.length < length) return;
        const message = pending.subarray(0, length);
        pending = pending.subarray(length);
        if (header === 1) await handle(message, onRawData);
        else onRawData(startupAnswer());
      }
    },
    takeTraffic() {
      const traffic = { statements, roundTrips };
      statements = 0;
      roundTrips = 0;
      return traffic;
    },
  };
}

/** Parse, Bind, Describe, Execute and Close have one answer each; the second list ends these answers. */
const requests = 'PBDEC';
const answers = '123nTCIs';

function notificationText(body: Buffer): string {
  const [channel = '', payload = ''] = body.subarray(4).toString('utf8').split('\0');
  return `${channel}: ${payload}`;
}
