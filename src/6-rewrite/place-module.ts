/** Puts calls of a generated function in place of a routine's sites. */
import { posix } from 'node:path';
import type { SiteRefusal } from '../2-find/call-site.js';
import { collectedBy, elementBindings } from '../2-find/collected-arguments.js';
import type { Binding, ResolvedSite } from '../2-find/resolved-site.js';
import type { ResultUse } from '../2-find/result-use.js';
import type { Code, ObjectEntry } from '../5-translate/code.js';
import type { ModuleDraft, ModuleParameter } from '../5-translate/draft.js';
import { printCode } from '../5-translate/print/print-code.js';
import { moduleNeeds, namesFrom } from './module-need.js';
import { requestCode } from './place-request.js';
import { inTransaction, refusalOfSnapshot } from './own-transaction.js';
import { refusalOfCount } from './refusal-of-count.js';
import { placeArguments } from './place-arguments.js';
import type { PlaceContext } from './place-context.js';
import { keysAt, placeValue, refusalOfUse } from './place-value.js';
import { clientHome, siteNames } from './site-names.js';
import type { SitePlan } from './site-plan.js';
import { sqlLiteral } from './sql-literal.js';
import { supportNeed } from './support-file.js';
import { visibleNames } from './visible-names.js';
import { argumentPlaces } from './walk-code.js';

/**
 * One plan or refusal a site, in the order of the sites. All plans name the same module, and assembling makes it
 * once; a site whose client is not exported by a file can not share it and is refused.
 */
export async function placeModule(
  sites: readonly { readonly site: ResolvedSite; readonly use: ResultUse }[],
  draft: ModuleDraft,
  context: PlaceContext,
): Promise<readonly (SitePlan | SiteRefusal)[]> {
  const results: (SitePlan | SiteRefusal)[] = [];
  for (const { site, use } of sites) results.push(await placeCall(site, use, draft, context));
  return results;
}

async function placeCall(
  site: ResolvedSite,
  use: ResultUse,
  draft: ModuleDraft,
  context: PlaceContext,
): Promise<SitePlan | SiteRefusal> {
  const view = await context.view(site.site.file);
  const refusal = refusalOfUse(use, view) ?? refusalOfSnapshot(draft, use.client, view, context);
  if (refusal !== null) return refusal;
  const home = clientHome(use.client, view, context);
  if (home === null) {
    return { reason: 'no-client', detail: 'no file exports the client that a generated module could name' };
  }
  const modules = await moduleNeeds(draft, home, context);
  if ('reason' in modules) return modules;
  const [module] = modules;

  const values = argumentObject(site, draft.parameters);
  if ('reason' in values) return values;
  const visible = visibleNames(view.source, use.target.start);
  const ownTransaction = draft.executor === 'tx' && !use.client.inTransaction;
  const uncounted = use.request && refusalOfCount(draft, use.request, ownTransaction);
  if (uncounted) return uncounted;
  const bound = new Set(ownTransaction ? ['tx'] : []);
  const seen = new Set([...visible, ...bound]);
  const called = callCode(draft, values, ownTransaction, module.exports ?? draft.name);
  const answer = use.request === undefined ? null : { ...use, shape: 'nothing' as const };
  const code = use.request === undefined ? called : requestCode(called, site, use.request, draft, use);
  const placed = placeArguments(site, use, argumentPlaces(code), bound, visible, view);
  if ('reason' in placed) return placed;

  const support = posix.join(posix.dirname(module.path), 'support.ts');
  const names = siteNames(use.client, seen, placed.text, view, context, (_module, name) => ({
    path: support,
    name,
  }));
  const index = posix.join(posix.dirname(module.path), `index${posix.extname(module.path)}`);
  const routines = names.file(index, '*', ['routines', 'databaseRoutines']);
  const query = printCode(withRoutines(code, routines), names);
  const shared = await supportNeed(namesFrom(support, names.needs()), support, home, view, context);
  if ('reason' in shared) return shared;
  const helpers =
    shared.pieces.length === 0 ? [] : [{ path: support, text: '', imports: [], support: shared }];
  return placeValue(
    site,
    answer ?? use,
    {
      query,
      shape: answer === null ? draft.shape : 'nothing',
      rawResult: null,
      keys: keysAt(site, draft),
      nullRowWhenEmpty: false,
    },
    { hoists: placed.hoists, imports: names.needs(), modules: [...modules, ...helpers] },
    view,
  );
}

/** Arguments by name; those that the site leaves to their defaults are left out here too. */
export function argumentObject(
  site: ResolvedSite,
  parameters: readonly ModuleParameter[],
): { readonly entries: readonly ObjectEntry[] } | SiteRefusal {
  const entries: ObjectEntry[] = [];
  for (const parameter of parameters) {
    const binding = site.bindings.find((one) => one.position === parameter.position);
    if (!binding?.argument) {
      if (parameter.default !== null) continue;
      const constant = sqlLiteral(binding?.parameter.default ?? '');
      if (constant === null) return refuse(`the default of ${parameter.name} is not translated`);
      entries.push({ kind: 'property', key: parameter.name, value: constant });
      continue;
    }
    const value = argumentCode(binding, site);
    if (value === null) return refuse(`the argument ${binding.argument.sql} is an SQL expression`);
    entries.push({ kind: 'property', key: parameter.name, value });
  }
  return { entries };
}

function refuse(detail: string): SiteRefusal {
  return { reason: 'unsupported', detail };
}

function argumentCode(binding: Binding, site: ResolvedSite): Code | null {
  const { argument, position } = binding;
  if (argument === null) return null;
  if (collectedBy(binding) === null)
    return argument.hole === null ? sqlLiteral(argument.sql) : { kind: 'argument', position };
  const items = elementBindings(site).map((element) => argumentCode(element, site));
  const known = items.flatMap((item) => item ?? []);
  return known.length === items.length ? { kind: 'array', items: known } : null;
}

/** Stands for the namespace of the generated modules until its local name is known. */
const namespace = '@routines';

function callCode(
  draft: ModuleDraft,
  { entries }: { readonly entries: readonly ObjectEntry[] },
  ownTransaction: boolean,
  name: string,
): Code {
  const executor: Code = ownTransaction ? { kind: 'local', name: 'tx' } : { kind: 'executor' };
  const call: Code = {
    kind: 'call',
    callee: { kind: 'member', object: { kind: 'local', name: namespace }, property: name },
    arguments: draft.parameters.length === 0 ? [executor] : [executor, { kind: 'object', entries }],
  };
  if (!ownTransaction) return call;
  return inTransaction(draft, { kind: 'arrow', async: false, parameters: ['tx'], body: call });
}

function withRoutines(code: Code, local: string): Code {
  const replace = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replace);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, one]) => [
      key,
      one === namespace ? local : replace(one),
    ]);
    return Object.fromEntries(entries) as unknown;
  };
  return replace(code) as Code;
}
