/**
 * Translates the routines of SQL files over and over, after one parse. Arguments: the folder of SQL files and how
 * many functions. Prints JSON: functions, those that are complete, CPU seconds of the work, and megabytes alive
 * after a tenth of them and at the end. Wants `--expose-gc`.
 */
import { readCatalog } from '../../dist/1-read/read-catalog.js';
import { parseRoutines } from '../../dist/3-parse/parse-routines.js';
import { classify } from '../../dist/4-classify/classify.js';
import { translateSteps } from '../../dist/5-translate/translate-steps.js';
import { openSource } from '../../dist/io/open-source.js';
import { resolveSource } from '../../dist/io/resolve-source.js';
import { asSteps } from '../../dist/pipeline/open-callees.js';
import { loadSqlParser } from '../../dist/sql/load-sql-parser.js';
import { drizzleSchema } from '../measure/drizzle-schema.js';

const [folder, wanted] = process.argv.slice(2);
const functions = Number(wanted);

await loadSqlParser();
const database = await openSource(resolveSource(folder, {}, process.cwd()));
const catalog = await readCatalog(database);
const routines = catalog.routines.filter(
  ({ kind, extension, returnType }) =>
    kind === 'function' && extension === null && catalog.types.get(returnType)?.name !== 'trigger',
);
const bodies = await parseRoutines(routines, catalog, database);
await database.close();
const project = {
  root: '/bench',
  packageFile: '/bench/package.json',
  tsconfig: null,
  drizzleVersion: '0.45.4',
  tables: drizzleSchema(catalog).tables,
  clients: [{ file: '/bench/db.ts', exportName: 'db', driver: 'node-postgres' }],
  transactionHelpers: [],
  notes: [],
};

/** With what comes before it, the classification; true when nothing is left to do. */
function translate(routine) {
  const body = bodies.get(routine.oid);
  const verdict = classify(routine, body, catalog);
  const steps = asSteps({ routine, verdict, body });
  if (steps === null) return false;
  const nullable = new Set();
  const draft = translateSteps({ routine, verdict: steps, catalog, project, nullable, columns: [] });
  return draft.kind === 'module' && draft.completeness === 'complete';
}

function aliveMegabytes() {
  globalThis.gc();
  return process.memoryUsage().heapUsed / 1e6;
}

const parsed = routines.filter(({ oid }) => 'kind' in (bodies.get(oid) ?? {}));
const started = process.cpuUsage();
let complete = 0;
let early = 0;
let collecting = 0;
for (let done = 0; done < functions; done += 1) {
  if (translate(parsed[done % parsed.length])) complete += 1;
  if (done === Math.floor(functions / 10)) {
    const before = process.cpuUsage().user;
    early = aliveMegabytes();
    collecting = process.cpuUsage().user - before;
  }
}
const used = process.cpuUsage(started);
process.stdout.write(
  JSON.stringify({
    functions,
    different: parsed.length,
    complete,
    cpuSeconds: (used.user + used.system - collecting) / 1e6,
    earlyMegabytes: early,
    lateMegabytes: aliveMegabytes(),
  }),
);
