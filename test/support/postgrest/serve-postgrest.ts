/** A server on the loopback that answers as PostgREST does, over a PostgreSQL of the tests. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { answerRequest, type Endpoint } from './answer-request.js';

export interface PostgrestServer {
  /** `http://127.0.0.1:…`, on which a client's requests go to `/rest/v1/rpc/…` or `/rpc/…`. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

export async function servePostgrest(
  databaseUrl: string,
  options: Partial<Omit<Endpoint, 'transaction' | 'settles'>> = {},
): Promise<PostgrestServer> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 5 });
  // A server that stops ends the connections that are closing still.
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('error', () => undefined);
  const db = drizzle(pool);
  const endpoint: Endpoint = {
    schemas: ['public'],
    maxRows: null,
    roles: null,
    settles: true,
    ...options,
    transaction: (work) => db.transaction(work),
  };
  const server = createServer((incoming, outgoing) => {
    void webRequest(incoming)
      .then((request) => answerRequest(endpoint, request))
      .then(async (response) => {
        outgoing.writeHead(response.status, response.statusText || undefined, [...response.headers].flat());
        outgoing.end(Buffer.from(await response.arrayBuffer()));
      })
      .catch((error: unknown) => {
        outgoing.writeHead(500).end(error instanceof Error ? error.stack : String(error));
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, stop: () => stop(server, pool) };
}

async function webRequest(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { method = 'GET' } = incoming;
  const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  );
  const body = method === 'GET' || method === 'HEAD' ? null : Buffer.concat(chunks);
  return new Request(`http://127.0.0.1${incoming.url ?? '/'}`, { method, headers, body });
}

async function stop(server: Server, pool: pg.Pool): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await pool.end();
}
