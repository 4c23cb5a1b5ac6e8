/** A database of the scratch server behind the port that the program reads databases through. */
import type { Database } from './database.js';
import { connectLive } from './live-database.js';
import { describeStatements, simpleQuery } from './wire-client.js';

/** The caller closes it. Session settings last until then, unlike those of a database of `--db`. */
export async function scratchDatabase(url: string, name: string, label: string): Promise<Database> {
  const { client, version } = await connectLive(url, { database: name });
  return {
    kind: 'live',
    label: `${label}/${name}`,
    serverVersion: version,
    notes: [],
    query: (text) => simpleQuery(client, text),
    describe: (requests) => describeStatements(client, requests),
    close: () => client.end().catch(() => {}),
  };
}
