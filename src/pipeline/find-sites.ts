/** Reads the source files once and finds the call sites in those that mention a routine. */
import type { Catalog } from '../1-read/catalog.js';
import type { CallSite } from '../2-find/call-site.js';
import { findCallSites, wrappersIn } from '../2-find/find-call-sites.js';
import type { RpcWrapper } from '../2-find/find-wrappers.js';
import { findComponentSites, isComponent } from '../2-find/find-component-sites.js';
import { mentions, routineNames } from '../2-find/scan-names.js';
import { listSourceFiles, type SourceFileList } from '../io/list-source-files.js';
import { readFiles } from '../io/workspace.js';
import type { Options } from '../options.js';
import { isChosen, refuseUnknownNames } from './choose-routines.js';

export interface FoundSites {
  readonly sites: readonly CallSite[];
  /** Every file below the paths, absolute. */
  readonly files: readonly string[];
  /** Texts as on disk of the files that have a site. */
  readonly texts: ReadonlyMap<string, string>;
  /** Sentences on what was not looked at. */
  readonly notes: readonly string[];
}

export async function findSites(options: Options, catalog: Catalog): Promise<FoundSites> {
  refuseUnknownNames(options, catalog);
  const listed = await listSourceFiles(options.paths, options.cwd, { components: true });
  const names = routineNames(catalog);
  const texts = new Map<string, string>();
  const sites: CallSite[] = [];
  const wrappers: RpcWrapper[] = [];
  const known = new Set<string>();
  let left = 0;
  for (const [path, raw] of readFiles(listed.files)) {
    const text = raw.replace(/^\uFEFF/, '');
    const component = isComponent(path);
    if (!mentions(text, names) || (component && !/\brpc\b/.test(text))) continue;
    const found = component
      ? findComponentSites({ path, text }, names, options.cwd)
      : findCallSites({ path, text }, names, options.cwd);
    const chosen = found.filter((site) => isChosen(site.routineName, options));
    left += found.length - chosen.length;
    if (found.length > 0 && !component) texts.set(path, raw);
    sites.push(...chosen);
    for (const { id } of found) known.add(id);
    if (!component && /\.rpc\s*[(<]/.test(text)) wrappers.push(...wrappersIn({ path, text }));
  }
  for (const [path, raw] of wrappers.length === 0 ? [] : readFiles(listed.files)) {
    const text = raw.replace(/^\uFEFF/, '');
    if (isComponent(path) || !wrappers.some(({ name }) => text.includes(name))) continue;
    const found = findCallSites({ path, text }, names, options.cwd, wrappers);
    const through = found.filter(({ id }) => !known.has(id));
    const chosen = through.filter((site) => isChosen(site.routineName, options));
    left += through.length - chosen.length;
    if (through.length > 0) texts.set(path, raw);
    sites.push(...chosen);
  }
  if (wrappers.length > 0) sites.sort(inSourceOrder);
  const notes =
    left === 0 ? [] : [`Not counted, for --only or --skip leaves them out: ${many(left, 'call')}.`];
  const files = listed.files.filter((path) => !isComponent(path));
  return { sites, files, texts, notes: [...skippedNotes(listed.skipped), ...notes] };
}

function inSourceOrder(one: CallSite, other: CallSite): number {
  if (one.file !== other.file) return one.file < other.file ? -1 : 1;
  return one.span.start - other.span.start;
}

function skippedNotes({ tests, declarations, ignored }: SourceFileList['skipped']): readonly string[] {
  const counts = [
    [tests, 'test file'],
    [declarations, 'declaration file'],
    [ignored, 'git-ignored file'],
  ] as const;
  const parts = counts.filter(([count]) => count > 0).map(([count, what]) => many(count, what));
  return parts.length === 0 ? [] : [`Not looked at, for nobody named them: ${parts.join(', ')}.`];
}

function many(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
