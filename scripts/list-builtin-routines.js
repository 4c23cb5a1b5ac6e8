/**
 * Writes src/guard/builtin-routine-names.ts: the names of all functions that PostgreSQL itself and the extensions
 * of the embedded server bring, so that a call of one is never taken for a call of the user's own.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';

const contrib = join(dirname(fileURLToPath(import.meta.resolve('@electric-sql/pglite'))), 'contrib');
const extensions = {};
for (const file of readdirSync(contrib).filter((name) => /^[a-z_]+\.js$/.test(name))) {
  const name = file.slice(0, -3);
  const loaded = await import(`@electric-sql/pglite/contrib/${name}`);
  if (loaded[name] && name !== 'auto_explain') extensions[name] = loaded[name];
}
const database = new PGlite({ extensions });
for (const name of Object.keys(extensions)) {
  await database
    .exec(`CREATE EXTENSION IF NOT EXISTS "${name === 'uuid_ossp' ? 'uuid-ossp' : name}" CASCADE`)
    .catch((error) => console.error(`${name}: ${error.message}`));
}
const { rows } = await database.query(`
  SELECT proname AS name FROM pg_proc
   WHERE prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype, 'internal'::regtype, 'cstring'::regtype)
   GROUP BY proname ORDER BY proname COLLATE "C"`);
await database.close();

const lines = [''];
for (const { name } of rows) {
  const line = lines.at(-1);
  if (line.length + name.length > 240) lines.push(name);
  else lines[lines.length - 1] = line === '' ? name : `${line} ${name}`;
}
writeFileSync(
  new URL('../src/guard/builtin-routine-names.ts', import.meta.url),
  `/** Functions of pg_catalog and of common extensions; written by scripts/list-builtin-routines.js. */\n` +
    `export const builtinRoutineNames: ReadonlySet<string> = new Set(\n  \`\n${lines.join('\n')}\n\`\n` +
    `    .trim()\n    .split(/\\s+/),\n);\n`,
);
process.exit(0);
