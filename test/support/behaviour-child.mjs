/**
 * Runs the checks of a project's behaviour.ts, or of the file named, and prints one JSON array of what each one saw.
 * A process of its own, because the project reads DATABASE_URL when its client is loaded.
 * Arguments: the project's folder, the name of the file.
 */
import { join } from 'node:path';
import { createJiti } from 'jiti';

const [, , folder, file = 'behaviour.ts'] = process.argv;
const jiti = createJiti(join(folder, 'package.json'), { fsCache: false, interopDefault: true });
const { behaviour, reset, close } = await jiti.import(join(folder, file));

const seen = [];
for (const { name, run, expected } of behaviour) {
  await reset();
  try {
    seen.push({ name, seen: tagged(await run()), expected: tagged(expected) });
  } catch (error) {
    seen.push({ name, seen: `threw ${error?.stack ?? error}`, expected: tagged(expected) });
  }
}
await close();
process.stdout.write(JSON.stringify(seen));

/** JSON loses undefined, dates, bigints and what is no number; here each keeps its own text. */
function tagged(value) {
  if (value === undefined) return 'undefined:';
  if (typeof value === 'bigint') return `bigint:${value}`;
  if (typeof value === 'number' && !Number.isFinite(value)) return `number:${value}`;
  if (value instanceof Date) return `date:${value.toISOString()}`;
  if (Array.isArray(value)) return value.map(tagged);
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).map(([key, field]) => [key, tagged(field)]);
  }
  return value;
}
