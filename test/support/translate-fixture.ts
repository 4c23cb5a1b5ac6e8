import { join } from 'node:path';
import { assemble } from '../../src/6-rewrite/assemble.js';
import { silentProgress } from '../../src/io/progress.js';
import { resolveSource } from '../../src/io/resolve-source.js';
import type { Options } from '../../src/options.js';
import { planRun } from '../../src/pipeline.js';
import type { RuleFixture } from './rule-fixtures.js';

export interface TranslatedFixture {
  /** Text of `input.ts` after the rewriting, or null when nothing was rewritten. */
  readonly text: string | null;
  /** Status and reason of each call site. */
  readonly sites: readonly { readonly status: string; readonly reason: string; readonly detail: string }[];
}

/** What the program makes of `input.ts`. Nothing is proven, and nothing is written. */
export async function translateFixture(fixture: Pick<RuleFixture, 'folder'>): Promise<TranslatedFixture> {
  const { folder } = fixture;
  const file = join(folder, 'input.ts');
  const files = [join(folder, 'schema.sql'), join(folder, 'function.sql')].join(',');
  const options: Options = {
    cwd: folder,
    source: resolveSource(files, {}, folder),
    paths: [file],
    mode: 'plan',
    only: [],
    skip: [],
    placement: 'auto',
    out: null,
    schema: [join(folder, 'schema.ts')],
    client: [],
    transaction: [],
    prove: 'off',
    skeletons: 'ask',
    reports: [],
    dirtyTree: 'allow',
  };
  const { state, report } = await planRun(options, { progress: silentProgress });
  const plans = state.proven.proposals.map(({ plan }) => plan);
  const changes = assemble(plans, state.found.texts, state.assembly);
  const sites = report.callSites.map(({ status, reason }) => ({
    status,
    reason: reason?.id ?? '',
    detail: reason?.detail ?? '',
  }));
  return { text: changes.find(({ path }) => path === file)?.after ?? null, sites };
}
