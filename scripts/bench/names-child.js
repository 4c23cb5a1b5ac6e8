/** Writes the names that a search looks for. Arguments: the folder of SQL files, the file to write. */
import { writeFileSync } from 'node:fs';
import { readCatalog } from '../../dist/1-read/read-catalog.js';
import { routineNames } from '../../dist/2-find/scan-names.js';
import { openSource } from '../../dist/io/open-source.js';
import { resolveSource } from '../../dist/io/resolve-source.js';

const [sqlFolder, namesFile] = process.argv.slice(2);
const database = await openSource(resolveSource(sqlFolder, {}, process.cwd()));
const { routines, known } = routineNames(await readCatalog(database));
await database.close();
writeFileSync(namesFile, JSON.stringify({ routines: [...routines], known: [...known] }));
