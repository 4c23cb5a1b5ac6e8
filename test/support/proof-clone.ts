import { PGlite } from '@electric-sql/pglite';
import type { Clone } from '../../src/7-prove/pair.js';

/** A clone that holds what `sql` defines. */
export async function makeClone(sql: string): Promise<Clone> {
  const pglite = await PGlite.create();
  await pglite.exec(sql);
  const dump = await pglite.dumpDataDir('none');
  await pglite.close();
  return { dump: new Uint8Array(await dump.arrayBuffer()), extensions: [] };
}
