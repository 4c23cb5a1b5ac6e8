/**
 * A statement log that does not depend on the server's settings: a TCP relay in front of it, which
 * writes down every statement that a client sends (PostgreSQL manual, 54.7, frontend messages).
 */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** `parse` is a prepared text, `execute` the running of one. */
export interface SentStatement {
  readonly kind: 'query' | 'parse' | 'execute' | 'function call' | 'copy';
  /** Name of the prepared statement or portal; empty for the unnamed one and for queries. */
  readonly name: string;
  readonly text: string;
}

export interface WireLog {
  readonly url: string;
  readonly sent: readonly SentStatement[];
  stop(): Promise<void>;
}

/** `url` has to accept connections without TLS. */
export async function logStatements(url: string): Promise<WireLog> {
  const upstream = new URL(url);
  const sent: SentStatement[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const target = connect(Number(upstream.port || 5432), upstream.hostname);
    const read = frontendReader((statement) => sent.push(statement));
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on('error', () => {
        client.destroy();
        target.destroy();
      });
    }
    client.on('data', read);
    client.pipe(target);
    target.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const relayed = new URL(url);
  relayed.hostname = '127.0.0.1';
  relayed.port = String((server.address() as AddressInfo).port);
  return {
    url: relayed.href,
    sent,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Takes the bytes as they come and reports each statement once its message is complete. */
function frontendReader(report: (statement: SentStatement) => void): (chunk: Buffer) => void {
  let pending = Buffer.alloc(0);
  let started = false;
  return (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    for (;;) {
      const header = started ? 5 : 4;
      if (pending.length < header) return;
      const length = pending.readInt32BE(header - 4) + header - 4;
      if (pending.length < length) return;
      const message = pending.subarray(0, length);
      pending = pending.subarray(length);
      if (started) {
        const statement = readStatement(String.fromCharCode(message[0] ?? 0), message.subarray(5));
        if (statement) report(statement);
      } else {
        // Requests for encryption (1234 in the upper half) come before the real start.
        started = message.readInt16BE(4) !== 1234;
      }
    }
  };
}

function readStatement(type: string, body: Buffer): SentStatement | null {
  const [first = '', second = ''] = body.toString('utf8').split('\0');
  if (type === 'Q') return { kind: 'query', name: '', text: first };
  if (type === 'P') return { kind: 'parse', name: first, text: second };
  if (type === 'E') return { kind: 'execute', name: first, text: '' };
  if (type === 'F') return { kind: 'function call', name: '', text: '' };
  if (type === 'd') return { kind: 'copy', name: '', text: '' };
  return null;
}
