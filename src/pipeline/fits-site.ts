/** Does a function of several steps take what a site gives, and does what it gives read there as the old result did? */
import type { Catalog } from '../1-read/catalog.js';
import { writtenBindings } from '../2-find/collected-arguments.js';
import type { ResolvedSite } from '../2-find/resolved-site.js';
import type { ResultUse } from '../2-find/result-use.js';
import { sameType } from '../5-translate/arguments.js';
import type { ModuleDraft, NoDraft } from '../5-translate/draft.js';

/** Null: it does. */
export function refusalAtSite(
  draft: ModuleDraft,
  site: ResolvedSite,
  use: ResultUse,
  catalog: Catalog,
): NoDraft | null {
  const cast = changingCast(site, catalog);
  if (cast !== null) return none('unsupported', `an argument that is cast to ${cast} before the call`);
  if (use.shape === 'nothing' || draft.completeness !== 'complete') return null;
  if (draft.shape === 'nothing') {
    return none('response-metadata', 'the value of a routine that returns void is read');
  }
  if (draft.shape === 'value') {
    return site.output.shape === 'row' && site.output.columns.length !== 1
      ? none('unsupported', 'several columns of a single value')
      : null;
  }
  const [column, ...others] = draft.columns;
  const single = others.length === 0 && column?.key === site.output.columns[0]?.key;
  if (site.output.shape !== 'row' && single && site.routine.returnsSet) return null;
  if (site.output.shape !== 'row') return none('unsupported', 'a row of several steps as one column');
  if (site.output.columns.some(({ key, source }) => key !== source))
    return none('unsupported', 'renamed columns of a routine of several steps');
  const whole = site.output.columns.length === draft.columns.length;
  return use.fieldsRead === 'all' && !whole
    ? none('unsupported', 'some columns of a routine of several steps, as whole rows')
    : null;
}

/** A cast of the call that is not to the parameter's own type: it changes or refuses values that the function takes. */
function changingCast(site: ResolvedSite, catalog: Catalog): string | null {
  const casts = writtenBindings(site).flatMap(({ argument, parameter }) =>
    (argument?.hole ?? null) === null
      ? []
      : (argument?.casts ?? []).filter((cast) => !isOwnType(cast, parameter.type, catalog)),
  );
  return casts[0]?.trim() ?? null;
}

/** Without a length text and varchar hold the same. */
function isOwnType(cast: string, type: number, catalog: Catalog): boolean {
  const texts = [25, 1043];
  const same = (one: number): boolean => sameType(catalog, cast, one);
  return same(type) || (texts.includes(type) && texts.some(same));
}

/** What the call hands over otherwise than the rewritten code would. Null: nothing. */
export function refusalOfArguments(resolved: ResolvedSite, use: ResultUse): NoDraft | null {
  const { site, bindings } = resolved;
  if (givesOut(resolved, use))
    return none('unsupported', 'a value in the place of an OUT argument; write NULL there');
  const expanding = bindings.some(({ argument }) =>
    argument?.holes.some(
      ({ index, oneParameter }) =>
        oneParameter !== true &&
        use.arguments.find(({ hole }) => hole === index)?.members.includes('array') === true,
    ),
  );
  return site.sender.form === 'execute' && expanding
    ? none('unsupported', 'a JavaScript array inside sql`…`, which expands to a list; wrap it in sql.param()')
    : null;
}

/** PostgreSQL reads the value as the argument's type and drops it; that could fail, and its making could act. */
function givesOut({ call, bindings }: ResolvedSite, use: ResultUse): boolean {
  if (call.form !== 'call') return false;
  const bound = new Set(
    bindings.flatMap(({ argument }) => (argument?.holes ?? []).map(({ index }) => index)),
  );
  const places = call.arguments.flatMap(({ holes }) => holes.filter(({ index }) => !bound.has(index)));
  return places.some(({ index }) => {
    const given = use.arguments.find(({ hole }) => hole === index);
    return given === undefined || given.members.length > 0 || !given.repeatable;
  });
}

function none(reason: NoDraft['reason'], detail: string): NoDraft {
  return { kind: 'none', reason, detail };
}
