/**
 * Runs the complete translations of a project against the old bodies, as a run of the program proves its sites:
 * the same cases, the same comparison, on a copy of the project's own database.
 */
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildOptions } from '../../dist/options.js';
import { openProofBench } from '../../dist/pipeline/proof-bench.js';
import { proveSites } from '../../dist/pipeline/prove-sites.js';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Smaller than the program's own, so that some hundred bodies take minutes. */
const budget = { cases: 40, seconds: 1 };

/**
 * The evidence of each candidate, in their order. Verdicts are kept beside the schema until the translation,
 * the definitions or the proof change.
 * @param {readonly { site: object, use: object, verdict: object, draft: object }[]} candidates
 * @param {{ name: string, schema: { text: string, tables: readonly object[] }, project: object, judged: Map, catalog: object, db: object, say: (text: string) => void }} input
 */
export async function proveTranslations(candidates, { name, schema, project, judged, catalog, db, say }) {
  if (candidates.length === 0) return [];
  const folder = join(tmpdir(), 'migrate-rpc-coverage', name);
  const part = { project: placeSchema(folder, schema, project) };
  const placed = candidates.map(({ site, ...rest }) => ({
    ...rest,
    part,
    site: { ...site, site: { ...site.site, file: join(folder, `${site.site.id}.ts`) } },
    attempt: 'plain',
  }));
  const options = { ...plainOptions(folder), budget };
  const onInterrupt = () => () => undefined;
  const bench = await openProofBench(judged, { db, catalog, options, onInterrupt });
  try {
    const progress = { start() {}, advance: (done, all) => say(`proof ${done} of ${all}`), stop() {} };
    const drafted = [{ candidates: placed, settled: [] }];
    const { proposals } = await proveSites(drafted, { db, catalog, options, progress, bench });
    return proposals.map(({ evidence }) => evidence);
  } finally {
    await bench?.close();
  }
}

/** The schema as a file from which Drizzle and the driver are found; nothing else stands in its folder. */
function placeSchema(folder, schema, project) {
  const modules = join(folder, 'node_modules');
  mkdirSync(modules, { recursive: true });
  for (const name of ['drizzle-orm', 'pg']) {
    if (!existsSync(join(modules, name))) symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  const file = join(folder, 'schema.ts');
  writeFileSync(file, schema.text);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  return {
    ...project,
    root: folder,
    packageFile: join(folder, 'package.json'),
    tables: schema.tables.map((table) => ({ ...table, file })),
  };
}

function plainOptions(cwd) {
  const values = { db: 'postgres://localhost/none', paths: ['.'], dryRun: true };
  const source = () => ({ kind: 'files', paths: [], label: 'coverage' });
  return buildOptions([{ label: (key) => key, values }], { cwd, interactive: false, source });
}
