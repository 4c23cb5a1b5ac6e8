/** Copies of the template on the scratch server, each a database of its own that is made within milliseconds. */
import { randomBytes } from 'node:crypto';
import { openBackendLink, type BackendLink, type TextRows } from '../io/backend-link.js';
import { quoteLiteral } from '../sql/quote-literal.js';
import { cloneSession, plansOfFirstCalls, type CloneSession } from './clone-session.js';
import type { ScratchClone } from './pair.js';

export interface ScratchCopies {
  /** A fresh copy. */
  make(): Promise<ScratchCopy>;
  /** Asks the server from a session of its own: what others wait for is the same from every database. */
  watch(sql: string): Promise<readonly TextRows[]>;
  close(): Promise<void>;
}

export interface ScratchCopy {
  /** The first connection to it. */
  readonly link: BackendLink;
  readonly session: CloneSession;
  /** One more connection to it. */
  connect(): Promise<BackendLink>;
  /** Closes the connections and drops the database. */
  drop(): Promise<void>;
}

export async function openScratchCopies({ url, template, searchPath }: ScratchClone): Promise<ScratchCopies> {
  const admin = await openBackendLink(url);
  const family = `${template}_${randomBytes(3).toString('hex')}`;
  let made = 0;
  let watcher: Promise<BackendLink> | null = null;

  async function connectTo(name: string): Promise<BackendLink> {
    const link = await openBackendLink(url, name);
    if (searchPath !== undefined) {
      await link.query(`SELECT set_config('search_path', ${quoteLiteral(searchPath)}, false)`);
    }
    return link;
  }

  return {
    async make() {
      made += 1;
      const name = `${family}_${String(made)}`;
      await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
      const link = await connectTo(name);
      const links = [link];
      const session = cloneSession(link.query);
      await session.exec(plansOfFirstCalls);
      await session.refresh();
      return {
        link,
        session,
        async connect() {
          const another = await connectTo(name);
          links.push(another);
          return another;
        },
        async drop() {
          await Promise.all(links.map((one) => one.close()));
          const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`;
          // What is still in use is dropped when the run ends.
          await admin
            .query(end)
            .then(() => admin.query(`DROP DATABASE IF EXISTS ${name}`))
            .catch(() => []);
        },
      };
    },
    async watch(sql) {
      watcher ??= openBackendLink(url);
      return (await watcher).query(sql);
    },
    async close() {
      await (await watcher)?.close();
      await admin.close();
    },
  };
}
