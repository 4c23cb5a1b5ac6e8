/** Keeps the data directory of an empty embedded server in dist, for src/io/empty-database.ts. */
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { emptyDatabaseFile } from '../dist/io/empty-database.js';

const file = emptyDatabaseFile();
if (!existsSync(file)) {
  const server = await PGlite.create();
  const dump = await server.dumpDataDir('gzip');
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, Buffer.from(await dump.arrayBuffer()));
  renameSync(unfinished, file);
  // An embedded server that is open holds the process.
  process.exit(0);
}
