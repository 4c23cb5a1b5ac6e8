/** What the configuration leaves open of the caller's identity, asked before anything is translated. */
import type { Catalog } from '../1-read/catalog.js';
import type { ResolvedSite } from '../2-find/resolved-site.js';
import type { ContextEntry } from '../config/context-setting.js';
import { relativePath } from './compose-report.js';
import { contextFor } from './give-identity.js';
import { judgeIdentity, type IdentityRun } from './judge-identity.js';
import type { Judged } from './judge-routines.js';

export interface IdentityQuestion {
  /** `auth.uid()`. */
  readonly key: string;
  /** The calls whose routines read it: `src/notes.ts:12`. */
  readonly places: readonly string[];
}

/** Gives an expression of TypeScript; an empty text leaves the calls as they are. */
export type AskIdentity = (question: IdentityQuestion) => Promise<string>;

interface Known {
  readonly judged: ReadonlyMap<number, Judged>;
  readonly sites: readonly ResolvedSite[];
  readonly catalog: Catalog;
  readonly cwd: string;
}

/** One question for each thing that is read; the answer holds for all calls. @param ask left out: nobody is asked. */
export async function settleIdentity(
  { judged, sites, catalog, cwd }: Known,
  context: readonly ContextEntry[],
  ask: AskIdentity | undefined,
): Promise<IdentityRun & { readonly context: readonly ContextEntry[] }> {
  const run = judgeIdentity(judged, sites, catalog, context);
  const open = new Map<string, string[]>();
  for (const { site, routine } of ask === undefined ? [] : run.sites) {
    if (site.refusal !== null || run.judged.get(routine.oid)?.verdict.kind === 'keep') continue;
    for (const { key } of routine.identity?.sources ?? []) {
      if (contextFor(key, context) !== undefined) continue;
      open.set(key, [...(open.get(key) ?? []), `${relativePath(cwd, site.file)}:${String(site.line)}`]);
    }
  }
  const answers: ContextEntry[] = [];
  for (const [key, places] of open) {
    const expression = (await ask?.({ key, places }))?.trim() ?? '';
    if (expression !== '') answers.push({ key, expression, import: null, type: null });
  }
  const all = [...context, ...answers];
  return answers.length === 0
    ? { ...run, context }
    : { ...judgeIdentity(judged, sites, catalog, all), context: all };
}
