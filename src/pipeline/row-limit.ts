/** The limit on the rows of a request: what the configuration keeps, and what the Supabase project says. */
import type { RowLimit } from '../4-classify/request-hazards.js';
import { readRequestLimit } from '../io/supabase-config.js';
import type { Options } from '../options.js';
import { relativePath } from './compose-report.js';

export function rowLimitOf({ cwd, paths, source, maxRows }: Options): RowLimit {
  const beside = source.kind === 'files' ? source.paths : [];
  const found = readRequestLimit([...beside, ...paths], cwd);
  const known = found === null ? null : { rows: found.rows, place: relativePath(cwd, found.file) };
  return { applied: maxRows ?? null, known };
}
