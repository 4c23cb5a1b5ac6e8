/**
 * Calls through `.rpc()` in the scripts of `.vue` and `.svelte` components. They are counted and kept: a component
 * runs in the browser, where no database client is.
 */
import type { CallSite } from './call-site.js';
import { clientSideRefusal, withServerFunction } from './client-side.js';
import { findCallSites } from './find-call-sites.js';
import type { RoutineNames } from './scan-names.js';

export function isComponent(path: string): boolean {
  return /\.(?:vue|svelte)$/.test(path);
}

/** As findCallSites, of the file's scripts alone. */
export function findComponentSites(
  source: { readonly path: string; readonly text: string },
  names: RoutineNames,
  root: string,
): readonly CallSite[] {
  const kind = source.path.endsWith('.vue') ? 'a Vue component' : 'a Svelte component';
  const refusal = clientSideRefusal(`the file is ${kind}`);
  const text = scriptsOnly(source.text);
  return findCallSites({ ...source, text }, names, root)
    .filter((site) => site.kind === 'rpc')
    .map((site) =>
      site.refusal === null && site.rpc !== undefined
        ? { ...site, refusal: withServerFunction(refusal, site.routineName, site.rpc) }
        : site,
    );
}

/** Everything else becomes blank, so that offsets and lines stay. */
function scriptsOnly(text: string): string {
  let scripts = '';
  let at = 0;
  for (const match of text.matchAll(/(<script\b[^>]*>)([\s\S]*?)<\/script\s*>/gi)) {
    const start = match.index + (match[1] ?? '').length;
    const end = start + (match[2] ?? '').length;
    scripts += blank(text.slice(at, start)) + text.slice(start, end);
    at = end;
  }
  return scripts + blank(text.slice(at));
}

function blank(text: string): string {
  return text.replace(/[^\r\n]/g, ' ');
}
