/** Does what a function of several steps gives read at a site as the old result did? */
import type { ResolvedSite } from '../2-find/resolved-site.js';
import type { ResultUse } from '../2-find/result-use.js';
import type { ModuleDraft, NoDraft } from '../5-translate/draft.js';

/** Null: it does. */
export function refusalAtSite(draft: ModuleDraft, site: ResolvedSite, use: ResultUse): NoDraft | null {
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
  const bound = new Set(bindings.flatMap(({ argument }) => (argument?.holes ?? []).map(({ index }) => index)));
  const places = call.arguments.flatMap(({ holes }) => holes.filter(({ index }) => !bound.has(index)));
  return places.some(({ index }) => {
    const given = use.arguments.find(({ hole }) => hole === index);
    return given === undefined || given.members.length > 0 || !given.repeatable;
  });
}

function none(reason: NoDraft['reason'], detail: string): NoDraft {
  return { kind: 'none', reason, detail };
}
