/** The baseline of a run of `check`: read, applied, or written anew. */
import { resolve } from 'node:path';
import { MigrateError } from '../errors.js';
import { type Baseline, compareBaseline, makeBaseline, parseBaseline } from '../guard/baseline.js';
import type { Finding } from '../guard/finding.js';
import { readTextIfPresent } from '../io/project-files.js';
import { writeReportFile } from '../io/report-file.js';
import type { CheckOptions } from './check-options.js';

/** What it does not accept, and what the last line says of it. */
export async function applyBaseline(
  options: CheckOptions,
  findings: readonly Finding[],
  name: (path: string) => string,
): Promise<{ readonly fresh: readonly Finding[]; readonly notes: readonly string[] }> {
  if (options.baseline !== null && options.updateBaseline) {
    const path = resolve(options.cwd, options.baseline);
    await writeReportFile(path, `${JSON.stringify(makeBaseline(findings, name), null, 2)}\n`);
    return { fresh: [], notes: [`${findings.length} kept in ${options.baseline}`] };
  }
  const baseline = readBaseline(options);
  if (baseline === null) return { fresh: findings, notes: [] };
  const { fresh, accepted, mended } = compareBaseline(baseline, findings, name);
  const gone =
    options.changed !== null || mended === 0 ? [] : [`${mended} mended (--update-baseline removes them)`];
  return { fresh, notes: [`${accepted} accepted by ${options.baseline}`, ...gone] };
}

/** Null when none was named. Throws MigrateError when it cannot be read. */
export function readBaseline({ baseline, cwd }: CheckOptions): Baseline | null {
  if (baseline === null) return null;
  const text = readTextIfPresent(resolve(cwd, baseline));
  if (text !== null) return parseBaseline(text, baseline);
  throw new MigrateError('no-baseline', `${baseline} cannot be read`, {
    hint: 'Make it with --update-baseline, which accepts what is found today.',
  });
}
