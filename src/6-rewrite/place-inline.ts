/** Puts the one expression of a translation in place of a site's call. */
import { posix } from 'node:path';
import type { SiteRefusal } from '../2-find/call-site.js';
import type { ResolvedSite } from '../2-find/resolved-site.js';
import type { ResultUse } from '../2-find/result-use.js';
import type { InlineDraft } from '../5-translate/draft.js';
import { printCode } from '../5-translate/print/print-code.js';
import { namesFrom } from './module-need.js';
import type { PlaceContext } from './place-context.js';
import { placeArguments } from './place-arguments.js';
import { keysAt, placeValue, refusalOfUse } from './place-value.js';
import { clientHome, siteNames } from './site-names.js';
import { insertConstants, withFreshConstants } from './place-prelude.js';
import type { SitePlan } from './site-plan.js';
import { modulesFolder, supportNeed } from './support-file.js';
import { visibleNames } from './visible-names.js';
import { argumentPlaces, ownBindings } from './walk-code.js';

/**
 * The text edits and imports that rewrite one site, or why it can not be rewritten there. Sites of one file are
 * placed one after the other, so that their names agree.
 */
export async function placeInline(
  site: ResolvedSite,
  given: ResultUse,
  draft: InlineDraft,
  context: PlaceContext,
): Promise<SitePlan | SiteRefusal> {
  const view = await context.view(site.site.file);
  const refusal = refusalOfUse(given, view);
  if (refusal !== null) return refusal;

  const whole = replacesWholeCall(site, given, draft) ? callOnly(site, given) : null;
  const use = whole ?? given;
  const raw = use.shape === 'result' && draft.shape !== 'result';
  const chosen = raw ? (draft.rawResult ?? null) : draft.query;
  if (chosen === null) {
    return {
      reason: 'response-metadata',
      detail: "the driver's whole result object is used, which a query builder does not give",
    };
  }
  const visible = visibleNames(view.source, use.target.start);
  const { constants, query: code } = withFreshConstants(chosen, draft.prelude ?? [], visible, view);
  if (constants.length > 0 && use.hoistPoint === null) {
    return { reason: 'unsupported', detail: 'a builder before an expression that no statement holds' };
  }
  const bound = new Set([...ownBindings(code), ...constants.map(({ name }) => name)]);
  const places = [...constants.map(({ value }) => value), code].flatMap(argumentPlaces);
  const placed = placeArguments(site, use, places, bound, visible, view);
  if ('reason' in placed) return placed;

  const home = clientHome(use.client, view, context);
  const supportPath = posix.join(modulesFolder(home, view, context), 'support.ts');
  const names = siteNames(
    use.client,
    new Set([...visible, ...bound]),
    placed.text,
    view,
    context,
    (module, name) => {
      if (module !== 'support') throw new Error('An inline translation calls no generated module');
      return { path: supportPath, name };
    },
  );
  const before = await insertConstants(constants, names, use.hoistPoint ?? 0, view);
  const query = printCode(code, names);
  const helpers = namesFrom(supportPath, names.needs());
  if (helpers.length > 0 && view.javascript) {
    return { reason: 'unsupported', detail: 'a helper function in a JavaScript project' };
  }
  const support = await supportNeed(helpers, supportPath, home, view, context);
  if ('reason' in support) return support;
  context.styles.set(supportPath, view.style);
  return placeValue(
    site,
    use,
    {
      query,
      shape: draft.shape,
      rawResult: raw ? query : null,
      keys: keysAt(site, draft),
      nullRowWhenEmpty: draft.nullRowWhenEmpty,
      synchronous: draft.synchronous ?? false,
    },
    {
      hoists: [...placed.hoists, ...before],
      imports: names.needs(),
      modules: helpers.length === 0 ? [] : [{ path: supportPath, text: '', imports: [], support }],
    },
    view,
  );
}

/**
 * The new expression gives the same kind of object as the old call did, so it takes the call's place alone and
 * nothing that reads the result has to change.
 */
function replacesWholeCall(site: ResolvedSite, use: ResultUse, draft: InlineDraft): boolean {
  if (draft.shape !== 'result' || draft.nullRowWhenEmpty) return false;
  const array = site.site.sender.form === 'tag' || use.client.kind === 'postgres-js';
  return use.client.kind === 'drizzle' || array === (use.client.driver === 'postgres-js');
}

function callOnly({ site }: ResolvedSite, use: ResultUse): ResultUse {
  return { ...use, target: site.span, awaited: false, shape: 'result', edits: [], reads: [] };
}
