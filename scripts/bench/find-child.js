/** One measured search: lists, reads, scans and parses. Arguments: a file with the names, the project's folder. */
import { readFileSync } from 'node:fs';
import { findSites } from '../../dist/pipeline/find-sites.js';

const [namesFile, cwd] = process.argv.slice(2);
const { routines, known } = JSON.parse(readFileSync(namesFile, 'utf8'));
const catalog = {
  routines: routines.map((name) => ({ name, schema: 'public', extension: null })),
  builtins: new Map(known.map((name) => [name, {}])),
};
const started = performance.now();
const { sites, files } = await findSites({ cwd, paths: ['src'], only: [], skip: [] }, catalog);
const workSeconds = (performance.now() - started) / 1000;
const found = sites.map((site) => `${site.id} ${site.routineName}`);
process.stdout.write(JSON.stringify({ workSeconds, files: files.length, found }));
